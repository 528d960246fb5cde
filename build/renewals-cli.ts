import { readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { createCsvParser } from '../shared/domain/importing/csv-parser.ts';
import { checkRow } from '../shared/domain/renewals/check-dates.ts';

const NEEDED = ['office', 'fee'];

/**
 * `npm run renewals -- check FILE`: reckons the dates of every row of a CSV again, prints each that differs as one JSON
 * line and at the end `{"checked", "differences"}`: rows, and dates that differ. Ends with 1 when something differs and
 * with 2 when the file cannot be read.
 */
function main([verb, name]: string[]): number {
	if (verb !== 'check' || !name) return fail('Say which file: npm run renewals -- check FILE');
	let text: string;
	try {
		// npm runs scripts in the package's folder; the file was named from where the person stood.
		text = readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), name), 'utf8');
	} catch (error) {
		return fail(error instanceof Error ? error.message : String(error));
	}
	const parser = createCsvParser(',');
	const [header = [], ...rows] = [...parser.push(text.replace(/^\uFEFF/, '')), ...parser.end()];
	const columns = header.map((column) => column.trim().toLowerCase());
	const missing = NEEDED.filter((column) => !columns.includes(column));
	if (missing.length > 0) return fail(`The first row has no column ${missing.map((one) => `"${one}"`).join(' and ')}.`);
	const records = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
	let differences = 0;
	for (const [index, row] of records.entries()) {
		const record = Object.fromEntries(columns.map((column, at) => [column, row[at] ?? '']));
		for (const difference of checkRow(record)) {
			differences++;
			print({ row: index + 2, ...difference });
		}
	}
	print({ checked: records.length, differences });
	return differences === 0 ? 0 : 1;
}

function fail(message: string): number {
	writeSync(2, `${message}\n`);
	return 2;
}

function print(line: unknown): void {
	writeSync(1, `${JSON.stringify(line)}\n`);
}

process.exitCode = main(process.argv.slice(2));
