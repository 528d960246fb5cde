import { z } from 'zod';
import type { Entity, Field } from './define.ts';

/** A calendar day, "2026-11-24"; days that do not exist (31 February) are refused. */
export const dateSchema = z
	.string()
	.regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date like 2026-11-24')
	.refine(isRealDate, 'is not a day of the calendar');

/** A UTC instant as written by `Date#toISOString`. */
export const instantSchema = z.iso.datetime({ message: 'is not a UTC time' });

/** A decimal with at most four decimals, as text: "470.00". */
export const amountSchema = z.string().regex(/^-?\d{1,12}(\.\d{1,4})?$/, 'is not an amount like 470.00');

const idSchema = z.string().min(1).max(64);

function isRealDate(text: string): boolean {
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function valueSchema(field: Field): z.ZodType {
	switch (field.kind) {
		case 'int':
			return z.int();
		case 'bool':
			return z.boolean();
		case 'json':
			return z.json();
		case 'date':
			return dateSchema;
		case 'instant':
			return instantSchema;
		case 'amount':
			return amountSchema;
		case 'ref':
			return idSchema;
		case 'enum':
			return z.enum(Object.keys(field.values ?? {}) as [string, ...string[]]);
		case 'long-text':
			return z.string().max(field.max ?? 20_000);
		case 'text':
		case 'text-doc':
			return z.string().max(field.max ?? 500);
	}
}

/** The schema of one field's value: required text must not be blank, anything else may be null. */
export function fieldSchema(field: Field): z.ZodType {
	const schema = valueSchema(field);
	if (!field.required) return schema.nullable();
	return field.kind === 'text' ? schema.refine((text) => String(text).trim() !== '', 'is empty') : schema;
}

/** The fields a person may write: not the office's, and not text documents, which travel as Yjs updates. */
export function editableFields(entity: Entity): Record<string, Field> {
	return Object.fromEntries(
		Object.entries(entity.fields).filter(([, field]) => !field.office && field.kind !== 'text-doc'),
	);
}

/** The schema of a patch: any of the given fields, nothing else. */
export function patchSchema(fields: Record<string, Field>): z.ZodType<Record<string, unknown>> {
	const shape = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]));
	// A field that is there without a value is one that is not there: only null empties a field.
	return z.strictObject(shape).partial().transform(withoutMissing) as unknown as z.ZodType<Record<string, unknown>>;
}

function withoutMissing(patch: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** The schema of a new record: required fields must be there, the others may. */
export function createSchema(fields: Record<string, Field>): z.ZodType<Record<string, unknown>> {
	const shape = Object.fromEntries(
		Object.entries(fields).map(([name, field]) => [
			name,
			field.required ? fieldSchema(field) : fieldSchema(field).optional(),
		]),
	);
	return z.strictObject(shape) as unknown as z.ZodType<Record<string, unknown>>;
}
