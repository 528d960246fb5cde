/** Row types of the server's tables (migrations/). `json` columns are read with a cast to text and parsed by hand. */
export interface Tables {
	meta: MetaRow;
	counter: { id: number; seq: number };
	commit_tag: { seq: number; tag: string };
	record: RecordRow;
	field_history: HistoryRow;
	text_update: TextUpdateRow;
	device: DeviceRow;
	push_group: { device: string; no: number; hash: string; results: string | null; seq: number };
	quarantine: QuarantineRow;
	assignment: { user_id: string; account_id: string };
	user_token: { hash: string; user_id: string; created_at: string };
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
}

export interface HistoryRow {
	seq: number;
	entity: string;
	row_id: string;
	field: string;
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
