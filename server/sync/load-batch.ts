import { sql } from 'kysely';
import { parseVersion } from '../../shared/sync/version.ts';
import type { DeviceRow } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import { editKey, knownKey, type LostEdit, type PushBatch } from './push-batch.ts';
import { type RecordState, readRecord, recordKey, type StoredRecord } from './record-state.ts';
import { accountsOf, type User } from './sync-core.ts';

/** What the operations of a push name, read from them before they are judged. */
export interface Named {
	records: ReadonlyArray<{ entity: string; id: string }>;
	/** Versions the edits were made on. */
	bases: readonly string[];
	/** Versions of edits made under another device's name: a profile that had to take a new one sends again what is unanswered. */
	renamed: readonly string[];
}

/** Reads and locks all that a push needs, with a handful of statements whatever its size. `now` is UTC. */
export async function loadBatch(
	trx: Trx,
	named: Named,
	by: { user: User; device: DeviceRow; now: Date },
): Promise<PushBatch> {
	const records = await lockRecords(trx, named.records);
	const lostEdits = await readLostEdits(trx, named.bases);
	const conflicts = [...lostEdits.values()].flatMap(({ conflictId }) =>
		conflictId ? [{ entity: 'conflict', id: conflictId }] : [],
	);
	for (const [key, record] of await lockRecords(trx, conflicts)) if (!records.has(key)) records.set(key, record);
	return {
		user: by.user.id,
		device: by.device,
		now: by.now,
		accounts: new Set(await accountsOf(trx, by.user.id)),
		records,
		lostEdits,
		known: await readKnown(trx, named),
		changedByOthers: await readForeignChanges(trx, by.device, [...records.values()]),
		userByShort: await readUsers(trx, [...records.values()]),
		touched: new Set(),
		history: [],
		texts: [],
	};
}

/** In id order, so that two pushes which meet in several records cannot wait for each other. */
async function lockRecords(trx: Trx, names: Named['records']): Promise<Map<string, RecordState>> {
	const records = new Map<string, RecordState>();
	if (names.length === 0) return records;
	const { rows } = await sql<StoredRecord>`
		select r.entity, r.id, r.account_id, r.data::text as data, r.versions, r.clamped, r.created_at, r.created_by, r.deleted_at, r.seq
		from record r join (select distinct * from unnest(${names.map((name) => name.entity)}::text[], ${names.map((name) => name.id)}::text[]) as u(entity, id)) u
			on r.entity = u.entity and r.id = u.id
		order by r.entity, r.id for update of r`.execute(trx);
	for (const row of rows) records.set(recordKey(row.entity, row.id), readRecord(row));
	return records;
}

async function readLostEdits(trx: Trx, bases: readonly string[]): Promise<Map<string, LostEdit>> {
	const edits = new Map<string, LostEdit>();
	if (bases.length === 0) return edits;
	const { rows } = await sql<{
		entity: string;
		row_id: string;
		field: string;
		version: string;
		stands_as: string | null;
		conflict_id: string | null;
	}>`
		select entity, row_id, field, version, stands_as, conflict_id from field_history
		where version = any(${[...bases]}::text[]) and outcome in ('same', 'conflict') order by seq`.execute(trx);
	for (const row of rows) {
		edits.set(editKey({ entity: row.entity, id: row.row_id }, row.field, row.version), {
			standsAs: row.stands_as,
			conflictId: row.conflict_id,
		});
	}
	return edits;
}

async function readKnown(trx: Trx, { records, renamed }: Named): Promise<Set<string>> {
	if (renamed.length === 0) return new Set();
	const ids = sql`unnest(${records.map((record) => record.entity)}::text[], ${records.map((record) => record.id)}::text[]) as u(entity, id)`;
	const { rows } = await sql<{ entity: string; row_id: string; version: string; field: string; value: string | null }>`
		select distinct h.entity, h.row_id, h.version, h.field, h.value::text as value
		from field_history h join ${ids} on h.entity = u.entity and h.row_id = u.id where h.version = any(${[...renamed]}::text[])
		union select t.entity, t.row_id, t.hlc, t.field, replace(encode(t.bytes, 'base64'), E'\n', '')
		from text_update t join ${ids} on t.entity = u.entity and t.row_id = u.id where t.hlc = any(${[...renamed]}::text[])`.execute(
		trx,
	);
	return new Set(
		rows.map((row) => knownKey({ t: row.entity, id: row.row_id, hlc: row.version }, row.field, row.value ?? '')),
	);
}

/** The fields of the records that another device has changed since this one last pulled: beside them the receipt says "merged". */
async function readForeignChanges(
	trx: Trx,
	device: DeviceRow,
	records: readonly RecordState[],
): Promise<Map<string, Set<string>>> {
	const newer = records.filter((record) => record.seq > Number(device.seen_seq));
	const fields = new Map<string, Set<string>>();
	if (newer.length === 0) return fields;
	const { rows } = await sql<{ entity: string; row_id: string; field: string }>`
		select distinct h.entity, h.row_id, h.field from field_history h
		join unnest(${newer.map((record) => record.entity)}::text[], ${newer.map((record) => record.id)}::text[]) as u(entity, id)
			on h.entity = u.entity and h.row_id = u.id
		where h.seq > ${Number(device.seen_seq)}::bigint and h.device is distinct from ${device.id} and h.outcome in ('apply', 'later')`.execute(
		trx,
	);
	for (const row of rows) {
		const key = recordKey(row.entity, row.row_id);
		fields.set(key, (fields.get(key) ?? new Set()).add(row.field));
	}
	return fields;
}

async function readUsers(trx: Trx, records: readonly RecordState[]): Promise<Map<string, string>> {
	const versions = new Set(records.flatMap((record) => Object.values(record.versions)));
	const shorts = new Set([...versions].flatMap((version) => parseVersion(version)?.device ?? []));
	if (shorts.size === 0) return new Map();
	const rows = await trx
		.selectFrom('device')
		.select(['short', 'user_id'])
		.where('short', 'in', [...shorts])
		.execute();
	return new Map(rows.map((row) => [row.short, row.user_id]));
}
