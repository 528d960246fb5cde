import { afterAll, describe, expect, it } from 'vitest';
import { openXlsx } from '../../electron/core/imports/read-rows.ts';
import { makeZip, workbookParts } from './make-workbook.ts';
import { freePace, preview, tempFolder } from './support.ts';

const folder = tempFolder();
afterAll(folder.remove);

async function rowsOf(sheetData: string, more: Record<string, string> = {}) {
	const table = await openXlsx(folder.path('book.xlsx', makeZip(workbookParts(sheetData, more))), freePace);
	const rows: string[][] = [];
	const numbers: number[] = [];
	for await (const batch of table.rows({ encoding: 'utf-8', delimiter: null, sheet: null })) {
		rows.push(...batch.rows);
		numbers.push(...batch.numbers);
	}
	return { rows, numbers, sheets: table.sheets };
}

describe('workbooks', () => {
	it('reads shared, rich and inline texts, entities and escapes; pronunciation is left out', async () => {
		const { rows, sheets } = await rowsOf(
			'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>a &lt; b &#x41;_x000D_</t></is></c></row>',
		);
		expect(rows).toEqual([['Case', 'Filing date', '', 'a < b A\r']]);
		expect(sheets).toEqual(['Cases & more']);
	});

	it('turns day numbers into dates by their format only, with the year 1900 as Excel has it', async () => {
		const { rows } = await rowsOf(
			'<row><c s="1"><v>43831</v></c><c s="2"><v>43831</v></c><c s="3"><v>43831</v></c><c s="4"><v>43831.5</v></c><c s="1"><v>1</v></c><c s="1"><v>61</v></c><c><v>43831</v></c></row>',
		);
		expect(rows[0]).toEqual([
			'2020-01-01',
			'2020-01-01',
			'43831',
			'2020-01-01 12:00',
			'1900-01-01',
			'1900-03-01',
			'43831',
		]);
	});

	it('counts days from 1904 where the workbook does', async () => {
		const book =
			'<workbook xmlns:r="x"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="r1"/></sheets></workbook>';
		expect((await rowsOf('<row><c s="1"><v>42369</v></c></row>', { 'xl/workbook.xml': book })).rows).toEqual([
			['2020-01-01'],
		]);
	});

	it('shows numbers as a person would read them', async () => {
		const { rows } = await rowsOf(
			'<row><c><v>1.23456789012E+12</v></c><c><v>0.30000000000000004</v></c><c><v>470.5</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>',
		);
		expect(rows[0]).toEqual(['1234567890120', '0.3', '470.5', 'TRUE', '#N/A']);
	});

	it('takes the stored value of a formula and never the formula', async () => {
		const { rows } = await rowsOf(
			'<row><c t="str"><f>HYPERLINK("http://x")</f><v>seen</v></c><c><f>1/0</f></c><c t="inlineStr"><is><t>last</t></is></c></row>',
		);
		expect(rows[0]).toEqual(['seen', '', 'last']);
	});

	it('keeps row numbers across gaps, and reads prefixed names', async () => {
		const prefixed =
			'<x:row r="3"><x:c r="B3"><x:v>7</x:v></x:c></x:row><x:row r="9"><x:c r="A9"><x:v>8</x:v></x:c></x:row>';
		const sheet = `<x:worksheet xmlns:x="y"><x:sheetData>${prefixed}</x:sheetData></x:worksheet>`;
		expect(await rowsOf('', { 'xl/worksheets/sheet1.xml': sheet })).toMatchObject({
			rows: [['', '7'], ['8']],
			numbers: [3, 9],
		});
	});

	it('previews one like a CSV', async () => {
		const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
		const rows = `<row>${cell('Portfolio')}</row><row/><row>${cell('Case')}${cell('Filing date')}</row><row>${cell('X-1')}<c s="1"><v>43831</v></c></row>`;
		const result = await preview(folder.path('portfolio.xlsx', makeZip(workbookParts(rows))));
		expect(result).toMatchObject({ kind: 'xlsx', rows: 1, ready: 1, rejected: 0 });
		expect(result.settings).toMatchObject({ headerRow: 3, sheet: 'Cases & more' });
		expect(result.columns[1]).toMatchObject({
			target: 'patent_asset.filing_date',
			dateStylesSeen: { 'YYYY-MM-DD': 1 },
		});
	});
});
