/**
 * The bytes behind attachments lie in a folder, named by their SHA-256; here is what is known of them. A record of an
 * attachment is not enough to read a file: somebody of the account must have brought its bytes, whole and checked.
 */
export const sql004 = `
create table blob (
	sha256 text primary key,
	size bigint not null,
	created_at text not null
);

create table blob_account (
	sha256 text not null references blob (sha256),
	account_id text not null,
	primary key (sha256, account_id)
);

create table blob_upload (
	id text primary key,
	user_id text not null,
	account_id text not null,
	sha256 text not null,
	size bigint not null,
	created_at text not null,
	touched_at text not null,
	finished_at text,
	unique (user_id, account_id, sha256)
);
create index blob_upload_touched on blob_upload (touched_at);

-- By account only: nothing is read out of a record's values here, which may hold what an expression would stumble over.
create index record_attachment on record (account_id) where entity = 'attachment';
`;
