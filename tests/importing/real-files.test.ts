import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder, mappingOf, preview } from './support.ts';

if (dataFolder === undefined) console.warn('The real exports are not here (FIELDBOOK_DATA): their tests are skipped.');
const file = (name: string) => join(dataFolder ?? '', name);

const lens = {
	Jurisdiction: 'patent_asset.country',
	'Publication Number': 'patent_asset.pub_no',
	'Publication Date': 'patent_asset.pub_date',
	'Application Number': 'patent_asset.app_no',
	'Application Date': 'patent_asset.filing_date',
	Title: 'patent_asset.title',
	Applicants: 'patent_asset.owner_name',
};
const espacenet = {
	Title: 'patent_asset.title',
	'Publication number': 'patent_asset.pub_no',
	'Publication date': 'patent_asset.pub_date',
	'Applicant(s)': 'patent_asset.owner_name',
	'Application number': 'patent_asset.app_no',
	'Date of application': 'patent_asset.filing_date',
};

describe.skipIf(dataFolder === undefined)('real exports', () => {
	it.each([
		['nasa/NASA_Patents.csv', { encoding: 'utf-8', delimiter: ';', sheet: null }],
		['nasa/NASA_Patents.xlsx', { delimiter: null, sheet: 'Sheet 1 - NASA_Patents' }],
	])('%s: mixed date styles, one status nobody knows', async (name, settings) => {
		const result = await preview(file(name));
		expect(result).toMatchObject({ rows: 1393, ready: 1393, rejected: 0, rejects: [], blocked: null });
		expect(result.settings).toMatchObject({ ...settings, headerRow: 1 });
		expect(mappingOf(result)).toEqual({
			Center: 'patent_asset.owner_name',
			Status: 'patent_asset.status',
			'Case Number': 'patent_asset.client_ref',
			'Application SN': 'patent_asset.app_no',
			Title: 'patent_asset.title',
			'Patent Expiration Date': 'patent_asset.expiry_date',
		});
		expect(result.columns[5]).toMatchObject({
			dateStyle: 'mdy',
			dateStylesSeen: { 'MM/DD/YYYY': 639, 'DD Month YYYY': 404, blank: 350 },
		});
		expect(result.warnings.join('\n')).toMatch(/all 404 spelled-out dates.*all 639.*swapped/);
		expect(result.warnings.join('\n')).toMatch(/6 rows with the same number/);
		expect(result.warnings.join('\n')).toMatch(/Status "GM" is not known \(1 row\)/);
	});

	it('drones_tac_1606_families.csv: CR lines, MacRoman, two-digit years', async () => {
		const result = await preview(file('poldham-osa/drones_tac_1606_families.csv'));
		expect(result).toMatchObject({ rows: 1606, ready: 1606, rejected: 0 });
		expect(result.settings).toMatchObject({ encoding: 'macintosh', delimiter: ',', headerRow: 1 });
		expect(mappingOf(result)).toEqual(lens);
		expect(result.columns).toHaveLength(26);
		expect(result.columns[5]).toMatchObject({
			dateStyle: 'dmy',
			dateStylesSeen: { 'DD/MM/YY': 1604, 'YYYY-MM-DD': 2 },
		});
		expect(result.columns[8]).toMatchObject({
			dateStyle: 'dmy',
			dateStylesSeen: { 'DD/MM/YY': 1603, 'YYYY-MM-DD': 2, blank: 1 },
		});
		expect(result.warnings.join('\n')).toMatch(/damaged before this file was made/);
	});

	it('pizza_lens_1000_raw.csv: CR lines, MacRoman', async () => {
		const result = await preview(file('poldham-osa/pizza_lens_1000_raw.csv'));
		expect(result).toMatchObject({ rows: 1000, ready: 1000, rejected: 0 });
		expect(result.settings).toMatchObject({ encoding: 'macintosh', delimiter: ',', headerRow: 1 });
		expect(mappingOf(result)).toEqual(lens);
		expect(result.columns[4]?.dateStylesSeen).toEqual({ 'DD/MM/YY': 1000 });
		expect(result.columns[7]?.dateStylesSeen).toEqual({ 'DD/MM/YY': 991, blank: 9 });
	});

	it.each([
		['pizza_small.csv', 1],
		['pizza_small_fromexcel.csv', 5],
	])('%s: Espacenet, header in row %i, an empty last column dropped', async (name, headerRow) => {
		const result = await preview(file(`poldham-osa/${name}`));
		expect(result).toMatchObject({ rows: 25, ready: 25, rejected: 0 });
		expect(result.settings).toMatchObject({ encoding: 'utf-8', delimiter: ',', headerRow });
		expect(result.columns).toHaveLength(24);
		expect(mappingOf(result)).toEqual(espacenet);
		expect(result.columns[2]).toMatchObject({ dateStyle: 'ymd', dateStylesSeen: { 'YYYY-MM-DD': 25 } });
		expect(result.columns[8]).toMatchObject({ dateStyle: 'ymd', dateStylesSeen: { YYYYMMDD: 25 } });
		expect(result.warnings.join('\n')).toMatch(/25 rows without a country; it was taken from the form of the number/);
	});

	it.each([
		['qsv/Inpatients_MHA_Machine_readable_dataset_1011.csv', { encoding: 'utf-16le', headerRow: 1 }, 19, 327],
		['qsv/FCOServices_TransparencySpend_May2011.csv', { encoding: 'utf-8', headerRow: 1 }, 8, 4],
		['qsv/boston311-100-bad.tsv', { delimiter: '\t', headerRow: 1 }, 30, 100],
		['qsv/inputcommenttest.csv', { headerRow: 6 }, 3, 8],
		['qsv/any_sheets.xlsx', { sheet: 'Visible' }, 2, 4],
		['frictionless/issue-1009-semicolon.csv', { delimiter: ';' }, 2, 1],
		['frictionless/skip-rows-before-headers.csv', { headerRow: 2 }, 2, 2],
		['frictionless/blank-rows-multiple.csv', { headerRow: 1 }, 3, 13],
		['frictionless/defective-rows.csv', { headerRow: 1 }, 4, 2],
		['frictionless/sheet2.xlsx', { sheet: 'Sheet2' }, 2, 2],
		['readxl/deaths.xlsx', { sheet: 'arts', headerRow: 5 }, 6, 14],
		['readxl/los-angeles-arrests-xlsx.xlsx', { sheet: 'Sheet1', headerRow: 3 }, 36, 193],
		['readxl/no-styles-or-sharedStrings-parts.xlsx', { headerRow: 1 }, 3, 11],
		['readxl/missing-v-node-xlsx.xlsx', { headerRow: 1 }, 3, 1],
		['readxl/inlineStr.xlsx', { headerRow: 1 }, 8, 1],
		[
			'poldham-osa/raw_patent_5_-_Patent_grants_by_technology_Resident_and_non-resident_count_by_filing_office_1980_2013.csv',
			{ headerRow: 8 },
			38,
			5920,
		],
	])('%s is laid out right, and blocked because no column names a case', async (...line) => {
		const [name, settings, columns, rows] = line;
		const result = await preview(file(name));
		expect(result.settings).toMatchObject(settings);
		expect(result.columns).toHaveLength(columns);
		expect(result).toMatchObject({ rows, ready: 0, blocked: expect.stringContaining('No column says which case') });
	});

	it.each([
		['qsv/password-protected-password123.xlsx', 'file_password'],
		['qsv/excel-xls.xls', 'file_wrong_kind'],
		['qsv/excel-ods.ods', 'file_wrong_kind'],
		['poldham-osa/pizza_small.xls', 'file_wrong_kind'],
		['frictionless/merged-cells.xlsx', 'file_no_rows'],
		['readxl/empty-sheets.xlsx', 'file_no_rows'],
	])('%s is refused: %s', async (name, code) => {
		await expect(preview(file(name))).rejects.toMatchObject({ code });
	});

	it('keeps leading zeros and long numbers, and reads ISO-8859-1 as Windows text', async () => {
		expect((await preview(file('frictionless/leading-zeros.csv'))).sample).toEqual([['01'], ['002'], ['00003']]);
		expect((await preview(file('encodings/vroom_enc-iso-8859-1.txt'))).settings.encoding).toBe('windows-1252');
	});
});
