import { sql } from 'kysely';
import { parseVersion } from '../../shared/sync/version.ts';
import { addAuthors } from '../store/reach.ts';
import type { DeviceRow } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import { type Access, accessOfAll } from './access.ts';
import { basesOf, readHeld, readSeenBases } from './held-ops.ts';
import { editKey, type FormerPlace, type HeldOp, knownKey, type LostEdit, type PushBatch } from './push-batch.ts';
import { type RecordState, readRecord, recordKey, type StoredRecord } from './record-state.ts';
import type { User } from './sync-core.ts';

/** What the operations of a push name, read from them before they are judged. */
export interface Named {
	records: ReadonlyArray<{ entity: string; id: string }>;
	/** Accounts that records are made in or moved to. */
	accounts: readonly string[];
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
	const { hasHeld } = await holdScope(trx, by.user.id);
	const held = hasHeld ? await readHeld(trx, named.records) : new Map<string, HeldOp[]>();
	const authors = new Set([by.user.id, ...[...held.values()].flat().map(({ place }) => place.author.user)]);
	if (authors.size > 1) await addAuthors(trx, authors);
	const access = await accessOfAll(trx, [...authors]);
	const records = await lockRecords(trx, named.records);
	const heldBases = basesOf(held);
	const lostEdits = await readLostEdits(trx, [...named.bases, ...heldBases]);
	const conflicts = [...lostEdits.values()].flatMap(({ conflictId }) =>
		conflictId ? [{ entity: 'conflict', id: conflictId }] : [],
	);
	for (const [key, record] of await lockRecords(trx, conflicts)) if (!records.has(key)) records.set(key, record);
	const heldIn = [...held.values()].flat().flatMap(({ account }) => account ?? []);
	const foreign = {
		access: access.get(by.user.id),
		records: [...records.values()],
		accounts: [...named.accounts, ...heldIn],
	};
	return {
		author: { user: by.user.id, device: by.device.id, short: by.device.short },
		device: by.device,
		access,
		now: by.now,
		records,
		accounts: await readAccounts(trx, foreign),
		formerPlaces: await readFormerPlaces(trx, foreign),
		lostEdits,
		known: await readKnown(trx, named),
		changedByOthers: await readForeignChanges(trx, by.device, [...records.values()]),
		userByShort: await readUsers(trx, [...records.values()]),
		held,
		seenBases: await readSeenBases(trx, heldBases),
		touched: new Set(),
		kept: new Set(),
		revived: new Map(),
		history: [],
		texts: [],
		handovers: new Map(),
		holding: [],
		released: [],
	};
}

/**
 * Until this transaction ends nobody changes the person's accounts: what is judged by them holds when it becomes visible.
 * Tells as well whether there are held operations at all, which is seldom.
 */
async function holdScope(trx: Trx, user: string): Promise<{ hasHeld: boolean }> {
	const { rows } = await sql<{ held: boolean }>`
		with own as (select version from scope_version where user_id = ${user} for share)
		select exists (select 1 from held_op) as held, (select max(version) from own) as version`.execute(trx);
	return { hasHeld: rows[0]?.held === true };
}

/** In id order, so that two pushes which meet in several records cannot wait for each other. */
async function lockRecords(trx: Trx, names: Named['records']): Promise<Map<string, RecordState>> {
	const records = new Map<string, RecordState>();
	if (names.length === 0) return records;
	const { rows } = await sql<StoredRecord>`
		select r.entity, r.id, r.account_id, r.holder, r.data::text as data, r.versions, r.clamped, r.created_at, r.created_by, r.deleted_at, r.seq
		from record r join (select distinct * from unnest(${names.map((name) => name.entity)}::text[], ${names.map((name) => name.id)}::text[]) as u(entity, id)) u
			on r.entity = u.entity and r.id = u.id
		order by r.entity, r.id for update of r`.execute(trx);
	for (const row of rows) records.set(recordKey(row.entity, row.id), readRecord(row));
	return records;
}

interface Foreign {
	access: Access | undefined;
	records: readonly RecordState[];
	/** That operations name. */
	accounts: readonly string[];
}

/** Of the accounts that are not the sender's, those that exist. */
async function readAccounts(trx: Trx, { access, records, accounts }: Foreign): Promise<Set<string>> {
	const met = new Set([...records.flatMap((record) => record.accountId ?? []), ...accounts]);
	const foreign = [...met].filter((account) => !access?.grants.has(account));
	if (foreign.length === 0) return met;
	const { rows } = await sql<{ id: string }>`
		select id from record where entity = 'account' and id = any(${foreign}::text[])`.execute(trx);
	const found = new Set(rows.map((row) => row.id));
	return new Set([...met].filter((account) => found.has(account) || access?.grants.has(account)));
}

/** Where records were that are in no account of the sender's now. */
async function readFormerPlaces(trx: Trx, { access, records }: Foreign): Promise<Map<string, FormerPlace[]>> {
	const places = new Map<string, FormerPlace[]>();
	const foreign = records.filter(({ accountId }) => accountId !== null && !access?.grants.has(accountId));
	if (foreign.length === 0) return places;
	const { rows } = await sql<{ entity: string; id: string; from_account: string; at: string }>`
		select m.entity, m.id, m.from_account, m.at from record_move m
		join unnest(${foreign.map((record) => record.entity)}::text[], ${foreign.map((record) => record.id)}::text[]) as u(entity, id)
			on m.entity = u.entity and m.id = u.id
		where m.from_account is not null order by m.seq`.execute(trx);
	for (const { entity, id, from_account, at } of rows) {
		const key = recordKey(entity, id);
		places.set(key, [...(places.get(key) ?? []), { account: from_account, until: at }]);
	}
	return places;
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
