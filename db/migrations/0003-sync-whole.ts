/** Files, hand-overs, receipts, and the person's say over what is sent first. */
export const syncWhole = `
CREATE TABLE attachment (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT NOT NULL,
	parent_type TEXT NOT NULL,
	parent_id TEXT NOT NULL,
	file_name TEXT NOT NULL,
	media_type TEXT,
	size INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	added_at TEXT NOT NULL,
	added_by TEXT NOT NULL,
	internal INTEGER
) STRICT;
CREATE INDEX attachment_parent ON attachment (parent_id) WHERE deleted_at IS NULL;
CREATE INDEX attachment_account ON attachment (account_id) WHERE deleted_at IS NULL;
CREATE INDEX attachment_sha256 ON attachment (sha256);

CREATE TABLE handover (
	id TEXT PRIMARY KEY NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT,
	updated_at TEXT NOT NULL,
	deleted_at TEXT,
	fv TEXT NOT NULL,
	x TEXT,
	account_id TEXT,
	from_user TEXT NOT NULL,
	kind TEXT NOT NULL,
	summary TEXT NOT NULL,
	changes TEXT,
	written_at TEXT,
	received_at TEXT NOT NULL,
	taken_at TEXT,
	taken_by TEXT
) STRICT;
CREATE INDEX handover_open ON handover (received_at) WHERE deleted_at IS NULL AND taken_at IS NULL;

ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_urgent ON outbox (unit) WHERE urgent = 1 AND sent_at IS NULL;
-- The number a group travels under, gap-free per device; given when it is first handed to the network, and never changed
-- on this device. A group without one can still be moved, held back or taken back.
ALTER TABLE outbox ADD COLUMN wire_no INTEGER;
-- Its place among those not yet handed over, when a person moved it; the group's own number otherwise.
ALTER TABLE outbox ADD COLUMN place INTEGER;
-- The server's commit that took it: what is kept until that commit survives the loss of the server's machine.
ALTER TABLE outbox ADD COLUMN seq INTEGER;
UPDATE outbox SET wire_no = group_no WHERE group_no > 0 AND (sent_at IS NOT NULL
	OR group_no <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'sent_through'));
DELETE FROM meta WHERE key = 'sent_through';
CREATE UNIQUE INDEX outbox_wire ON outbox (wire_no) WHERE wire_no IS NOT NULL;
-- What stood before, where the operation itself does not say it: the time of the deletion that an undelete took back.
ALTER TABLE outbox_op ADD COLUMN was TEXT;
-- The fields the server named when it refused the operation, separated by spaces.
ALTER TABLE outbox_op ADD COLUMN at_fault TEXT;
-- 1: it was refused, and the person has dismissed or mended it; it is never anybody's concern again.
ALTER TABLE outbox_op ADD COLUMN settled INTEGER;
CREATE INDEX outbox_op_settled ON outbox_op (row_id) WHERE settled = 1;

-- The office's values of fields whose own edits here are not answered yet: what stands once such an edit is taken back.
CREATE TABLE standing (
	row_id TEXT NOT NULL,
	field TEXT NOT NULL,
	value TEXT,
	version TEXT,
	PRIMARY KEY (row_id, field)
) STRICT, WITHOUT ROWID;

-- What a round of sync did, in words that stay true when the records change or go.
CREATE TABLE receipt (
	id INTEGER PRIMARY KEY NOT NULL,
	started_at TEXT NOT NULL,
	finished_at TEXT NOT NULL,
	sent INTEGER NOT NULL,
	received INTEGER NOT NULL,
	merged INTEGER NOT NULL,
	to_decide INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	bytes_up INTEGER NOT NULL,
	bytes_down INTEGER NOT NULL,
	-- Why the round ended early, as a code; null when it went through.
	problem TEXT,
	-- Lines beyond those kept, as JSON: a count by kind.
	more TEXT NOT NULL,
	-- One line that says it all.
	summary TEXT NOT NULL
) STRICT;

CREATE TABLE receipt_line (
	id INTEGER PRIMARY KEY NOT NULL,
	receipt_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	entity TEXT,
	row_id TEXT,
	account_name TEXT,
	title TEXT NOT NULL,
	detail TEXT NOT NULL,
	by_name TEXT
) STRICT;
CREATE INDEX receipt_line_receipt ON receipt_line (receipt_id, id);

-- Steps of sync without any content: what is needed to tell what went wrong.
CREATE TABLE sync_log (
	id INTEGER PRIMARY KEY NOT NULL,
	at TEXT NOT NULL,
	step TEXT NOT NULL,
	ms INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	items INTEGER NOT NULL,
	problem TEXT
) STRICT;

-- The bytes behind attachments. The file itself lies encrypted beside the store, named by its checksum.
CREATE TABLE blob (
	sha256 TEXT PRIMARY KEY NOT NULL,
	size INTEGER NOT NULL,
	-- here: whole and checked. partial: being fetched. absent: only at the office. damaged: found changed when it was read.
	state TEXT NOT NULL,
	bytes_here INTEGER NOT NULL,
	used_at TEXT NOT NULL
) STRICT;

CREATE TABLE blob_queue (
	sha256 TEXT NOT NULL,
	direction TEXT NOT NULL,
	account_id TEXT NOT NULL,
	upload_url TEXT,
	bytes_done INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL,
	next_at TEXT,
	problem TEXT,
	PRIMARY KEY (sha256, direction, account_id)
) STRICT, WITHOUT ROWID;

-- Accounts and visits whose files are kept on this laptop.
CREATE TABLE offline_choice (
	kind TEXT NOT NULL,
	id TEXT NOT NULL,
	chosen_at TEXT NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Records met while the laptop pulls from the start; what it holds beyond them is swept at the end.
CREATE TABLE pull_seen (
	entity TEXT NOT NULL,
	id TEXT NOT NULL,
	-- The line of a record that is deleted at the office and not yet here: it waits for the end, with everything else that goes.
	line TEXT,
	PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

-- What has been taken from this person and goes as soon as nothing of it is unsent. Entity '' stands for a whole account.
CREATE TABLE leaving (
	entity TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

-- Accounts whose figures are still to be counted after many records came at once.
CREATE TABLE figure_stale (account_id TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;

-- Received rows stand in the order in which they came, not of their ids.
ALTER TABLE search_pending ADD COLUMN from_row INTEGER;
ALTER TABLE search_pending ADD COLUMN to_row INTEGER;

-- The trash: what was deleted in the last days, out of all that is kept.
CREATE INDEX attachment_deleted ON attachment (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX attendee_deleted ON attendee (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX checklist_item_deleted ON checklist_item (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX contact_deleted ON contact (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX issue_deleted ON issue (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX note_deleted ON note (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX task_deleted ON task (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX visit_deleted ON visit (deleted_at) WHERE deleted_at IS NOT NULL;
`;
