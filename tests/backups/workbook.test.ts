import exceljs from 'exceljs';
import { expect, it } from 'vitest';
import type { Column } from '../../electron/core/export/columns.ts';
import { writeWorkbook } from '../../electron/core/export/write-workbook.ts';
import { ZipWriter } from '../../electron/core/export/zip-writer.ts';

const columns: Column[] = [
	{ label: 'Name', width: 20, cell: ({ name }) => ({ kind: 'text', value: String(name) }) },
	{ label: 'Fee', width: 10, cell: ({ fee }) => ({ kind: 'amount', value: Number(fee) }) },
];

/** Batches of three rows each. */
async function* batches(count: number) {
	for (let from = 0; from < count; from += 3)
		yield Array.from({ length: Math.min(3, count - from) }, (_, no) => ({ name: `Row ${from + no}`, fee: from + no }));
}

async function sheetsOf(count: number, mostRows: number): Promise<unknown[][]> {
	const pieces: Uint8Array[] = [];
	const zip = new ZipWriter(
		async (bytes) => void pieces.push(Uint8Array.from(bytes)),
		new Date('2026-11-24T10:00:00Z'),
	);
	await writeWorkbook(
		zip,
		[{ name: 'Cases: all/of them [and a name that is too long]', columns, rows: () => batches(count) }],
		mostRows,
	);
	const book = new exceljs.Workbook();
	await book.xlsx.load(Buffer.concat(pieces) as never);
	const names = book.worksheets.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	return book.worksheets.map((sheet) => (sheet.getColumn(2).values as unknown[]).slice(2));
}

it.each([
	[0, [[]]],
	[3, [[0, 1, 2]]],
	[5, [[0, 1, 2, 3], [4]]],
	[
		8,
		[
			[0, 1, 2, 3],
			[4, 5, 6, 7],
		],
	],
	[9, [[0, 1, 2, 3], [4, 5, 6, 7], [8]]],
])('%i rows on sheets of four are all there, in order', async (count, sheets) => {
	expect(await sheetsOf(count, 4)).toEqual(sheets);
});
