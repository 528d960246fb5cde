import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAmount, readCurrency } from '../../shared/domain/importing/amounts.ts';
import { readCountry } from '../../shared/domain/importing/countries.ts';
import { csvCell } from '../../shared/domain/importing/csv-cell.ts';
import { guessDelimiter, guessHeaderRow, nameColumns } from '../../shared/domain/importing/guess-layout.ts';
import { guessMapping } from '../../shared/domain/importing/guess-mapping.ts';
import { matchHeader } from '../../shared/domain/importing/header-words.ts';
import { readAssetStatus, readRenewalStatus } from '../../shared/domain/importing/value-aliases.ts';

describe('layout', () => {
	it.each([
		['a;b;c\n1,5;2;3\n2,5;3;4\n', ';'],
		['a,b,c\n1;2,3,4\n', ','],
		['a\tb\n1,2\t3\n', '\t'],
		['a|b\n1|2\n', '|'],
		['sep=;\r\na,b;c,d\r\n', ';'],
		['one column\nof text\n', ','],
	])('guesses the delimiter of %j', (text, delimiter) => {
		expect(guessDelimiter(text)).toBe(delimiter);
	});

	it('passes over titles, comments and blank rows above the header', () => {
		const rows = [
			['Portfolio of 24.11.2026', '', ''],
			['', '', ''],
			['Case', 'Country', 'Filing date'],
			['X-1', 'DE', '2015-01-01'],
			['X-2', 'FR', '2015-01-02'],
		];
		expect(guessHeaderRow(rows)).toBe(2);
	});

	it('finds no header in rows of values', () => {
		expect(
			guessHeaderRow([
				['2015-01-01', '17.50'],
				['2015-01-02', '18.50'],
			]),
		).toBe(-1);
	});

	it('names columns: repeats are numbered, nameless ones too, hostile ones are names like any other', () => {
		expect(nameColumns(['Title', '', 'Title', '__proto__', 'constructor', '__proto__'], 7)).toEqual([
			'Title',
			'Column 2',
			'Title (2)',
			'__proto__',
			'constructor',
			'__proto__ (2)',
			'Column 7',
		]);
	});
});

describe('mapping', () => {
	it.each([
		['Anmeldenummer', 'patent_asset.app_no'],
		['Veröffentlichungs-Nr.', 'patent_asset.pub_no'],
		['Date de dépôt', 'patent_asset.filing_date'],
		['N° de brevet', 'patent_asset.grant_no'],
		['Fecha de concesión', 'patent_asset.grant_date'],
		['Titolare', 'patent_asset.owner_name'],
		['Kostenstelle', 'patent_asset.cost_centre'],
		['PATENT_EXPIRATION_DATE', 'patent_asset.expiry_date'],
		['applicationNumber', 'patent_asset.app_no'],
		['Applicant(s)', 'patent_asset.owner_name'],
		['Official fee (EUR)', 'renewal_event.official_fee'],
		['Fälligkeit', 'renewal_event.due_date'],
		['case_title', 'patent_asset.title'],
	])('knows %s', (header, target) => {
		expect(matchHeader(header)?.target).toBe(target);
	});

	it.each(['Simple Family Size', 'Publication Year', 'Inventors', 'Kind', '', '__proto__', 'toString'])(
		'leaves %j out',
		(header) => {
			expect(matchHeader(header)).toBeNull();
		},
	);

	it('gives a target once, and doubts a header that its cells contradict', () => {
		const headers = ['Title', 'Title (2)', 'Filing date', 'Country'];
		const rows = [
			['A thing', 'x y', 'not yet', 'Atlantis'],
			['B thing', 'z', 'n. known', 'Lemuria'],
		];
		const guesses = guessMapping(headers, rows);
		expect(guesses.map(({ target }) => target)).toEqual(['patent_asset.title', null, null, null]);
	});

	it('recognises columns without a header by their cells', () => {
		const rows = ['US 7639714 B2', 'EP 3126183 B1', 'DE 102012019863 A1', 'US 2013/0101709 A1'].map((number) => [
			number,
			number.slice(0, 2),
		]);
		expect(guessMapping(['Column 1', 'Column 2'], rows).map(({ target }) => target)).toEqual([
			'patent_asset.pub_no',
			'patent_asset.country',
		]);
	});

	it('takes a fee for a renewal only where the file speaks of renewals', () => {
		expect(guessMapping(['Case', 'Amount'], [['X-1', '12.50']])[1]?.target).toBeNull();
		expect(guessMapping(['Case', 'Due date', 'Amount'], [['X-1', '2027-01-31', '12.50']])[2]?.target).toBe(
			'renewal_event.official_fee',
		);
	});

	it('never throws', () => {
		fc.assert(
			fc.property(
				fc.array(fc.string()),
				fc.array(fc.array(fc.string())),
				(headers, rows) => void guessMapping(headers, rows),
			),
			{ numRuns: 200 },
		);
	});
});

describe('values', () => {
	it.each([
		['UK', 'GB'],
		['Germany', 'DE'],
		['Deutschland', 'DE'],
		['Allemagne', 'DE'],
		['EP (DE)', 'DE'],
		['EPO', 'EP'],
		['PCT', 'WO'],
		['U.S.A.', 'US'],
		['us', 'US'],
		['Corée du Sud', 'KR'],
		['Großbritannien', 'GB'],
		['AU/AT', null],
		['Atlantis', null],
	])('country %s is %s', (text, code) => {
		expect(readCountry(text)).toBe(code);
	});

	it.each([
		['1,234.50', '1234.50'],
		['1.234,50', '1234.50'],
		["1'234.5", '1234.5'],
		['470', '470'],
		['470,-', '470'],
		['EUR 470.00', '470.00'],
		['€ 1.200', '1200'],
		['(12.00)', '-12.00'],
		['-5', '-5'],
		['0,125', '0.125'],
		['27 275,25', '27275.25'],
		['0470', '470'],
	])('amount %s is %s', (text, amount) => {
		expect(readAmount(text)).toMatchObject({ amount });
	});

	it.each(['abc', '1.2.3,4,5x', '12 apples', '', '1,23456'])('%j is no amount', (text) => {
		expect(readAmount(text)).toHaveProperty('problem');
	});

	it('knows old and short names of currencies', () => {
		expect(['€', 'RMB', 'NT$', 'DEM', 'usd', 'XXQ'].map(readCurrency)).toEqual([
			'EUR',
			'CNY',
			'TWD',
			'DEM',
			'USD',
			null,
		]);
	});

	it('knows the words for a status in several languages', () => {
		expect(['Issued', 'Application', 'erteilt', 'déchu', 'GM', 'constructor'].map(readAssetStatus)).toEqual([
			'GRANTED',
			'PENDING',
			'GRANTED',
			'LAPSED',
			null,
			null,
		]);
		expect(['Paid', 'bezahlt', 'do not pay'].map(readRenewalStatus)).toEqual(['PAID', 'PAID', 'INSTRUCTED_ABANDON']);
	});

	it.each([
		['=1+1', `"'=1+1"`],
		['+cmd', `"'+cmd"`],
		['@x', `"'@x"`],
		['-2', '-2'],
		['＝1', `"'＝1"`],
		['a"b', '"a""b"'],
		['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
	])('writes %j so that no spreadsheet runs it', (value, written) => {
		expect(csvCell(value)).toBe(written);
	});
});
