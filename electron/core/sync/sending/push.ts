import { readMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { forgetStanding } from '../../../../db/standing.ts';
import { type Group, LIMITS, type OpResult, type PushReply, SCHEMA } from '../../../../shared/sync/protocol.ts';
import { heldGroups } from './held-changes.ts';
import { opsOf, type PlacedResult, placeResults } from './import-rows.ts';
import { hasUrgent, plainQueue, readQueue, type SendScope, sendingOrder } from './outbox-order.ts';

interface OutboxRow {
	group_no: number;
	wire_no: number | null;
	at: string;
	origin: 'person' | 'import';
}

/** How much one push may hold, and what of the queue it is made of. */
export interface PushSize {
	ops: number;
	scope: SendScope;
	/** The newest schema the server knows; what needs a newer one waits, and the rest flows. */
	schema: number;
	/** Groups; fewer where the answer to the first one decides how to go on. */
	groups?: number;
}

/**
 * Takes the next groups to send, inside the caller's transaction: those handed over before whose answer never came, under
 * the numbers they have, then the next of the queue under the next numbers. From here on the server may know them.
 * Whole groups only; empty when nothing is to be sent.
 */
export function takeGroups(store: Store, size: PushSize): Group[] {
	const groups: Group[] = [];
	let ops = 0;
	let bytes = 0;
	const most = Math.min(size.groups ?? LIMITS.opsPerPush, LIMITS.opsPerPush);
	let next = nextWireNo(store);
	for (const row of nextRows(store, size, most)) {
		const no = row.wire_no ?? next;
		const group: Group = { no, at: row.at, origin: row.origin, ops: opsOf(store, row.group_no) };
		const length = JSON.stringify(group).length;
		const limit = Math.min(size.ops, LIMITS.opsPerPush);
		const isFull = ops + group.ops.length > limit || bytes + length > (LIMITS.bytesPerPush * limit) / LIMITS.opsPerPush;
		if (groups.length === most || (groups.length > 0 && isFull)) break;
		if (row.wire_no === null) store.statement('UPDATE outbox SET wire_no = ? WHERE group_no = ?').run(no, row.group_no);
		if (no === next) next += 1;
		groups.push(group);
		ops += group.ops.length;
		bytes += length;
	}
	return groups;
}

/** True when something would go in an ordinary round: not while all that is unsent is held here or waits for a newer server. */
export function isAnythingToSend(store: Store): boolean {
	const schema = Number(readMeta(store, 'server_schema') ?? SCHEMA);
	return nextRows(store, { ops: 1, scope: 'all', schema }, 1).length > 0;
}

function nextRows(store: Store, { scope, schema }: PushSize, most: number): OutboxRow[] {
	const handed = store
		.statement(
			'SELECT group_no, wire_no, at, origin FROM outbox WHERE sent_at IS NULL AND wire_no IS NOT NULL ORDER BY wire_no LIMIT ?',
		)
		.all(most) as OutboxRow[];
	if (handed.length === most) return handed;
	const staying = heldGroups(store);
	const isPlain = staying.size === 0 && scope === 'all' && schema >= SCHEMA && !hasUrgent(store);
	const queued = isPlain ? plainQueue(store, most) : sendingOrder(readQueue(store), scope, schema);
	const fresh = queued.filter((no) => !staying.has(no));
	const row = store.statement('SELECT group_no, wire_no, at, origin FROM outbox WHERE group_no = ?');
	return [...handed, ...fresh.slice(0, most - handed.length).map((no) => row.get(no) as OutboxRow)];
}

function nextWireNo(store: Store): number {
	return (
		((store.statement('SELECT max(wire_no) FROM outbox WHERE wire_no IS NOT NULL').pluck().get() as number | null) ??
			0) + 1
	);
}

/** The groups that one answer of the server settled. */
export interface Settled {
	groups: number[];
	results: PlacedResult[];
}

/** Marks what the server has answered, in the caller's transaction; refused operations keep their reason and their text. */
export function acknowledge(store: Store, reply: PushReply, at: string): Settled {
	const groups = store
		.statement('SELECT group_no FROM outbox WHERE wire_no <= ? AND sent_at IS NULL ORDER BY wire_no')
		.pluck()
		.all(reply.ackedThrough) as number[];
	for (const groupNo of groups) {
		store.statement('UPDATE outbox SET sent_at = ?, seq = ? WHERE group_no = ?').run(at, reply.seq, groupNo);
		store.statement('UPDATE outbox_op SET pending = 0 WHERE group_no = ?').run(groupNo);
	}
	const results = placed(store, reply.results, new Set(groups));
	for (const { groupNo, opNo, result } of results) {
		if (result.s !== 'refused') continue;
		store
			.statement('UPDATE outbox_op SET refused = ?, at_fault = ? WHERE group_no = ? AND op_no = ? AND settled IS NULL')
			.run(result.reason ?? 'refused', result.fields?.join(' ') ?? null, groupNo, opNo);
	}
	for (const groupNo of groups) forgetStanding(store, groupNo);
	return { groups, results };
}

/** By group: what is said again of one that was answered before is about the same operations, whatever has gone since. */
function placed(store: Store, results: readonly OpResult[], fresh: ReadonlySet<number>): PlacedResult[] {
	const byWire = store.statement('SELECT group_no FROM outbox WHERE wire_no = ?').pluck();
	return [...Map.groupBy(results, ({ no }) => no)].flatMap(([no, some]) => {
		const groupNo = byWire.get(no) as number | undefined;
		return groupNo !== undefined && fresh.has(groupNo) ? placeResults(store, groupNo, some) : [];
	});
}

/** Queues again what a server that went back in time has lost. Nothing is applied twice: the server counts groups. */
export function replayAfter(store: Store, lastGroup: number): void {
	const lost = 'SELECT group_no FROM outbox WHERE wire_no > ? AND sent_at IS NOT NULL';
	store
		.statement(`UPDATE outbox_op SET pending = 1 WHERE refused IS NULL AND settled IS NULL AND group_no IN (${lost})`)
		.run(lastGroup);
	store.statement('UPDATE outbox SET sent_at = NULL WHERE wire_no > ?').run(lastGroup);
}

/** The last number the server has answered for. */
export function lastAcked(store: Store): number {
	return (store.statement('SELECT max(wire_no) FROM outbox WHERE sent_at IS NOT NULL').pluck().get() as number) ?? 0;
}

/**
 * Drops groups acknowledged before `before` whose commit (`durableSeq`) survives the loss of the server's machine, a few
 * hundred at a time. The newest stay, since they hold the counts. Refused ones wait for the person.
 */
export function pruneSent(store: Store, before: string, durableSeq: number | undefined): void {
	const old = store
		.statement(
			`SELECT group_no FROM outbox o WHERE sent_at < ? AND coalesce(seq, 0) <= ?
			AND group_no < (SELECT max(group_no) FROM outbox)
			AND coalesce(wire_no, 0) < coalesce((SELECT max(wire_no) FROM outbox), 1)
			AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.group_no = o.group_no AND refused IS NOT NULL)
			ORDER BY group_no LIMIT 500`,
		)
		.all(before, durableSeq ?? Number.MAX_SAFE_INTEGER) as { group_no: number }[];
	for (const { group_no } of old) {
		store.statement('DELETE FROM outbox_op WHERE group_no = ?').run(group_no);
		store.statement('DELETE FROM outbox WHERE group_no = ?').run(group_no);
	}
}

/** How many changes a person would say are unsent, and how many operations that is. */
export function countUnsent(store: Store): { changes: number; groups: number } {
	return store
		.statement(
			`SELECT count(DISTINCT CASE WHEN unit BETWEEN 'taken-back:' AND 'taken-back;' THEN NULL ELSE unit END) AS changes,
			count(*) AS groups FROM outbox WHERE sent_at IS NULL`,
		)
		.get() as { changes: number; groups: number };
}
