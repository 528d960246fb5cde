import type { Sort } from './list-place.ts';

type Key = string | number | null;

interface Sortable<Row> {
	id: string;
	sort?: (row: Row) => Key;
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(one: Key, other: Key): number {
	if (typeof one === 'number' && typeof other === 'number') return one - other;
	return words.compare(String(one), String(other));
}

/** Rows in the order a header asks for. What has no value comes last both ways; equal rows keep their order. */
export function sortRows<Row>(
	rows: readonly Row[],
	columns: readonly Sortable<Row>[],
	sort: Sort | null,
): readonly Row[] {
	const key = columns.find((column) => column.id === sort?.column)?.sort;
	if (!key || !sort) return rows;
	const keyed = rows.map((row) => ({ row, key: key(row) }));
	const turn = sort.descending ? -1 : 1;
	keyed.sort((one, other) => {
		if (one.key === null || other.key === null) return Number(one.key === null) - Number(other.key === null);
		return turn * compare(one.key, other.key);
	});
	return keyed.map((item) => item.row);
}

function fold(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Rows whose text holds every typed word, whatever the accents and capitals. */
export function filterRows<Row>(rows: readonly Row[], text: string, textOf: (row: Row) => string): readonly Row[] {
	const parts = fold(text).split(/\s+/).filter(Boolean);
	if (parts.length === 0) return rows;
	return rows.filter((row) => {
		const folded = fold(textOf(row));
		return parts.every((part) => folded.includes(part));
	});
}
