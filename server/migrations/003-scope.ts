/**
 * Who has which account and since when, where records went, what waits for a record, and an audit that says what a value
 * was before.
 *
 * An assignment is never changed but closed: `from_seq` and `to_seq` are the commits that opened and closed it, with the
 * place in them, so that a laptop can be told of each in the order of the log. Text is searched with patterns instead of
 * json operators, which refuse what the `json` type keeps (an escaped NUL).
 */
export const sql003 = `
alter table assignment drop constraint assignment_pkey;
alter table assignment
	add column role text not null default 'SAM',
	-- Follows from who reports to whom; goes with what it follows from.
	add column derived boolean not null default false,
	add column from_seq bigint not null default 0,
	add column from_ord int not null default 0,
	add column to_seq bigint,
	add column to_ord int,
	add column from_at text,
	add column to_at text,
	add primary key (user_id, account_id, from_seq, from_ord);
update assignment a set role = coalesce((
	select substring(r.data::text from '"role":"([A-Z]+)"') from record r where r.entity = 'app_user' and r.id = a.user_id), 'SAM');
create unique index assignment_open on assignment (user_id, account_id) where to_seq is null;
create index assignment_account on assignment (account_id) where to_seq is null;

-- Locked by a push in share mode and by whoever changes the person's accounts, so that neither works on the other's past.
create table scope_version (
	user_id text primary key,
	version bigint not null
);
insert into scope_version (user_id, version) select distinct user_id, 1 from assignment;

create table reporting_line (
	user_id text primary key,
	manager_id text not null
);

-- What a record is about, where that decides who may see it: a conflict's record ("contact", or "contact.internal" for a
-- field that not everybody sees), a file's place.
alter table record
	add column about text,
	add column about_id text;
update record set about = substring(data::text from '"entity":"([a-z_]+)"'), about_id = substring(data::text from '"row_id":"([^"\\\\]+)"')
	where entity = 'conflict';
update record set about = about || '.internal' where entity = 'conflict'
	and data::text ~ '"field":"(note|annual_value|strategic_value|sam_note|root_cause|remedy)"';
create index record_account on record (account_id, seq, ord);
create index record_about on record (about_id) where about_id is not null;

-- A record that went from one account, or one person, to another.
create table record_move (
	seq bigint not null,
	ord int not null,
	entity text not null,
	id text not null,
	from_account text,
	to_account text,
	from_holder text,
	at text not null,
	primary key (seq, ord)
);
create index record_move_record on record_move (entity, id);

alter table device add column schema int not null default 1;

alter table field_history
	add column ord int not null default 0,
	add column before json;
alter table text_update
	add column device_at text,
	add column server_at text;

-- Refused operations whose record may yet come, or whose record was itself refused. They also lie in quarantine, for good.
create table held_op (
	device text not null,
	group_no bigint not null,
	op_no int not null,
	entity text not null,
	row_id text not null,
	user_id text not null,
	account_id text,
	reason text not null,
	payload json not null,
	origin text not null,
	device_at text not null,
	server_at text not null,
	primary key (device, group_no, op_no)
);
create index held_op_record on held_op (entity, row_id);
`;
