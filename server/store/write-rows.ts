import { sql } from 'kysely';
import { chain, lockChainEnd } from './audit-chain.ts';
import type {
	HeldOpRow,
	HistoryRow,
	QuarantineRow,
	RecordMoveRow,
	RecordRow,
	Tables,
	TextUpdateRow,
} from './tables.ts';
import type { Trx } from './transaction.ts';

/** Each function writes any number of rows with one statement: columns travel as arrays, so the statement's text never changes. */

const column = <T, K extends keyof T>(rows: readonly T[], name: K) => rows.map((row) => row[name]);

/** Adds records. Throws a unique violation (23505) when one exists. */
export async function insertRecords(trx: Trx, rows: readonly RecordRow[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`insert into record (entity, id, account_id, holder, data, versions, clamped, created_at, created_by, deleted_at, seq, ord, about, about_id)
		select * from unnest(${column(rows, 'entity')}::text[], ${column(rows, 'id')}::text[], ${column(rows, 'account_id')}::text[],
			${column(rows, 'holder')}::text[], ${column(rows, 'data')}::text[]::json[], ${column(rows, 'versions')}::text[],
			${column(rows, 'clamped')}::text[], ${column(rows, 'created_at')}::text[], ${column(rows, 'created_by')}::text[],
			${column(rows, 'deleted_at')}::text[], ${column(rows, 'seq')}::bigint[], ${column(rows, 'ord')}::int[],
			${column(rows, 'about')}::text[], ${column(rows, 'about_id')}::text[])`.execute(trx);
}

/** Replaces the state of records that exist. */
export async function updateRecords(trx: Trx, rows: readonly RecordRow[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`update record r set account_id = u.account_id, holder = u.holder, data = u.data::json, versions = u.versions,
			clamped = u.clamped, deleted_at = u.deleted_at, seq = u.seq, ord = u.ord, about = u.about, about_id = u.about_id
		from unnest(${column(rows, 'entity')}::text[], ${column(rows, 'id')}::text[], ${column(rows, 'account_id')}::text[],
			${column(rows, 'holder')}::text[], ${column(rows, 'data')}::text[], ${column(rows, 'versions')}::text[],
			${column(rows, 'clamped')}::text[], ${column(rows, 'deleted_at')}::text[], ${column(rows, 'seq')}::bigint[],
			${column(rows, 'ord')}::int[], ${column(rows, 'about')}::text[], ${column(rows, 'about_id')}::text[])
			as u(entity, id, account_id, holder, data, versions, clamped, deleted_at, seq, ord, about, about_id)
		where r.entity = u.entity and r.id = u.id`.execute(trx);
}

/** Appends to the history of fields, which is a chain. To be called after `nextSeq`, whose lock keeps the lines in the order of commits. */
export async function insertHistory(trx: Trx, lines: readonly HistoryRow[]): Promise<void> {
	const rows = lines.length === 0 ? [] : chain(await lockChainEnd(trx), lines);
	const last = rows.at(-1);
	if (!last) return;
	await sql`with ended as (update audit_head set lines = ${last.line}, hash = ${last.hash})
		insert into field_history (seq, ord, entity, row_id, field, before, value, version, base, by_user, device, device_at, server_at, outcome, stands_as, conflict_id, line, hash)
		select * from unnest(${column(rows, 'seq')}::bigint[], ${column(rows, 'ord')}::int[], ${column(rows, 'entity')}::text[], ${column(rows, 'row_id')}::text[],
			${column(rows, 'field')}::text[], ${column(rows, 'before')}::text[]::json[], ${column(rows, 'value')}::text[]::json[], ${column(rows, 'version')}::text[],
			${column(rows, 'base')}::text[], ${column(rows, 'by_user')}::text[], ${column(rows, 'device')}::text[],
			${column(rows, 'device_at')}::text[], ${column(rows, 'server_at')}::text[], ${column(rows, 'outcome')}::text[],
			${column(rows, 'stands_as')}::text[], ${column(rows, 'conflict_id')}::text[], ${column(rows, 'line')}::bigint[],
			${column(rows, 'hash')}::text[])`.execute(trx);
}

/** Appends updates of text documents; their bytes are not looked into. */
export async function insertTexts(trx: Trx, rows: readonly TextUpdateRow[]): Promise<void> {
	if (rows.length === 0) return;
	const bytes = rows.map((row) => Buffer.from(row.bytes).toString('base64'));
	await sql`insert into text_update (seq, ord, entity, row_id, field, bytes, hlc, by_user, device, group_no, op_no, device_at, server_at)
		select seq, ord, entity, row_id, field, decode(b64, 'base64'), hlc, by_user, device, group_no, op_no, device_at, server_at
		from unnest(${column(rows, 'seq')}::bigint[], ${column(rows, 'ord')}::int[], ${column(rows, 'entity')}::text[],
			${column(rows, 'row_id')}::text[], ${column(rows, 'field')}::text[], ${bytes}::text[], ${column(rows, 'hlc')}::text[],
			${column(rows, 'by_user')}::text[], ${column(rows, 'device')}::text[], ${column(rows, 'group_no')}::bigint[],
			${column(rows, 'op_no')}::int[], ${column(rows, 'device_at')}::text[], ${column(rows, 'server_at')}::text[])
			as u(seq, ord, entity, row_id, field, b64, hlc, by_user, device, group_no, op_no, device_at, server_at)`.execute(
		trx,
	);
}

/** Notes which groups were taken, and what they were answered. */
export async function insertGroups(trx: Trx, rows: readonly Tables['push_group'][]): Promise<void> {
	if (rows.length === 0) return;
	await sql`insert into push_group (device, no, hash, results, seq)
		select * from unnest(${column(rows, 'device')}::text[], ${column(rows, 'no')}::bigint[], ${column(rows, 'hash')}::text[],
			${column(rows, 'results')}::text[]::json[], ${column(rows, 'seq')}::bigint[])`.execute(trx);
}

/** Keeps refused operations whole. */
export async function insertQuarantine(trx: Trx, rows: readonly QuarantineRow[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`insert into quarantine (device, group_no, op_no, user_id, reason, payload, device_at, server_at)
		select * from unnest(${column(rows, 'device')}::text[], ${column(rows, 'group_no')}::bigint[], ${column(rows, 'op_no')}::int[],
			${column(rows, 'user_id')}::text[], ${column(rows, 'reason')}::text[], ${column(rows, 'payload')}::text[]::json[],
			${column(rows, 'device_at')}::text[], ${column(rows, 'server_at')}::text[])`.execute(trx);
}

/** Notes which records went from one account or person to another. */
export async function insertMoves(trx: Trx, rows: readonly RecordMoveRow[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`insert into record_move (seq, ord, entity, id, from_account, to_account, from_holder, at)
		select * from unnest(${column(rows, 'seq')}::bigint[], ${column(rows, 'ord')}::int[], ${column(rows, 'entity')}::text[],
			${column(rows, 'id')}::text[], ${column(rows, 'from_account')}::text[], ${column(rows, 'to_account')}::text[],
			${column(rows, 'from_holder')}::text[], ${column(rows, 'at')}::text[])`.execute(trx);
}

/** Keeps refused operations at hand whose record may yet come. */
export async function insertHeldOps(trx: Trx, rows: readonly HeldOpRow[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`insert into held_op (device, group_no, op_no, entity, row_id, user_id, account_id, reason, payload, origin, device_at, server_at)
		select * from unnest(${column(rows, 'device')}::text[], ${column(rows, 'group_no')}::bigint[], ${column(rows, 'op_no')}::int[],
			${column(rows, 'entity')}::text[], ${column(rows, 'row_id')}::text[], ${column(rows, 'user_id')}::text[],
			${column(rows, 'account_id')}::text[], ${column(rows, 'reason')}::text[], ${column(rows, 'payload')}::text[]::json[],
			${column(rows, 'origin')}::text[], ${column(rows, 'device_at')}::text[], ${column(rows, 'server_at')}::text[])`.execute(
		trx,
	);
}
