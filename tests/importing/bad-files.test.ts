import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { inline, makeZip, workbookParts } from './make-workbook.ts';
import { preview, tempFolder } from './support.ts';

const folder = tempFolder();
afterAll(folder.remove);

const refusal = async (path: string) => {
	try {
		await preview(path);
	} catch (error) {
		const { code, message } = error as { code: string; message: string };
		return { code, message };
	}
	return { code: 'none', message: '' };
};

const header = inline('Case', 'Title');
const compound = (name: string) =>
	Buffer.concat([
		Buffer.from('d0cf11e0a1b11ae1', 'hex'),
		Buffer.alloc(2000),
		Buffer.from(name, 'utf16le'),
		Buffer.alloc(500),
	]);

describe('files that cannot be imported', () => {
	it.each([
		['nothing.csv', '', 'file_empty', /0 bytes/],
		['blanks.csv', ' \r\n\r\n \n', 'file_empty', /blanks/],
		['marks.csv', '\ufeff\n', 'file_empty', /blanks/],
		['header.csv', 'Case;Title;Country\n', 'file_no_rows', /row 1/],
		['header-and-blanks.csv', 'Case;Title;Country\n;;\n\n', 'file_no_rows', /row 1/],
		['page.xls', '<html><table><tr><td>1</td></tr></table>', 'file_wrong_kind', /web page/],
		['page.xlsx', '\ufeff  <!DOCTYPE html>\n<html>', 'file_wrong_kind', /web page/],
		['sheet.csv', '<?xml version="1.0"?><Workbook/>', 'file_wrong_kind', /XML/],
		['data.csv', '{"cases": []}', 'file_wrong_kind', /JSON/],
		['letter.csv', '%PDF-1.7 ...', 'file_wrong_kind', /PDF/],
		[
			'binary.csv',
			Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7) % 256)),
			'file_wrong_kind',
			/not a text/,
		],
		['old.xls', compound('Workbook'), 'file_wrong_kind', /old Excel format/],
		['locked.xlsx', compound('EncryptedPackage'), 'file_password', /password/],
		['locked-zip.xlsx', makeZip(workbookParts(header), { flags: 1 }), 'file_password', /password/],
		['archive.xlsx', makeZip({ 'readme.txt': 'hello' }), 'file_wrong_kind', /without a workbook/],
		['letter.xlsx', makeZip({ 'word/document.xml': '<w/>' }), 'file_wrong_kind', /Word/],
		['short.xlsx', makeZip(workbookParts(header)).subarray(0, 900), 'file_not_readable', /damaged/],
		['twice.xlsx', makeZip(workbookParts(header), { repeat: 2 }), 'file_not_readable', /twice/],
		[
			'entities.xlsx',
			makeZip(workbookParts('', { 'xl/worksheets/sheet1.xml': '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>' })),
			'file_not_readable',
			/document type/,
		],
		['empty.xlsx', makeZip(workbookParts('')), 'file_empty', /blanks/],
		['header.xlsx', makeZip(workbookParts(header)), 'file_no_rows', /row 1/],
		['wide.csv', `${'a,'.repeat(20_001)}\n1,2\n`, 'file_too_wide', /20000/],
	])('%s', async (...line) => {
		const [name, content, code, message] = line;
		const answer = await refusal(folder.path(name, content));
		expect(answer.code).toBe(code);
		expect(answer.message).toMatch(message);
	});

	it('a file that is gone, and a folder', async () => {
		expect((await refusal('/nowhere/at-all.csv')).code).toBe('file_gone');
		expect((await refusal(folder.path('x', '').replace(/\/x$/, ''))).code).toMatch(/file_wrong_kind|io_error/);
	});

	it('a zip that unpacks to far more than it is', async () => {
		const bomb = makeZip(workbookParts(`${header}${'<row><c><v>1</v></c></row>'.repeat(2_500_000)}`));
		expect(bomb.length).toBeLessThan(300_000);
		expect((await refusal(folder.path('bomb.xlsx', bomb))).code).toBe('file_too_large');
	});

	it('a zip with more parts than any workbook', async () => {
		const parts = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`part${index}`, 'x']));
		expect((await refusal(folder.path('many.xlsx', makeZip(parts)))).message).toMatch(/1100 parts/);
	});

	it('files beyond the limits are refused at once, with the limit', async () => {
		for (const [name, start, size, limit] of [
			['huge.csv', `Case,Title\n${'X-1,y\n'.repeat(20_000)}`, 401 * 1024 * 1024, /400 MB/],
			['huge.xlsx', 'PK\u0003\u0004', 51 * 1024 * 1024, /50 MB/],
		] as const) {
			const file = folder.path(name, start);
			const handle = openSync(file, 'r+');
			ftruncateSync(handle, size);
			writeSync(handle, start, 0);
			closeSync(handle);
			const refused = await refusal(file);
			expect(refused.code).toBe('file_too_large');
			expect(refused.message).toMatch(limit);
		}
	});
});

describe('files that look bad and can be imported', () => {
	it('2,428 columns: 500 are read, the rest named in a warning, the row is imported', async () => {
		const file = folder.path('spilled.csv', `Case,Title\nX-1,a\nX-2,b${',spill'.repeat(2426)}\nX-3,c\n`);
		const result = await preview(file);
		expect(result).toMatchObject({ rows: 3, ready: 3, rejected: 0 });
		expect(result.columns).toHaveLength(500);
		expect(result.warnings.join(' ')).toMatch(/1,928 columns with data from column 501 to 2,428/);
	});

	it('trailing empty columns are dropped; ragged rows are named', async () => {
		const result = await preview(folder.path('ragged.csv', 'Case,Title,,,\nX-1,a,,,\nX-2\nX-3,c,extra,,\n'));
		expect(result.columns.map(({ header: name }) => name)).toEqual(['Case', 'Title', 'Column 3']);
		expect(result).toMatchObject({ rows: 3, ready: 3 });
	});

	it('duplicate headers are kept and numbered', async () => {
		const result = await preview(folder.path('twice.csv', 'Case,Title,Title\nX-1,a,b\n'));
		expect(result.columns.map(({ header: name, target }) => [name, target])).toEqual([
			['Case', 'patent_asset.client_ref'],
			['Title', 'patent_asset.title'],
			['Title (2)', null],
		]);
	});

	it('dates that are neither style are rejected with row, field, value and reason; no row is lost', async () => {
		const file = folder.path(
			'dates.csv',
			'Case,Filing date\nX-1,25/12/2015\nX-2,31/31/2015\n,\nX-4,soon\nX-5,\n,01/02/2015\n',
		);
		const result = await preview(file);
		expect(result).toMatchObject({ rows: 6, ready: 2, rejected: 3 });
		expect(result.rejects).toEqual([
			{ row: 3, field: 'Filing date', value: '31/31/2015', reason: expect.stringContaining('no month 31') },
			{ row: 5, field: 'Filing date', value: 'soon', reason: expect.stringContaining('not a date') },
			{
				row: 7,
				field: 'Number or reference',
				value: '',
				reason: expect.stringContaining('no application, publication or patent number'),
			},
		]);
		expect(result.warnings.join(' ')).toContain('1 row blank');
	});

	it('hostile headers and formulas are plain text', async () => {
		const file = folder.path(
			'hostile.csv',
			'Case,__proto__,constructor,Title\n=1+1,polluted,x,"=HYPERLINK(""http://x"")"\n',
		);
		const result = await preview(file);
		expect(result.sample[0]).toEqual(['=1+1', 'polluted', 'x', '=HYPERLINK("http://x")']);
		expect(({} as { polluted?: string }).polluted).toBeUndefined();
		expect(result.ready).toBe(1);
	});

	it('a quotation mark that is never closed costs no row', async () => {
		const result = await preview(folder.path('quote.csv', 'Case,Title\nX-1,"5 inch\nX-2,b\nX-3,c\n'));
		expect(result).toMatchObject({ rows: 3, ready: 3 });
		expect(result.warnings.join(' ')).toMatch(/never closed.*row 2/);
	});
});
