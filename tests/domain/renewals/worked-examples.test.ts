import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCsvParser } from '../../../shared/domain/importing/csv-parser.ts';
import { checkRow } from '../../../shared/domain/renewals/check-dates.ts';

const file = join(import.meta.dirname, '../../../../shared/data/renewal_worked_examples.csv');

/** Examples that are published or worked out by hand; the folder is not part of the project. */
describe.skipIf(!existsSync(file))('worked examples (read from ../shared/data, skipped where it is absent)', () => {
	const parser = createCsvParser(',');
	const [header = [], ...rows] = existsSync(file)
		? [...parser.push(readFileSync(file, 'utf8')), ...parser.end()].filter((row) => row.length > 1)
		: [];
	const records = rows.map((row) => Object.fromEntries(header.map((column, at) => [column, row[at] ?? ''])));

	it('are all there', () => {
		expect(records).toHaveLength(46);
		expect(new Set(records.map(({ office }) => office)).size).toBe(28);
	});

	it.each(records.map((record) => [record.id, record] as const))('%s', (_, record) => {
		expect(checkRow(record)).toEqual([]);
	});

	it('a wrong day is found in every one of them', () => {
		for (const record of records) {
			const [year, ...rest] = (record.due as string).split('-');
			const wrong = [String(Number(year) + 1), ...rest].join('-').replace('-02-29', '-02-28');
			expect(checkRow({ ...record, due: wrong }).map(({ column }) => column)).toEqual(['due']);
		}
	});
});
