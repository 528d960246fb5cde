import type { z } from 'zod';
import type { Entity } from '../../shared/entities/define.ts';
import { entityByName } from '../../shared/entities/registry.ts';
import { createSchema, fieldSchema } from '../../shared/entities/schema.ts';
import { type Group, LIMITS, type Op, opSchema, type Refusal } from '../../shared/sync/protocol.ts';
import { hasProtoKey } from '../json-body.ts';

export interface Refused {
	refused: Refusal;
	fields?: string[];
}

export type CheckedOp = { op: Op; entity: Entity } | Refused;

type Origin = Group['origin'];
type OpOf<K extends Op['k']> = Extract<Op, { k: K }>;

/** Fields of records that the server makes which a client may nevertheless write. */
const CLIENT_WRITES: Readonly<Record<string, readonly string[]>> = {
	conflict: ['decided_at', 'decided_by', 'choice'],
	handover: ['taken_at', 'taken_by'],
};

/** Base64 of the longest text update; longer ones are refused before a pattern runs over them. */
const LONGEST_TEXT = Math.ceil(LIMITS.bytesPerText / 3) * 4;

/**
 * Judges one operation by the wire format and the entity's definition, without looking at any record. What it refuses
 * is refused for good: sending it again would change nothing.
 */
export function checkOp(raw: unknown, origin: Origin): CheckedOp {
	if (isLongText(raw) || hasProtoKey(raw)) return { refused: 'bad_value' };
	const parsed = opSchema.safeParse(raw);
	if (!parsed.success || !isPlainText(parsed.data.id)) return { refused: 'bad_value' };
	const op = parsed.data;
	const entity = entityByName(op.t);
	if (!entity) return { refused: 'unknown_entity' };
	if (entity.sync === 'pull') return { refused: 'office_owned' };
	const refused = checkKind(op, entity, origin);
	return refused ?? { op, entity };
}

function checkKind(op: Op, entity: Entity, origin: Origin): Refused | undefined {
	switch (op.k) {
		case 'create':
			return checkCreate(op, entity, origin);
		case 'set':
			return checkSet(op, entity, origin);
		case 'text':
			return checkText(op, entity);
		case 'delete':
		case 'undelete':
			// An imported record may be taken back by whoever imported it, so only the record itself can tell (apply-op).
			return isServerMade(entity) ? { refused: 'office_owned' } : undefined;
	}
}

/** Accounts come from the office, conflicts from the merge; no laptop makes or deletes one. */
function isServerMade(entity: Entity): boolean {
	return entity.name === 'account' || Object.hasOwn(CLIENT_WRITES, entity.name);
}

function checkCreate(op: OpOf<'create'>, entity: Entity, origin: Origin): Refused | undefined {
	const { knownFields, createValues } = schemasOf(entity);
	const unknown = Object.keys(op.v).filter((field) => !knownFields.has(field));
	if (unknown.length > 0) return { refused: 'unknown_field', fields: unknown };
	if (isServerMade(entity)) return { refused: 'office_owned' };
	// A text document travels as updates; its plain text is each side's own and is not taken.
	for (const [field, value] of Object.entries(op.v)) {
		if (value === null || entity.fields[field]?.kind === 'text-doc') delete op.v[field];
	}
	const office = origin === 'person' ? Object.keys(op.v).filter((field) => entity.fields[field]?.office) : [];
	if (office.length > 0) return { refused: 'office_owned', fields: office };
	const parsed = createValues.safeParse(op.v);
	return parsed.success ? undefined : { refused: 'bad_value', fields: fieldsOf(parsed.error) };
}

function checkSet(op: OpOf<'set'>, entity: Entity, origin: Origin): Refused | undefined {
	const { knownFields, values } = schemasOf(entity);
	const fields = Object.keys(op.f);
	const unknown = fields.filter((field) => !knownFields.has(field));
	if (unknown.length > 0) return { refused: 'unknown_field', fields: unknown };
	const writable = CLIENT_WRITES[entity.name];
	const owned = fields.filter((field) =>
		writable ? !writable.includes(field) : origin === 'person' && entity.fields[field]?.office,
	);
	if (owned.length > 0) return { refused: 'office_owned', fields: owned };
	const bad = fields.filter((field) => !values.get(field)?.safeParse(op.f[field]?.v).success);
	return bad.length > 0 ? { refused: 'bad_value', fields: bad } : undefined;
}

function checkText(op: OpOf<'text'>, entity: Entity): Refused | undefined {
	const field = Object.hasOwn(entity.fields, op.field) ? entity.fields[op.field] : undefined;
	if (!field) return { refused: 'unknown_field', fields: [op.field] };
	const bytes = Buffer.byteLength(op.u, 'base64');
	return field.kind === 'text-doc' && bytes > 0 && bytes <= LIMITS.bytesPerText
		? undefined
		: { refused: 'bad_value', fields: [op.field] };
}

interface Schemas {
	knownFields: ReadonlySet<string>;
	createValues: z.ZodType;
	/** Schemas of the fields that travel as values. A text document has none, so a value for it is refused. */
	values: ReadonlyMap<string, z.ZodType>;
}

const schemasByEntity = new Map<string, Schemas>();

function schemasOf(entity: Entity): Schemas {
	const known = schemasByEntity.get(entity.name);
	if (known) return known;
	const valueFields = Object.fromEntries(
		Object.entries(entity.fields).filter(([, field]) => field.kind !== 'text-doc'),
	);
	const schemas: Schemas = {
		knownFields: new Set(Object.keys(entity.fields)),
		createValues: createSchema(valueFields),
		values: new Map(Object.entries(valueFields).map(([name, field]) => [name, fieldSchema(field)])),
	};
	schemasByEntity.set(entity.name, schemas);
	return schemas;
}

function fieldsOf(error: z.ZodError): string[] {
	const names = error.issues.flatMap((issue) =>
		issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1).map(String),
	);
	return [...new Set(names)];
}

function isLongText(raw: unknown): boolean {
	const text = typeof raw === 'object' && raw !== null && 'u' in raw ? raw.u : undefined;
	return typeof text === 'string' && text.length > LONGEST_TEXT;
}

/** What the database can hold and give back unchanged: no NUL, no half of a surrogate pair. */
export function isPlainText(text: string): boolean {
	return !text.includes('\0') && text.isWellFormed();
}
