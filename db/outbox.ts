import type { EntityName } from '../shared/entities/registry.ts';
import { LIMITS, type Op } from '../shared/sync/protocol.ts';
import type { Store } from './open-store.ts';
import { takeVersion, type Unit } from './unit.ts';

/** A run of rows of one table that one import created; read back when they are sent, so that they are not stored twice. */
export interface RangeOp {
	batch: string;
	fromId: string;
	toId: string;
	hlc: string;
}

/** Queues one operation in the unit's group, which gets its number with the first one. */
export function appendOp(unit: Unit, op: Op): void {
	const fields = op.k === 'set' ? Object.keys(op.f) : op.k === 'text' ? [op.field] : [];
	if (op.k === 'text' && unit.opNo === 0) unit.textRow = op.id;
	insertOp(unit, { entity: op.t as EntityName, rowId: op.id, kind: op.k, body: JSON.stringify(op), fields });
}

/** Queues many creates as one line. Each range is a group of its own, at most 500 rows. */
export function appendRange(unit: Unit, entity: EntityName, range: RangeOp): void {
	finishGroup(unit);
	insertOp(unit, { entity, rowId: '', kind: 'range', body: JSON.stringify(range), fields: [] });
	finishGroup(unit);
}

/** A group that stays under this fits into one request (LIMITS.bytesPerBody), whatever else travels with it. */
const BYTES_PER_GROUP = LIMITS.bytesPerBody / 2;

interface NewOp {
	entity: EntityName;
	rowId: string;
	kind: string;
	body: string;
	fields: string[];
}

function insertOp(unit: Unit, op: NewOp): void {
	// The server takes no larger group, and one that it never takes would hold up all that follow.
	const bytes = Buffer.byteLength(op.body);
	if (unit.opNo >= LIMITS.opsPerGroup || (unit.opNo > 0 && unit.groupBytes + bytes > BYTES_PER_GROUP))
		finishGroup(unit);
	if (unit.groupNo === undefined) {
		const row = unit.store.statement('SELECT max(group_no) AS last FROM outbox').get() as { last: number | null };
		// Groups with refused operations that are only kept to be shown have numbers below zero (sync/push.ts).
		unit.groupNo = Math.max(row.last ?? 0, 0) + 1;
		unit.opNo = 0;
		// The group's line comes first, so that a second group of the same unit takes the next number.
		unit.store
			.statement(
				'INSERT INTO outbox (group_no, at, label, origin, batch_id, unit, hlc, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL)',
			)
			.run(
				unit.groupNo,
				unit.at,
				unit.label,
				unit.origin === 'import' ? 'import' : 'person',
				unit.batchId ?? null,
				unitKey(unit, op),
				unit.clock.last ?? takeVersion(unit),
			);
	}
	unit.store
		.statement(
			'INSERT INTO outbox_op (group_no, op_no, entity, row_id, kind, op, fields, refused, pending) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 1)',
		)
		.run(unit.groupNo, unit.opNo, op.entity, op.rowId, op.kind, op.body, ` ${op.fields.join(' ')} `);
	unit.opNo += 1;
	unit.groupBytes += bytes;
	unit.touched.add('outbox');
}

/** What a person counts as one change: an import, a stretch of typing in one note or field, or one edit. */
function unitKey(unit: Unit, op: NewOp): string {
	if (unit.batchId) return unit.batchId;
	if (op.kind === 'text') return `text:${op.rowId}`;
	return op.kind === 'set' && op.fields.length === 1 ? `field:${op.rowId}:${op.fields[0]}` : `group:${unit.groupNo}`;
}

function finishGroup(unit: Unit): void {
	unit.groupNo = undefined;
	unit.opNo = 0;
	unit.groupBytes = 0;
}

/** The fields of a record with edits that the server has not answered yet. `*` stands for its deletion or return. */
export function pendingFields(unit: Pick<Unit, 'store'>, rowId: string): Set<string> {
	const rows = unit.store
		.statement("SELECT kind, fields FROM outbox_op WHERE row_id = ? AND pending = 1 AND kind <> 'text'")
		.all(rowId) as { kind: string; fields: string }[];
	const pending = new Set<string>();
	for (const row of rows) {
		if (row.kind === 'delete' || row.kind === 'undelete') pending.add('*');
		for (const field of row.fields.trim().split(' ')) if (field) pending.add(field);
	}
	return pending;
}

/**
 * Takes the numbers off everything, after the profile turned out to be a copy: what is unacknowledged gets 1, 2, 3 ... of
 * the new device as it is handed over. What was refused stays to be seen; the other acknowledged groups belong to the old device.
 */
export function renumber(store: Store): void {
	const sent = 'SELECT group_no FROM outbox WHERE sent_at IS NOT NULL';
	// Also of groups that are kept no longer: undo goes by these numbers, and they are given out again.
	const unsent = 'SELECT group_no FROM outbox WHERE sent_at IS NULL';
	store.statement(`UPDATE history SET group_no = NULL WHERE group_no NOT IN (${unsent})`).run();
	store.statement(`DELETE FROM outbox_op WHERE refused IS NULL AND group_no IN (${sent})`).run();
	store
		.statement('DELETE FROM outbox WHERE sent_at IS NOT NULL AND group_no NOT IN (SELECT group_no FROM outbox_op)')
		.run();
	store.statement('UPDATE outbox SET wire_no = NULL, seq = NULL').run();
}
