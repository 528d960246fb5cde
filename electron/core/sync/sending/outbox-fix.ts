import { applyChange, readStored, updateRow } from '../../../../db/apply-change.ts';
import { decodeRow } from '../../../../db/codec.ts';
import { recordHistory } from '../../../../db/history.ts';
import { appendOp } from '../../../../db/outbox.ts';
import { takeVersion, type Unit } from '../../../../db/unit.ts';
import { CoreError, type Problem } from '../../../../shared/contract/errors.ts';
import type { RefusedChange } from '../../../../shared/contract/sync-models.ts';
import { type EntityName, entityByName, getEntity } from '../../../../shared/entities/registry.ts';
import { fieldSchema } from '../../../../shared/entities/schema.ts';
import { isSameValue } from '../../../../shared/sync/merge.ts';
import type { Op } from '../../../../shared/sync/protocol.ts';
import { writeVersions } from '../../../../shared/sync/version.ts';
import type { QueryContext } from '../../handler.ts';
import { nameOf } from '../../words.ts';

interface RefusedOp {
	group_no: number;
	op_no: number;
	entity: string;
	row_id: string;
	kind: string;
	op: string;
	refused: string | null;
	at_fault: string | null;
}

type Write = Extract<Op, { k: 'create' | 'set' }>;

/** Refusals that another value can mend. */
const byValue = new Set(['bad_value', 'unknown_field', 'office_owned']);
/** Refusals that naming another account or place can mend, when the operation names one. */
const byPlace = new Set(['no_access', 'read_only']);

/** True when the server's refusal can be mended by giving other values. */
export function isFixable(row: { kind: string; op: string; refused: string | null }): boolean {
	if (row.kind !== 'create' && row.kind !== 'set') return false;
	if (byValue.has(row.refused ?? '')) return true;
	return byPlace.has(row.refused ?? '') && Object.keys(written(JSON.parse(row.op) as Write)).some(isPlace);
}

function isPlace(field: string): boolean {
	return field === 'account_id' || field === 'parent_id';
}

function written(op: Write): Record<string, unknown> {
	return op.k === 'create' ? op.v : Object.fromEntries(Object.entries(op.f).map(([field, edit]) => [field, edit.v]));
}

/** What the person had written, what stands, and what is wrong with it. Throws `not_found`. */
export async function describeRefused(context: QueryContext, { group }: { group: number }): Promise<RefusedChange> {
	const ops = (await context.db
		.selectFrom('outbox_op')
		.selectAll()
		.where('refused', 'is not', null)
		.where('group_no', 'in', (eb) =>
			eb
				.selectFrom('outbox')
				.select('group_no')
				.where('unit', '=', (one) => one.selectFrom('outbox').select('unit').where('group_no', '=', group)),
		)
		.orderBy('group_no')
		.orderBy('op_no')
		.execute()) as RefusedOp[];
	const first = ops[0];
	if (!first) throw new CoreError('not_found', 'This change is no longer refused.');
	const entity = getEntity(first.entity as EntityName);
	const row = await context.db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', first.row_id)
		.executeTakeFirst();
	const standing = row ? decodeRow<Record<string, unknown>>(entity, row) : {};
	const name = await nameOf(context, first.entity, first.row_id);
	return {
		group,
		entity: first.entity,
		row_id: first.row_id,
		title: name.title,
		reason: first.refused ?? '',
		fields: fieldsOf(ops.filter((op) => op.row_id === first.row_id)).map(({ field, value, op }) => ({
			field,
			label: entity.fields[field]?.label ?? field,
			value,
			standing: standing[field] ?? null,
			problem: problemOf(op, field, value),
		})),
	};
}

/** Each field once, with what was last written in it. */
function fieldsOf(ops: readonly RefusedOp[]): { field: string; value: unknown; op: RefusedOp }[] {
	const fields = new Map<string, { field: string; value: unknown; op: RefusedOp }>();
	for (const op of ops) {
		if (op.kind !== 'create' && op.kind !== 'set') continue;
		for (const [field, value] of Object.entries(written(JSON.parse(op.op) as Write)))
			fields.set(field, { field, value, op });
	}
	return [...fields.values()];
}

function problemOf(op: RefusedOp, field: string, value: unknown): string | null {
	const definition = entityByName(op.entity)?.fields[field];
	const issue = definition && fieldSchema(definition).safeParse(value ?? null).error?.issues[0];
	if (issue) return issue.message;
	if (byPlace.has(op.refused ?? '')) return isPlace(field) ? 'is not yours to write to' : null;
	const named = op.at_fault?.split(' ') ?? (op.kind === 'set' ? fieldsOf([op]).map((one) => one.field) : []);
	// Of several fields, none can be blamed unless the server did.
	if (!named.includes(field) || (op.at_fault === null && named.length > 1)) return null;
	return op.refused === 'office_owned' ? 'is kept by the office' : 'is not accepted by the office';
}

/**
 * Sends a refused change again with other values, made on what stands now; the refused one is settled and the rest of
 * the queue is left alone. Throws `not_found`, and `bad_input` for values that cannot stand in their fields.
 */
export function mendRefused(unit: Unit, group: number, values: Record<string, unknown>): void {
	const { store } = unit;
	const ops = store
		.statement(
			`SELECT p.* FROM outbox_op p JOIN outbox o ON o.group_no = p.group_no
			WHERE p.refused IS NOT NULL AND o.unit = (SELECT unit FROM outbox WHERE group_no = ?) ORDER BY p.group_no, p.op_no`,
		)
		.all(group) as RefusedOp[];
	const first = ops[0];
	if (!first) throw new CoreError('not_found', 'This change is no longer refused.');
	const entity = first.entity as EntityName;
	checkValues(entity, values);
	if (!readStored(store, entity, first.row_id))
		throw new CoreError('not_found', 'The record is no longer on this laptop.');
	const own = ops.filter((op) => op.row_id === first.row_id);
	if (own.some((op) => op.kind === 'create')) createAgain(unit, { entity, id: first.row_id, values });
	else applyChange(unit, { kind: 'set', entity, id: first.row_id, patch: values });
	for (const op of own) settle(unit, op);
	unit.touched.add('outbox');
}

function checkValues(entityName: EntityName, values: Record<string, unknown>): void {
	const { fields, label } = getEntity(entityName);
	const problems: Problem[] = [];
	for (const [field, value] of Object.entries(values)) {
		const definition = fields[field];
		if (!definition || definition.kind === 'text-doc') problems.push({ field, message: `is no field of ${label}` });
		else {
			const issue = fieldSchema(definition).safeParse(value).error?.issues[0];
			if (issue) problems.push({ field, message: issue.message });
		}
	}
	if (problems.length > 0) throw new CoreError('bad_input', 'Some fields cannot be saved as they are.', { problems });
}

/**
 * The office has never had the record: it is made anew with all that is in it by now, and later edits of it that were
 * refused for want of it are in it and settled with it. Typing goes again.
 */
function createAgain(
	unit: Unit,
	{ entity: name, id, values }: { entity: EntityName; id: string; values: Record<string, unknown> },
): void {
	const { store } = unit;
	const entity = getEntity(name);
	const row = readStored(store, name, id);
	if (!row) return;
	const hlc = takeVersion(unit);
	const before = decodeRow<Record<string, unknown>>(entity, row);
	const v: Record<string, unknown> = {};
	for (const [field, { kind }] of Object.entries(entity.fields)) {
		const value = Object.hasOwn(values, field) ? values[field] : before[field];
		if (kind !== 'text-doc' && value !== null && value !== undefined) v[field] = value;
	}
	appendOp(unit, { k: 'create', t: name, id, hlc, v } as Op);
	updateRow(unit, { entity: name, row, patch: values, fv: writeVersions({ '*': hlc }) });
	for (const [field, after] of Object.entries(values))
		if (!isSameValue(before[field], after))
			recordHistory(unit, { entity: name, rowId: id, field, before: before[field], after, version: hlc });
	if (name === 'attachment') moveUpload(unit, String(before.sha256), { from: before.account_id, to: v.account_id });
	const waiting = store
		.statement('SELECT * FROM outbox_op WHERE row_id = ? AND refused IS NOT NULL ORDER BY group_no, op_no')
		.all(id) as RefusedOp[];
	for (const op of waiting) {
		if (op.kind === 'text') sendAgain(unit, JSON.parse(op.op) as Extract<Op, { k: 'text' }>);
		if (op.kind === 'text' || op.kind === 'set') settle(unit, op);
	}
	takeAlong(unit, id);
}

/** The bytes of a file go to the account that its record is now in. */
function moveUpload({ store, touched }: Unit, sha256: string, account: { from: unknown; to: unknown }): void {
	if (account.from === account.to) return;
	const queued = "blob_queue WHERE sha256 = @sha256 AND direction = 'up' AND account_id = @from";
	store
		.statement(
			`INSERT OR IGNORE INTO blob_queue (sha256, direction, account_id, attempts) SELECT sha256, direction, @to, 0 FROM ${queued}`,
		)
		.run({ sha256, ...account });
	store
		.statement(
			`DELETE FROM ${queued} AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = @sha256 AND a.account_id = @from)`,
		)
		.run({ sha256, from: account.from });
	touched.add('blob');
}

/** Edits that still wait would arrive before the new making: fields are in it already, and typing goes behind it. */
function takeAlong(unit: Unit, id: string): void {
	const { store } = unit;
	const queued = store
		.statement(
			`SELECT p.* FROM outbox_op p JOIN outbox o ON o.group_no = p.group_no WHERE p.row_id = ? AND p.pending = 1
			AND o.wire_no IS NULL AND o.group_no < ? AND p.kind IN ('set', 'text') ORDER BY p.group_no, p.op_no`,
		)
		.all(id, unit.groupNo ?? 0) as RefusedOp[];
	for (const op of queued) {
		if (op.kind === 'text') sendAgain(unit, JSON.parse(op.op) as Extract<Op, { k: 'text' }>);
		store.statement('DELETE FROM outbox_op WHERE group_no = ? AND op_no = ?').run(op.group_no, op.op_no);
		store
			.statement(
				'UPDATE outbox SET sent_at = @at WHERE group_no = @no AND NOT EXISTS (SELECT 1 FROM outbox_op WHERE group_no = @no)',
			)
			.run({ at: unit.at, no: op.group_no });
	}
}

/** The same words under a new version: the refused one may be known to the server as refused. */
function sendAgain(unit: Unit, op: Extract<Op, { k: 'text' }>): void {
	const hlc = takeVersion(unit);
	unit.store
		.statement('UPDATE text_update SET hlc = ? WHERE row_id = ? AND field = ? AND hlc = ?')
		.run(hlc, op.id, op.field, op.hlc);
	appendOp(unit, { ...op, hlc });
}

function settle({ store }: Unit, { group_no, op_no }: RefusedOp): void {
	store
		.statement('UPDATE outbox_op SET refused = NULL, settled = 1 WHERE group_no = ? AND op_no = ?')
		.run(group_no, op_no);
}
