import type { Entity, Field } from '../../../shared/entities/define.ts';
import { type Cell, serialOf } from './sheet-cells.ts';

/** One column of a sheet. */
export interface Column {
	label: string;
	/** In characters. */
	width: number;
	cell(record: Record<string, unknown>): Cell;
}

/** The columns of an entity's sheet: its fields as a person knows them, then what identifies the record. */
export function columnsOf(entity: Entity, names: ReadonlyMap<string, string>): Column[] {
	const fields = Object.entries(entity.fields).map(
		([name, field]): Column => ({
			label: field.kind === 'instant' ? `${field.label} (UTC)` : field.label,
			width: widthOf(field),
			cell: (record) => cellOf(field, record[name], names),
		}),
	);
	return [
		...fields,
		{ label: 'Created (UTC)', width: 17, cell: ({ created_at }) => timeCell('instant', created_at) },
		{ label: 'Changed (UTC)', width: 17, cell: ({ updated_at }) => timeCell('instant', updated_at) },
		{ label: 'Deleted (UTC)', width: 17, cell: ({ deleted_at }) => timeCell('instant', deleted_at) },
		{ label: 'Id', width: 24, cell: ({ id }) => textCell(id) },
	];
}

function widthOf({ kind }: Field): number {
	if (kind === 'long-text' || kind === 'text-doc') return 60;
	if (kind === 'date' || kind === 'bool' || kind === 'int') return 12;
	return kind === 'instant' || kind === 'amount' ? 17 : 24;
}

function cellOf(field: Field, value: unknown, names: ReadonlyMap<string, string>): Cell {
	if (value === null || value === undefined) return null;
	switch (field.kind) {
		case 'int':
			return typeof value === 'number' ? { kind: 'number', value } : textCell(value);
		case 'amount':
			return Number.isFinite(Number(value)) ? { kind: 'amount', value: Number(value) } : textCell(value);
		case 'bool':
			return { kind: 'bool', value: value === true };
		case 'date':
		case 'instant':
			return timeCell(field.kind, value);
		case 'enum':
			return textCell(field.values?.[String(value)] ?? value);
		case 'ref':
			return textCell(names.get(String(value)) ?? value);
		default:
			return textCell(value);
	}
}

function timeCell(kind: 'date' | 'instant', value: unknown): Cell {
	const serial = typeof value === 'string' ? serialOf(value) : undefined;
	return serial === undefined ? textCell(value) : { kind, value: serial };
}

function textCell(value: unknown): Cell {
	if (value === null || value === undefined || value === '') return null;
	return { kind: 'text', value: typeof value === 'string' ? value : JSON.stringify(value) };
}
