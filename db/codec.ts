import type { Entity, Field } from '../shared/entities/define.ts';

/** A record as SQLite holds it. */
export type StoredRow = Record<string, string | number | null | Uint8Array>;

/** A value as stored; booleans and `undefined` are refused by the driver, so neither leaves here. */
export function toStored(field: Field, value: unknown): string | number | null {
	if (value === null || value === undefined) return null;
	if (field.kind === 'bool') return value ? 1 : 0;
	if (field.kind === 'amount') return amountToInt(String(value));
	if (field.kind === 'json') return JSON.stringify(value);
	return wholeText(value) as string | number;
}

/** Half of a surrogate pair cannot be stored: SQLite gives back something else than went in, and laptops would differ for ever. */
export function wholeText(value: unknown): unknown {
	return typeof value === 'string' ? value.toWellFormed() : value;
}

/** A value as records carry it. */
export function fromStored(field: Field, value: unknown): unknown {
	if (value === null || value === undefined) return null;
	if (field.kind === 'bool') return value === 1;
	if (field.kind === 'amount') return intToAmount(value as number);
	if (field.kind === 'json') return JSON.parse(value as string);
	return value;
}

const base = ['id', 'created_at', 'created_by', 'updated_at', 'deleted_at'] as const;

/** A whole stored row as a record; columns that are not the entity's are left out. */
export function decodeRow<R>(entity: Entity, row: object): R {
	const stored = row as Record<string, unknown>;
	const record: Record<string, unknown> = {};
	for (const name of base) record[name] = stored[name] ?? null;
	for (const [name, field] of Object.entries(entity.fields)) {
		if (field.kind !== 'text-doc') record[name] = fromStored(field, stored[name]);
	}
	return record as R;
}

/** "470.5" → 4,705,000 ten-thousandths. The schema has checked the form before. */
function amountToInt(text: string): number {
	const negative = text.startsWith('-');
	const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
	const units = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0').slice(0, 4));
	return negative ? -units : units;
}

/** 4,705,000 → "470.50": two decimals at least, four at most. */
export function intToAmount(units: number): string {
	const sign = units < 0 ? '-' : '';
	const digits = String(Math.abs(units)).padStart(5, '0');
	const fraction = digits.slice(-4).replace(/0{1,2}$/, '');
	return `${sign}${digits.slice(0, -4)}.${fraction.padEnd(2, '0')}`;
}
