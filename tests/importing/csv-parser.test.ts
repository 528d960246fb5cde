import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvParser, MAX_QUOTED } from '../../shared/domain/importing/csv-parser.ts';

function parse(text: string, delimiter = ',', cuts: number[] = []): string[][] {
	const parser = createCsvParser(delimiter);
	const rows: string[][] = [];
	let from = 0;
	for (const cut of [...cuts].sort((a, b) => a - b)) {
		rows.push(...parser.push(text.slice(from, cut)));
		from = Math.max(from, cut);
	}
	rows.push(...parser.push(text.slice(from)), ...parser.end());
	return rows;
}

const write = (rows: string[][], delimiter: string, eol: string) =>
	rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join(eol);

const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', '\t', ' ', '=', '漢', '|') });
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
const delimiter = fc.constantFrom(',', ';', '\t', '|');
const eol = fc.constantFrom('\n', '\r\n', '\r');

describe('CSV', () => {
	it.each([
		['LF', 'a,b\n1,2\n'],
		['CRLF', 'a,b\r\n1,2\r\n'],
		['CR', 'a,b\r1,2\r'],
		['mixed and unended', 'a,b\r1,2'],
	])('reads %s line ends', (_, text) => {
		expect(parse(text)).toEqual([
			['a', 'b'],
			['1', '2'],
		]);
	});

	it('ends, with one cell a line, where the delimiter is empty', () => {
		expect(parse('a,b\n"c";d\n', '')).toEqual([['a,b'], ['c;d']]);
	});

	it('keeps empty cells at the end, and blank lines as rows', () => {
		expect(parse('a,b,\n\n"x",,"')).toEqual([['a', 'b', ''], [''], ['x', '', '"']]);
		expect(parse('"a",')).toEqual([['a', '']]);
	});

	it('takes a quotation mark inside a cell, and text after a closed one, as it stands', () => {
		expect(parse('5" pipe,"a"b\n')).toEqual([['5" pipe', 'ab']]);
	});

	it('does not swallow the file after a quotation mark that is never closed, and says where', () => {
		const parser = createCsvParser(',');
		const rows = [...parser.push('a,b\n"x,1\ny,2\n'), ...parser.end()];
		expect(rows).toEqual([
			['a', 'b'],
			['"x', '1'],
			['y', '2'],
		]);
		expect(parser.unclosed).toEqual([2]);
	});

	it('gives up on a quotation mark at the same place however the text is cut', () => {
		const text = `"x\n${'y'.repeat(MAX_QUOTED)}\nz"`;
		expect(parse(text)).toEqual(parse(text, ',', [10, 1000, MAX_QUOTED - 1, MAX_QUOTED + 2]));
	});

	it('reads back any cells', () => {
		fc.assert(
			fc.property(table, delimiter, eol, (rows, sign, end) => {
				expect(parse(write(rows, sign, end), sign)).toEqual(rows);
			}),
		);
	});

	it('gives the same rows wherever the text is cut', () => {
		const wild = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', '\n', '\r', ' ') });
		fc.assert(
			fc.property(wild, fc.array(fc.nat(60), { maxLength: 8 }), (text, cuts) => {
				expect(parse(text, ',', cuts)).toEqual(parse(text));
			}),
			{ numRuns: 2000 },
		);
	});
});
