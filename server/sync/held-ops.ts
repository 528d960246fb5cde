import { sql } from 'kysely';
import type { Op } from '../../shared/sync/protocol.ts';
import { type Version, versionOf } from '../../shared/sync/version.ts';
import type { HeldOpRow } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import { applyOp } from './apply-op.ts';
import { checkOp } from './check-op.ts';
import type { HeldOp, PushBatch } from './push-batch.ts';
import { recordKey } from './record-state.ts';

/** After this long an edit no longer waits for the one it was made on, which may be lost for good. */
const PATIENCE_MS = 3 * 86_400_000;

type HeldRow = HeldOpRow & { short: string };

/** Operations on the named records that earlier pushes were refused, in the order they came, by recordKey. */
export async function readHeld(
	trx: Trx,
	names: ReadonlyArray<{ entity: string; id: string }>,
): Promise<Map<string, HeldOp[]>> {
	const held = new Map<string, HeldOp[]>();
	if (names.length === 0) return held;
	const { rows } = await sql<HeldRow>`
		select h.device, h.group_no, h.op_no, h.entity, h.row_id, h.user_id, h.account_id, h.reason, h.payload::text as payload,
			h.origin, h.device_at, h.server_at, d.short
		from held_op h join device d on d.id = h.device
		where (h.entity, h.row_id) in (select * from unnest(${names.map((name) => name.entity)}::text[], ${names.map((name) => name.id)}::text[]))
		order by h.server_at, h.device, h.group_no, h.op_no`.execute(trx);
	for (const row of rows) {
		const key = recordKey(row.entity, row.row_id);
		held.set(key, [...(held.get(key) ?? []), readRow(row)]);
	}
	return held;
}

function readRow(row: HeldRow): HeldOp {
	return {
		op: JSON.parse(row.payload) as Op,
		reason: row.reason,
		account: row.account_id,
		heldAt: row.server_at,
		place: {
			no: Number(row.group_no),
			op: row.op_no,
			at: row.device_at,
			origin: row.origin === 'import' ? 'import' : 'person',
			author: { user: row.user_id, device: row.device, short: row.short },
		},
	};
}

/** Versions that held edits were made on. */
export function basesOf(held: ReadonlyMap<string, readonly HeldOp[]>): Version[] {
	return [...held.values()]
		.flat()
		.flatMap(({ op }) => (op.k === 'set' ? Object.values(op.f).flatMap((edit) => edit.base ?? []) : []));
}

/** Which of these versions this store has ever seen on the records in question. */
export async function readSeenBases(trx: Trx, bases: readonly Version[]): Promise<Set<Version>> {
	if (bases.length === 0) return new Set();
	const { rows } = await sql<{ version: string }>`
		select distinct h.version from field_history h join unnest(${[...new Set(bases)]}::text[]) as u(version) on h.version = u.version
		where (h.entity, h.row_id) in (select entity, row_id from held_op)`.execute(trx);
	return new Set(rows.map((row) => row.version));
}

/**
 * Applies held operations whose record has come, each by the rules and with the rights of its own author. An edit waits
 * for the edit it was made on, which its maker may send only with the next push: taken before it, it would look like a
 * clash.
 */
export function releaseHeld(batch: PushBatch): void {
	for (const [key, list] of batch.held) {
		if (!batch.records.has(key)) continue;
		for (const held of list) {
			if (held.reason !== 'no_record' || !isDue(batch, held)) continue;
			batch.released.push(held);
			const checked = checkOp(held.op, held.place.origin);
			if ('refused' in checked) continue;
			applyOp(batch, { ...checked, place: held.place });
		}
	}
}

function isDue(batch: PushBatch, { op, heldAt }: HeldOp): boolean {
	if (op.k !== 'set') return true;
	if (batch.now.getTime() - Date.parse(heldAt) > PATIENCE_MS) return true;
	const record = batch.records.get(recordKey(op.t, op.id));
	return Object.entries(op.f).every(([field, { base }]) => {
		if (base === null || !record) return true;
		return versionOf(record.versions, field) === base || isSeen(batch, { entity: op.t, id: op.id, version: base });
	});
}

function isSeen(batch: PushBatch, { entity, id, version }: { entity: string; id: string; version: Version }): boolean {
	if (batch.seenBases.has(version)) return true;
	return batch.history.some((line) => line.entity === entity && line.row_id === id && line.version === version);
}

/** Forgets what was released; it stays in the quarantine. */
export async function dropReleased(trx: Trx, released: readonly HeldOp[]): Promise<void> {
	if (released.length === 0) return;
	const places = released.map(({ place }) => place);
	await sql`delete from held_op where (device, group_no, op_no) in (select * from unnest(
		${places.map((place) => place.author.device)}::text[], ${places.map((place) => place.no)}::bigint[],
		${places.map((place) => place.op)}::int[]))`.execute(trx);
}
