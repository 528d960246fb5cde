import { applyChange, readStored } from '../../../../db/apply-change.ts';
import type { StoredRow } from '../../../../db/codec.ts';
import { eraseBatch } from '../../../../db/erase-batch.ts';
import { takeBackOp, undoHistory } from '../../../../db/take-back.ts';
import { type Typing, takeBackTyping } from '../../../../db/take-back-text.ts';
import type { Unit } from '../../../../db/unit.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { EntityName } from '../../../../shared/entities/registry.ts';
import type { Op } from '../../../../shared/sync/protocol.ts';
import { readVersions } from '../../../../shared/sync/version.ts';
import { unsentUnit } from './outbox-moves.ts';
import { linkQueue, readQueue, withFollowers } from './outbox-order.ts';
import { undoingTyping } from './undoing-typing.ts';

interface OpRow {
	group_no: number;
	op: string;
	kind: string;
	was: string | null;
}

/**
 * Takes back one unsent change. One that no server can know goes without a trace but for its history; one that the
 * server may have already is taken back by an edit of its own. Throws CoreError `not_found`, and `cannot_undo` when a
 * later change builds on it.
 */
export function takeBackChange(unit: Unit, group: number): void {
	const { store } = unit;
	const change = unsentUnit(store, group);
	const groups = store
		.statement('SELECT group_no, wire_no, batch_id FROM outbox WHERE unit = ? AND sent_at IS NULL ORDER BY group_no')
		.all(change) as { group_no: number; wire_no: number | null; batch_id: string | null }[];
	const batch = groups[0]?.batch_id;
	if (batch) eraseImport(unit, batch);
	const numbers = groups.map(({ group_no }) => group_no);
	if (groups.every(({ wire_no }) => wire_no === null)) takeBackUnsent(unit, numbers);
	else takeBackHanded(unit, numbers);
	unit.touched.add('outbox').add('history');
}

/** An import's rows go all at once; what is left of its groups goes as any other change. */
function eraseImport(unit: Unit, batch: string): void {
	const status = unit.store.statement('SELECT status FROM import_batch WHERE id = ?').pluck().get(batch);
	if (status === 'RUNNING') throw new CoreError('cannot_undo', 'This import is still running; cancel it first.');
	if (eraseBatch(unit, batch) === undefined)
		throw new CoreError('cannot_undo', 'This import is on its way or has been worked on; undo it on its own page.');
}

function opsOf({ store }: Unit, groups: readonly number[]): OpRow[] {
	const ops = store.statement('SELECT group_no, op, kind, was FROM outbox_op WHERE group_no = ? ORDER BY op_no');
	return groups.flatMap((no) => ops.all(no) as OpRow[]);
}

function takeBackUnsent(unit: Unit, groups: readonly number[]): void {
	const { store } = unit;
	const queue = readQueue(store);
	const followers = withFollowers(groups, linkQueue(queue));
	const later = queue.filter(({ no }) => followers.has(no) && !groups.includes(no));
	// What is left of typing that was taken back holds nobody's words, and has nothing to stand on without its note.
	if (later.some((group) => !group.unit.startsWith('taken-back:')))
		throw new CoreError('cannot_undo', 'A later change builds on this one; take that one back first.');
	const all = [...groups, ...later.map(({ no }) => no)];
	const ops = opsOf(unit, all);
	const order = new Map(queue.map(({ no }, index) => [no, index]));
	ops.sort((one, other) => (order.get(one.group_no) ?? 0) - (order.get(other.group_no) ?? 0));
	const parsed = ops.map((row) => ({ ...row, op: JSON.parse(row.op) as Op }));
	const made = new Set(parsed.filter(({ op }) => op.k === 'create').map(({ op }) => op.id));
	const taken = new Map(parsed.map(({ op }) => [op.hlc, op]));
	for (const { op, was } of parsed.toReversed()) {
		if (op.k === 'text') continue;
		undoHistory(unit, op, taken);
		takeBackOp(unit, op, was);
		if (op.k === 'create' && op.t === 'attachment') dropUpload(unit, String(op.v.sha256));
	}
	for (const typing of typingIn(parsed.map(({ op }) => op))) {
		if (made.has(typing.rowId)) continue;
		takeBackTyping(unit, typing);
		if (unit.groupNo !== undefined)
			store.statement('UPDATE outbox SET unit = ? WHERE group_no = ?').run(`taken-back:${typing.rowId}`, unit.groupNo);
	}
	for (const id of made) forgetHistory(unit, id);
	for (const no of all) settle(unit, no);
}

/** Of a record that never was the words do not stay either: no account would take them along when it goes. */
function forgetHistory({ store, touched }: Unit, id: string): void {
	store.statement('DELETE FROM history WHERE row_id = ?').run(id);
	touched.add('history');
}

/** The group's line stays, so that its number is not given out again; nothing of it is ever sent. */
function settle({ store, at }: Unit, groupNo: number): void {
	store.statement('DELETE FROM outbox_op WHERE group_no = ?').run(groupNo);
	store.statement('UPDATE outbox SET sent_at = ?, urgent = 0 WHERE group_no = ?').run(at, groupNo);
}

/** A file that nothing names any more need not travel. */
function dropUpload({ store, touched }: Unit, sha256: string): void {
	store
		.statement(
			"DELETE FROM blob_queue WHERE sha256 = @sha AND direction = 'up' AND NOT EXISTS (SELECT 1 FROM attachment WHERE sha256 = @sha)",
		)
		.run({ sha: sha256 });
	touched.add('blob');
}

function typingIn(ops: readonly Op[]): Typing[] {
	const typings = new Map<string, Typing & { versions: Set<string> }>();
	for (const op of ops) {
		if (op.k !== 'text') continue;
		const key = `${op.id} ${op.field}`;
		const found = typings.get(key);
		if (found) found.versions.add(op.hlc);
		else typings.set(key, { entity: op.t as EntityName, rowId: op.id, field: op.field, versions: new Set([op.hlc]) });
	}
	return [...typings.values()];
}

/** The inverse of each operation, as ordinary edits. */
function takeBackHanded(unit: Unit, groups: readonly number[]): void {
	const { store } = unit;
	const ops = opsOf(unit, groups).map((row) => JSON.parse(row.op) as Op);
	for (const op of ops.toReversed()) if (op.k !== 'text') invert(unit, op, groups);
	for (const typing of typingIn(ops)) {
		for (const update of undoingTyping(store, typing))
			applyChange(unit, { kind: 'text', entity: typing.entity, id: typing.rowId, field: typing.field, update });
	}
	// Neither the edit nor its undoing is offered again.
	for (const no of [...groups, unit.groupNo])
		if (no !== undefined)
			store.statement("UPDATE history SET undone = 1 WHERE group_no = ? AND origin = 'local'").run(no);
}

function invert(unit: Unit, op: Exclude<Op, { k: 'text' }>, groups: readonly number[]): void {
	const entity = op.t as EntityName;
	const row = readStored(unit.store, entity, op.id);
	if (!row) throw new CoreError('cannot_undo', 'The record is no longer on this laptop.');
	if (op.k === 'create' && hasMore(unit, op.id, groups))
		throw new CoreError('cannot_undo', 'It has been worked on since; delete it if it shall go.');
	if (op.k === 'set') applyChange(unit, { kind: 'set', entity, id: op.id, patch: before(op, row) });
	else applyChange(unit, { kind: op.k === 'delete' ? 'undelete' : 'delete', entity, id: op.id });
}

function before(op: Extract<Op, { k: 'set' }>, row: StoredRow): Record<string, unknown> {
	const versions = readVersions(row.fv as string);
	const patch: Record<string, unknown> = {};
	for (const [field, edit] of Object.entries(op.f)) {
		if (versions[field] !== op.hlc)
			throw new CoreError('cannot_undo', 'It has been changed again since; look at its history.');
		patch[field] = edit.was ?? null;
	}
	return patch;
}

/** True when a record has been written on beside its making. */
function hasMore({ store }: Unit, rowId: string, groups: readonly number[]): boolean {
	const others = store
		.statement('SELECT DISTINCT group_no FROM outbox_op WHERE row_id = ? AND pending = 1')
		.pluck()
		.all(rowId) as number[];
	const foreign = store.statement("SELECT 1 FROM history WHERE row_id = ? AND origin = 'remote' LIMIT 1").get(rowId);
	return foreign !== undefined || others.some((no) => !groups.includes(no));
}
