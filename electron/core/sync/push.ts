import { decodeRow } from '../../../db/codec.ts';
import type { Store } from '../../../db/open-store.ts';
import type { RangeOp } from '../../../db/outbox.ts';
import { type EntityName, getEntity } from '../../../shared/entities/registry.ts';
import { type Group, LIMITS, type Op, type PushReply } from '../../../shared/sync/protocol.ts';

interface OutboxRow {
	group_no: number;
	at: string;
	origin: 'person' | 'import';
}

interface OpRow {
	entity: EntityName;
	kind: string;
	op: string;
}

/** The next groups to send: whole groups, in order, within the size of one push. Empty when all is acknowledged. */
export function nextGroups(store: Store): Group[] {
	const waiting = store
		.statement('SELECT group_no, at, origin FROM outbox WHERE sent_at IS NULL ORDER BY group_no LIMIT 500')
		.all() as OutboxRow[];
	const groups: Group[] = [];
	let ops = 0;
	let bytes = 0;
	for (const row of waiting) {
		const group: Group = { no: row.group_no, at: row.at, origin: row.origin, ops: opsOf(store, row.group_no) };
		const size = JSON.stringify(group).length;
		if (groups.length > 0 && (ops + group.ops.length > LIMITS.opsPerPush || bytes + size > LIMITS.bytesPerPush)) break;
		groups.push(group);
		ops += group.ops.length;
		bytes += size;
	}
	return groups;
}

function opsOf(store: Store, groupNo: number): Op[] {
	const rows = store
		.statement('SELECT entity, kind, op FROM outbox_op WHERE group_no = ? ORDER BY op_no')
		.all(groupNo) as OpRow[];
	return rows.flatMap((row) => (row.kind === 'range' ? rangeOps(store, row) : [JSON.parse(row.op) as Op]));
}

/** The creates a range stands for. A later edit of such a row is an operation of its own and holds whichever arrives first. */
function rangeOps(store: Store, row: OpRow): Op[] {
	const range = JSON.parse(row.op) as RangeOp;
	const entity = getEntity(row.entity);
	const stored = store
		.statement(`SELECT * FROM ${entity.table} WHERE id BETWEEN ? AND ? AND import_batch_id = ? ORDER BY id`)
		.all(range.fromId, range.toId, range.batch) as object[];
	return stored.map((item) => {
		const record = decodeRow<Record<string, unknown>>(entity, item);
		const v = Object.fromEntries(
			Object.keys(entity.fields)
				.filter((name) => record[name] !== null && record[name] !== undefined)
				.map((name) => [name, record[name]]),
		);
		return { k: 'create', t: row.entity, id: record.id, hlc: range.hlc, v } as Op;
	});
}

/** Marks what the server has answered, in the caller's transaction; refused operations keep their reason and their text. */
export function acknowledge(store: Store, reply: PushReply, at: string): void {
	store.statement('UPDATE outbox SET sent_at = ? WHERE group_no <= ? AND sent_at IS NULL').run(at, reply.ackedThrough);
	// By the index of what is pending: everything ever sent is kept, and its number would lead through all of it.
	store
		.statement('UPDATE outbox_op INDEXED BY outbox_op_pending SET pending = 0 WHERE group_no <= ? AND pending = 1')
		.run(reply.ackedThrough);
	for (const result of reply.results) {
		if (result.s !== 'refused') continue;
		store
			.statement('UPDATE outbox_op SET refused = ? WHERE group_no = ? AND op_no = ?')
			.run(result.reason ?? 'refused', result.no, result.op);
	}
}

/** Queues again what a server that went back in time has lost (sync.md 0.4). Nothing is applied twice: the server counts groups. */
export function replayAfter(store: Store, lastGroup: number): void {
	store.statement('UPDATE outbox SET sent_at = NULL WHERE group_no > ?').run(lastGroup);
	store.statement('UPDATE outbox_op SET pending = 1 WHERE group_no > ? AND refused IS NULL').run(lastGroup);
}

/**
 * Gives the unacknowledged groups the numbers 1, 2, 3 ... of a new device, after the profile turned out to be a copy.
 * What was refused stays to be seen, under numbers below zero; the other acknowledged groups belong to the old device.
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
	const rows = store.statement('SELECT group_no, sent_at FROM outbox ORDER BY group_no').all() as {
		group_no: number;
		sent_at: string | null;
	}[];
	let shown = Math.min(0, rows[0]?.group_no ?? 0);
	let next = 0;
	for (const { group_no, sent_at } of rows) {
		if (group_no > 0) moveGroup(store, group_no, sent_at === null ? ++next : --shown);
	}
}

function moveGroup(store: Store, from: number, to: number): void {
	store.statement('UPDATE outbox SET group_no = ? WHERE group_no = ?').run(to, from);
	store.statement('UPDATE outbox_op SET group_no = ? WHERE group_no = ?').run(to, from);
	store.statement('UPDATE history SET group_no = ? WHERE group_no = ?').run(to, from);
}

/** Drops groups acknowledged before `before`, a few hundred at a time; the newest stays, since it holds the count. Refused ones wait for the person. */
export function pruneSent(store: Store, before: string): void {
	const old = store
		.statement(
			`SELECT group_no FROM outbox o WHERE sent_at < ? AND group_no < (SELECT max(group_no) FROM outbox)
			AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.group_no = o.group_no AND refused IS NOT NULL)
			ORDER BY group_no LIMIT 500`,
		)
		.all(before) as { group_no: number }[];
	for (const { group_no } of old) {
		store.statement('DELETE FROM outbox_op WHERE group_no = ?').run(group_no);
		store.statement('DELETE FROM outbox WHERE group_no = ?').run(group_no);
	}
}

/** How many changes a person would say are unsent, and how many operations that is. */
export function countUnsent(store: Store): { changes: number; groups: number } {
	return store
		.statement('SELECT count(DISTINCT unit) AS changes, count(*) AS groups FROM outbox WHERE sent_at IS NULL')
		.get() as { changes: number; groups: number };
}
