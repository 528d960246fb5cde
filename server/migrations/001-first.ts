/**
 * The first schema. Frozen once released: a change is a new file with the next number.
 *
 * Instants are UTC ISO strings as on the laptops. Values are `json`, not `jsonb`: it keeps the text as it came, and
 * takes what a laptop may hold and jsonb refuses (an escaped NUL, half a surrogate pair), so that no single value can
 * stop a device's queue.
 */
export const sql001 = `
create table meta (
	id int primary key default 1 check (id = 1),
	server_epoch text not null,
	cursor_key text not null,
	created_at text not null
);

-- One row, locked last in each writing transaction: numbers therefore become visible in their own order.
create table counter (
	id int primary key default 1 check (id = 1),
	seq bigint not null
);
insert into counter (seq) values (0);

-- Newest state of each record. (seq, ord): the commit that last touched it, and its place within that commit.
create table record (
	entity text not null,
	id text not null,
	account_id text,
	-- For records without an account: the person besides its creator who may see it.
	holder text,
	data json not null,
	versions text not null,
	-- Versions that came from a clock running ahead, by field, as they count when two edits are compared.
	clamped text,
	created_at text not null,
	created_by text,
	deleted_at text,
	seq bigint not null,
	ord int not null,
	primary key (entity, id)
);
create index record_seq on record (seq, ord);

create table field_history (
	seq bigint not null,
	entity text not null,
	row_id text not null,
	-- "*": the record as created; "#": deleted or brought back.
	field text not null,
	value json,
	version text not null,
	base text,
	by_user text,
	device text,
	device_at text,
	server_at text not null,
	outcome text not null,
	-- Outcome "same": the standing version this edit agreed with.
	stands_as text,
	conflict_id text
);
create index field_history_row on field_history (entity, row_id, seq);
create index field_history_lost on field_history (version) where outcome in ('same', 'conflict');

create table text_update (
	seq bigint not null,
	ord int not null,
	entity text not null,
	row_id text not null,
	field text not null,
	bytes bytea not null,
	hlc text not null,
	by_user text,
	device text not null,
	group_no bigint not null,
	op_no int not null,
	unique (device, group_no, op_no)
);
create index text_update_seq on text_update (seq, ord);
create index text_update_row on text_update (entity, row_id);

create table device (
	id text primary key,
	short text not null unique,
	user_id text not null,
	name text not null,
	last_group bigint not null,
	nonce text not null,
	previous_nonce text,
	-- Where this device had pulled to when it last said hello.
	seen_seq bigint not null,
	created_at text not null,
	last_seen_at text not null
);

-- One row per accepted group: a group sent again is recognised, must be the same, and gets the same answer.
create table push_group (
	device text not null,
	no bigint not null,
	hash text not null,
	results json,
	seq bigint not null,
	primary key (device, no)
);

-- Operations that were refused, kept whole.
create table quarantine (
	device text not null,
	group_no bigint not null,
	op_no int not null,
	user_id text not null,
	reason text not null,
	payload json not null,
	device_at text,
	server_at text not null,
	primary key (device, group_no, op_no)
);

create table assignment (
	user_id text not null,
	account_id text not null,
	primary key (user_id, account_id)
);

create table user_token (
	hash text primary key,
	user_id text not null,
	created_at text not null
);

-- What happened stays as it was written.
create function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception 'this table is append-only';
end $$;
create trigger field_history_append_only before update or delete or truncate on field_history
	for each statement execute function refuse_change();
create trigger quarantine_append_only before update or delete or truncate on quarantine
	for each statement execute function refuse_change();
`;
