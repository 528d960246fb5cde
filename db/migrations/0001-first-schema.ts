/**
 * The first schema. Frozen: a later change of a table is a later migration. SQL is written out in full so that what
 * an old laptop has can be read here.
 */
export const firstSchema = `
CREATE TABLE account (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_no TEXT NOT NULL,
	name TEXT NOT NULL,
	legal_name TEXT,
	tier TEXT,
	segment TEXT,
	city TEXT,
	country TEXT,
	billing_currency TEXT,
	time_zone TEXT,
	status TEXT,
	sam_user TEXT,
	css_user TEXT,
	start_date TEXT,
	annual_value INTEGER,
	strategic_value TEXT,
	priorities TEXT,
	sponsor_contact_id TEXT,
	next_visit_due TEXT,
	office_as_of TEXT
) STRICT;

CREATE TABLE app_user (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	name TEXT NOT NULL,
	email TEXT,
	role TEXT,
	time_zone TEXT
) STRICT;

CREATE TABLE attendee (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	visit_id TEXT NOT NULL,
	contact_id TEXT,
	name TEXT NOT NULL,
	side TEXT NOT NULL,
	status TEXT
) STRICT;

CREATE TABLE checklist_item (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	visit_id TEXT NOT NULL,
	text TEXT NOT NULL,
	sort_key TEXT NOT NULL,
	due_days INTEGER,
	done_at TEXT,
	done_by TEXT
) STRICT;

CREATE TABLE conflict (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT,
	entity TEXT NOT NULL,
	row_id TEXT NOT NULL,
	field TEXT NOT NULL,
	base_value TEXT,
	mine_value TEXT,
	mine_by TEXT,
	mine_at TEXT,
	theirs_value TEXT,
	theirs_by TEXT,
	theirs_at TEXT,
	decided_at TEXT,
	decided_by TEXT,
	choice TEXT
) STRICT;

CREATE TABLE contact (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	full_name TEXT NOT NULL,
	job_title TEXT,
	role TEXT,
	authorised_to_instruct INTEGER,
	email TEXT,
	phone TEXT,
	language TEXT,
	time_zone TEXT,
	status TEXT,
	note TEXT
) STRICT;

CREATE TABLE device (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	short TEXT NOT NULL,
	user_id TEXT NOT NULL,
	name TEXT
) STRICT;

CREATE TABLE import_batch (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	file_name TEXT NOT NULL,
	sha256 TEXT,
	sheet TEXT,
	encoding TEXT,
	delimiter TEXT,
	rows_read INTEGER,
	rows_ok INTEGER,
	rows_rejected INTEGER,
	started_at TEXT,
	finished_at TEXT,
	status TEXT NOT NULL
) STRICT;

CREATE TABLE issue (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	ref_no TEXT NOT NULL,
	title TEXT NOT NULL,
	type TEXT NOT NULL,
	status TEXT NOT NULL,
	priority TEXT NOT NULL,
	owner_id TEXT NOT NULL,
	contact_id TEXT,
	asset_id TEXT,
	due_date TEXT,
	received_at TEXT,
	client_summary TEXT,
	root_cause TEXT,
	remedy TEXT,
	resolved_at TEXT
) STRICT;

CREATE TABLE mapping_profile (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	name TEXT NOT NULL,
	header_key TEXT NOT NULL,
	settings TEXT NOT NULL
) STRICT;

CREATE TABLE note (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	parent_type TEXT,
	parent_id TEXT,
	title TEXT,
	at TEXT NOT NULL,
	author_id TEXT NOT NULL,
	internal INTEGER,
	body TEXT
) STRICT;

CREATE TABLE patent_asset (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	import_batch_id TEXT,
	source_row INTEGER,
	client_ref TEXT,
	provider_ref TEXT,
	family_ref TEXT,
	country TEXT,
	title TEXT,
	owner_name TEXT,
	app_no TEXT,
	pub_no TEXT,
	grant_no TEXT,
	match_key TEXT,
	filing_date TEXT,
	priority_date TEXT,
	pub_date TEXT,
	grant_date TEXT,
	expiry_date TEXT,
	status TEXT,
	cost_centre TEXT,
	watch INTEGER,
	sam_note TEXT
) STRICT;

CREATE TABLE renewal_event (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	asset_id TEXT NOT NULL,
	import_batch_id TEXT,
	fee_no TEXT,
	window_opens TEXT,
	due_date TEXT,
	free_until TEXT,
	grace_end TEXT,
	client_cutoff TEXT,
	status TEXT,
	official_fee INTEGER,
	service_fee INTEGER,
	surcharge INTEGER,
	currency TEXT
) STRICT;

CREATE TABLE task (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT,
	parent_type TEXT,
	parent_id TEXT,
	title TEXT NOT NULL,
	priority TEXT,
	due_date TEXT,
	status TEXT NOT NULL,
	assignee_id TEXT
) STRICT;

CREATE TABLE visit (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	purpose TEXT NOT NULL,
	type TEXT NOT NULL,
	status TEXT NOT NULL,
	place TEXT,
	starts_at TEXT NOT NULL,
	ends_at TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	local_start TEXT NOT NULL,
	local_end TEXT NOT NULL,
	objectives TEXT,
	outcome TEXT,
	owner_id TEXT NOT NULL
) STRICT;


CREATE INDEX contact_by_account ON contact (account_id);
CREATE INDEX asset_by_account ON patent_asset (account_id, client_ref);
CREATE INDEX asset_by_match_key ON patent_asset (match_key) WHERE match_key IS NOT NULL;
CREATE INDEX asset_by_batch ON patent_asset (import_batch_id) WHERE import_batch_id IS NOT NULL;
CREATE INDEX renewal_by_asset ON renewal_event (asset_id, due_date);
CREATE INDEX renewal_undecided ON renewal_event (account_id, client_cutoff)
	WHERE status IN ('OPEN', 'REMINDED') AND deleted_at IS NULL;
CREATE INDEX renewal_by_batch ON renewal_event (import_batch_id) WHERE import_batch_id IS NOT NULL;
CREATE INDEX issue_by_account ON issue (account_id, status);
CREATE INDEX visit_by_account ON visit (account_id, starts_at);
CREATE INDEX attendee_by_visit ON attendee (visit_id);
CREATE INDEX checklist_by_visit ON checklist_item (visit_id);
CREATE INDEX note_by_parent ON note (parent_id);
CREATE INDEX note_by_account ON note (account_id, at);
CREATE INDEX task_by_account ON task (account_id);
CREATE INDEX conflict_by_row ON conflict (row_id) WHERE decided_at IS NULL;
CREATE INDEX import_by_account ON import_batch (account_id);
CREATE INDEX mapping_by_account ON mapping_profile (account_id);

CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
	group_no INTEGER PRIMARY KEY NOT NULL,
	at TEXT NOT NULL,
	label TEXT NOT NULL,
	origin TEXT NOT NULL,
	batch_id TEXT,
	unit TEXT NOT NULL,
	hlc TEXT NOT NULL,
	sent_at TEXT
) STRICT;
CREATE INDEX outbox_unsent ON outbox (group_no, unit) WHERE sent_at IS NULL;

CREATE TABLE outbox_op (
	group_no INTEGER NOT NULL,
	op_no INTEGER NOT NULL,
	entity TEXT NOT NULL,
	row_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	op TEXT NOT NULL,
	fields TEXT NOT NULL,
	refused TEXT,
	pending INTEGER NOT NULL,
	PRIMARY KEY (group_no, op_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_op_pending ON outbox_op (row_id) WHERE pending = 1;
CREATE INDEX outbox_op_refused ON outbox_op (group_no) WHERE refused IS NOT NULL;

CREATE TABLE history (
	id INTEGER PRIMARY KEY NOT NULL,
	at TEXT NOT NULL,
	by TEXT,
	group_no INTEGER,
	entity TEXT NOT NULL,
	row_id TEXT NOT NULL,
	field TEXT NOT NULL,
	before TEXT,
	after TEXT,
	origin TEXT NOT NULL,
	version TEXT,
	undone INTEGER NOT NULL
) STRICT;
CREATE INDEX history_by_row ON history (row_id);
CREATE INDEX history_undoable ON history (group_no) WHERE origin = 'local' AND undone = 0;

CREATE TABLE text_update (
	id INTEGER PRIMARY KEY NOT NULL,
	entity TEXT NOT NULL,
	row_id TEXT NOT NULL,
	field TEXT NOT NULL,
	bytes BLOB NOT NULL,
	hlc TEXT NOT NULL,
	bad INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX text_update_by_row ON text_update (row_id, field, hlc);

CREATE TABLE account_figure (
	account_id TEXT PRIMARY KEY NOT NULL,
	assets INTEGER NOT NULL,
	open_issues INTEGER NOT NULL,
	urgent_issues INTEGER NOT NULL,
	next_cutoff TEXT,
	last_contact_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE search_doc (
	id INTEGER PRIMARY KEY NOT NULL,
	entity TEXT NOT NULL,
	row_id TEXT NOT NULL UNIQUE,
	account_id TEXT
) STRICT;
CREATE VIRTUAL TABLE search_text USING fts5(
	title, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TABLE search_pending (
	id INTEGER PRIMARY KEY NOT NULL,
	entity TEXT NOT NULL,
	from_id TEXT NOT NULL,
	to_id TEXT NOT NULL
) STRICT;
`;
