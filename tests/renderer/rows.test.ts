import { describe, expect, it } from 'vitest';
import { filterRows, sortRows } from '../../renderer/lib/rows.ts';
import { diffWords } from '../../shared/domain/text-diff.ts';

const rows = [
	{ id: '1', name: 'Universität Weidental', cutoff: '2026-12-22' },
	{ id: '2', name: 'halden pharma', cutoff: null },
	{ id: '3', name: 'Halden Zwei 10', cutoff: '2026-11-27' },
	{ id: '4', name: 'Halden Zwei 9', cutoff: '2026-11-27' },
];
const columns = [
	{ id: 'name', sort: (row: (typeof rows)[number]) => row.name },
	{ id: 'cutoff', sort: (row: (typeof rows)[number]) => row.cutoff },
];
const order = (column: string, descending: boolean) =>
	sortRows(rows, columns, { column, descending }).map((row) => row.id);

describe('rows', () => {
	it('sort by word and number, whatever the capitals', () => {
		expect(order('name', false)).toEqual(['2', '4', '3', '1']);
	});

	it('without a value come last both ways, and equal rows keep their order', () => {
		expect(order('cutoff', false)).toEqual(['3', '4', '1', '2']);
		expect(order('cutoff', true)).toEqual(['1', '3', '4', '2']);
	});

	it('are found by every typed word, accents ignored', () => {
		expect(filterRows(rows, 'wei UNIVERSITAT', (row) => row.name).map((row) => row.id)).toEqual(['1']);
		expect(filterRows(rows, '  ', (row) => row.name)).toBe(rows);
	});
});

describe('two texts compared', () => {
	const shown = (before: string, after: string) =>
		diffWords(before, after)
			.map((part) =>
				part.kind === 'added' ? `+${part.text}+` : part.kind === 'removed' ? `-${part.text}-` : part.text,
			)
			.join('');

	it('mark words that went and came', () => {
		expect(shown('a file.', 'a long file.')).toBe('a +long +file.');
		expect(shown('not carried over from the file', 'blank in the file')).toBe(
			'-not carried over from-+blank in+ the file',
		);
		expect(shown('', 'new')).toBe('+new+');
		expect(shown('same', 'same')).toBe('same');
	});

	it('give back the new text without what went', () => {
		const after = 'One, two; three (four) five.';
		const parts = diffWords('One two. Six five', after).filter((part) => part.kind !== 'removed');
		expect(parts.map((part) => part.text).join('')).toBe(after);
	});
});
