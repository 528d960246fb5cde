import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { createPace } from '../../electron/core/imports/pace.ts';
import { openCsv } from '../../electron/core/imports/read-rows.ts';
import { freePace, tempFolder } from './support.ts';

const folder = tempFolder();
afterAll(folder.remove);

async function readBack(path: string, size: number, choice: { encoding: string; delimiter: string }) {
	const rows: string[][] = [];
	for await (const batch of openCsv(path, size, freePace).rows({ ...choice, sheet: null })) rows.push(...batch.rows);
	return rows;
}

describe('reading rows from a file', () => {
	it('gives the same cells back in any delimiter, line end and encoding', async () => {
		const cell = fc.string({
			unit: fc.constantFrom('a', 'é', 'ü', 'ß', '"', ',', ';', '\t', '\n', '\r', ' ', '=', '-'),
		});
		const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
		const encoding = fc.constantFrom('utf-8', 'utf-16le', 'windows-1252', 'macintosh', 'iso-8859-15', 'windows-1250');
		await fc.assert(
			fc.asyncProperty(
				table,
				fc.constantFrom(',', ';', '\t', '|'),
				fc.tuple(encoding, fc.constantFrom('\n', '\r\n', '\r')),
				async (rows, delimiter, [name, eol]) => {
					const text = rows
						.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter))
						.join(eol);
					const bytes = iconv.encode(text, name);
					expect(await readBack(folder.path('any.csv', bytes), bytes.length, { encoding: name, delimiter })).toEqual(
						rows,
					);
				},
			),
			{ numRuns: 150 },
		);
	});

	it('keeps memory flat and the thread free on a large file, and stops when it is told to', async () => {
		const line = `${Array.from({ length: 30 }, (_, index) => `cell ${index}`).join(',')}\n`;
		const bytes = Buffer.from(line.repeat(120_000));
		const path = folder.path('large.csv', bytes);
		const stop = new AbortController();
		let breaths = 0;
		const breathe = () => {
			breaths++;
			return new Promise<void>((done) => setImmediate(done));
		};
		let rows = 0;
		let largest = 0;
		for await (const batch of openCsv(path, bytes.length, createPace({ signal: stop.signal, breathe })).rows({
			encoding: 'utf-8',
			delimiter: ',',
			sheet: null,
		})) {
			rows += batch.rows.length;
			largest = Math.max(largest, batch.rows.length);
		}
		expect(rows).toBe(120_000);
		expect(largest).toBeLessThan(2000);
		expect(breaths).toBeGreaterThan(2);
		stop.abort();
		const broken = openCsv(path, bytes.length, createPace({ signal: stop.signal, breathe })).rows({
			encoding: 'utf-8',
			delimiter: ',',
			sheet: null,
		});
		await broken.next();
		await expect(broken.next()).rejects.toMatchObject({ code: 'cancelled' });
	});
});
