import type { Generated } from 'kysely';

/** Row types of the server's tables (migrations/). `json` columns are read with a cast to text and parsed by hand. */
export interface Tables {
	meta: MetaRow;
	counter: { id: number; seq: number };
	commit_tag: { seq: number; tag: string };
	record: RecordRow;
	field_history: HistoryRow & { line: number | null; hash: string | null };
	audit_head: { id: number; from_seq: number; lines: number; hash: string };
	text_update: TextUpdateRow;
	device: DeviceRow;
	push_group: { device: string; no: number; hash: string; results: string | null; seq: number };
	quarantine: QuarantineRow;
	assignment: AssignmentTable;
	scope_version: { user_id: string; version: number };
	reporting_line: { user_id: string; manager_id: string };
	record_move: RecordMoveRow;
	held_op: HeldOpRow;
	blob: { sha256: string; size: number; created_at: string };
	/** Accounts that were given a file's bytes. */
	blob_account: { sha256: string; account_id: string };
	blob_upload: BlobUploadRow;
	user_token: { hash: string; user_id: string; created_at: string };
	identity: { issuer: string; subject: string; user_id: string; created_at: string };
	revoked_user: { user_id: string; at: string; by_user: string | null };
	revoked_device: { device: string; at: string; by_user: string | null };
	device_session: { sid: string; device: string; seen_at: string };
	departure: DepartureRow;
	schema_migration: { no: number; hash: string; applied_at: string };
}

export interface MetaRow {
	id: number;
	server_epoch: string;
	cursor_key: string;
	created_at: string;
}

export interface RecordRow {
	entity: string;
	id: string;
	account_id: string | null;
	holder: string | null;
	data: string;
	versions: string;
	clamped: string | null;
	created_at: string;
	created_by: string | null;
	deleted_at: string | null;
	seq: number;
	ord: number;
	/** The entity it is about, where that decides who may see it: a conflict's record, a file's place. */
	about: string | null;
	/** A conflict's record, an attachment's SHA-256. */
	about_id: string | null;
}

export interface HistoryRow {
	seq: number;
	/** Place within the commit. */
	ord: number;
	entity: string;
	row_id: string;
	field: string;
	/** What stood before, and what the edit wrote. */
	before: string | null;
	value: string | null;
	version: string;
	base: string | null;
	by_user: string | null;
	device: string | null;
	device_at: string | null;
	server_at: string;
	outcome: string;
	stands_as: string | null;
	conflict_id: string | null;
}

export interface TextUpdateRow {
	seq: number;
	ord: number;
	entity: string;
	row_id: string;
	field: string;
	bytes: Uint8Array;
	hlc: string;
	by_user: string | null;
	device: string;
	group_no: number;
	op_no: number;
	device_at: string | null;
	server_at: string | null;
}

export interface DeviceRow {
	id: string;
	short: string;
	user_id: string;
	name: string;
	last_group: number;
	nonce: string;
	previous_nonce: string | null;
	seen_seq: number;
	created_at: string;
	last_seen_at: string;
	/** The schema it spoke when it last said hello. */
	schema: number;
}

/** One person's time with one account. Open while `to_seq` is null. */
export interface AssignmentTable {
	user_id: string;
	account_id: string;
	role: Generated<string>;
	/** Follows from who reports to whom. */
	derived: Generated<boolean>;
	from_seq: Generated<number>;
	from_ord: Generated<number>;
	to_seq: number | null;
	to_ord: number | null;
	from_at: string | null;
	to_at: string | null;
}

export interface RecordMoveRow {
	seq: number;
	ord: number;
	entity: string;
	id: string;
	from_account: string | null;
	to_account: string | null;
	/** For a record without an account: who could see it besides its creator. */
	from_holder: string | null;
	at: string;
}

/** A refused operation whose record may yet come, or was itself refused. */
export interface HeldOpRow {
	device: string;
	group_no: number;
	op_no: number;
	entity: string;
	row_id: string;
	user_id: string;
	account_id: string | null;
	reason: string;
	payload: string;
	origin: string;
	device_at: string;
	server_at: string;
}

export interface QuarantineRow {
	device: string;
	group_no: number;
	op_no: number;
	user_id: string;
	reason: string;
	payload: string;
	device_at: string | null;
	server_at: string;
}

/** A file under way, or one that has come. */
export interface BlobUploadRow {
	id: string;
	user_id: string;
	account_id: string;
	sha256: string;
	size: number;
	created_at: string;
	touched_at: string;
	finished_at: string | null;
}

/** A laptop that is to be given up. */
export interface DepartureRow {
	device: string;
	asked_at: string;
	/** When it was told to destroy what it holds. */
	told_at: string | null;
	unsent: number | null;
	contacts: Generated<number>;
	wiped_at: string | null;
}
