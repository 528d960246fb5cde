/**
 * The database holds the line as well: the server works under the role `fieldbook_app`, which owns nothing and may neither
 * pass nor switch off the policies below. Each transaction says for whom it works (`fieldbook.user`) and how far it
 * reaches (`fieldbook.how`); one that says nothing sees no row.
 *
 * `read`: what this person sees. `write`: a push, which must know of records it may not touch, and writes only where the
 * authors of its edits (`fieldbook.users`) have or had the account. `office`: who has what, and what everybody's streams
 * are poked for. `door`: whose laptop shows its ticket.
 *
 * The owner, who migrates, backs up and restores, has a policy of their own, because FORCE binds owners too.
 */
const TABLES = [
	'record',
	'field_history',
	'text_update',
	'device',
	'push_group',
	'quarantine',
	'assignment',
	'record_move',
	'held_op',
	'blob_account',
	'blob_upload',
] as const;

const isForced = TABLES.map(
	(table) => `alter table ${table} enable row level security;
alter table ${table} force row level security;`,
).join('\n');

const forOwner = TABLES.map(
	(table) =>
		`	execute format('create policy of_owner on ${table} to %I using (true) with check (true)', current_user);`,
).join('\n');

const how = '(select reach_how())';
const me = '(select reach_user())';
const isWriting = `${how} = 'write'`;
const isWide = `${how} in ('write', 'office')`;

/** Accounts a person has now, and accounts somebody of the authors has or had; each is worked out once a query. */
const myAccounts = `array(select a.account_id from assignment a where a.user_id = ${me} and a.to_seq is null)`;
const authorsAccounts = `array(select a.account_id from assignment a where a.user_id = any((select reach_users())::text[]))`;

/** A record that somebody of the authors worked on goes to another account; what they wrote before they knew still counts. */
const wasTheirs = (table: string, id: string) => `exists (select 1 from record_move m
		where m.entity = ${table}.entity and m.id = ${table}.${id} and m.from_account = any(${authorsAccounts}))`;

export const sql006 = `
do $$
begin
	if not exists (select 1 from pg_roles where rolname = 'fieldbook_app') then
		create role fieldbook_app nologin nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
	end if;
exception when duplicate_object or unique_violation then
	-- Another database of the same server was quicker.
	null;
end $$;

create function reach_how() returns text language sql stable as $$
	select coalesce(current_setting('fieldbook.how', true), '') $$;
create function reach_user() returns text language sql stable as $$
	select nullif(current_setting('fieldbook.user', true), '') $$;
-- The authors of a push: who sends it, and whose held edits it releases.
create function reach_users() returns text[] language sql stable as $$
	select string_to_array(nullif(current_setting('fieldbook.users', true), ''), chr(10)) $$;

do $$
begin
	execute format('grant usage on schema %I to fieldbook_app', current_schema());
	execute format('grant select on all tables in schema %I to fieldbook_app', current_schema());
end $$;
grant insert on field_history, text_update, quarantine, push_group, record_move, commit_tag to fieldbook_app;
grant insert, update on assignment, scope_version, blob, blob_account, device_session, departure to fieldbook_app;
-- Whose a laptop is, and who made a record, is said once.
grant insert, update (name, schema, seen_seq, last_seen_at, last_group, nonce, previous_nonce) on device to fieldbook_app;
grant insert, update (account_id, holder, data, versions, clamped, deleted_at, seq, ord, about) on record to fieldbook_app;
grant insert, update, delete on held_op, blob_upload, revoked_user, revoked_device to fieldbook_app;
grant update on counter to fieldbook_app;
grant delete on departure to fieldbook_app;
revoke all on user_token, schema_migration from fieldbook_app;
grant select on user_token, schema_migration to fieldbook_app;

${isForced}

do $$
begin
${forOwner}
end $$;

create policy reading on record for select to fieldbook_app using (${isWide} or (${how} = 'read' and (
	account_id = any(${myAccounts})
	or (account_id is null and (entity in ('app_user', 'device') or created_by = ${me} or holder = ${me}))
	or (entity = 'handover' and (created_by = ${me} or holder = ${me})))));
create policy making on record for insert to fieldbook_app with check (${isWriting} and (
	account_id = any(${authorsAccounts})
	-- What somebody tried to do where they may not, or did too late, is told to those who may.
	or (entity in ('handover', 'conflict') and created_by = any((select reach_users())::text[]))
	or (account_id is null and (entity = 'device' or created_by = any((select reach_users())::text[])))));
create policy changing on record for update to fieldbook_app using (${isWide}) with check (
	(${isWriting} and (account_id is null or account_id = any(${authorsAccounts})
		or (entity in ('handover', 'conflict') and created_by = any((select reach_users())::text[]))
		or ${wasTheirs('record', 'id')}))
	or (${how} = 'office' and entity = 'account'));

create policy reading on text_update for select to fieldbook_app using (${isWriting} or (${how} = 'read' and exists (
	select 1 from record r where r.entity = text_update.entity and r.id = text_update.row_id)));
create policy making on text_update for insert to fieldbook_app with check (${isWriting} and exists (
	select 1 from record r where r.entity = text_update.entity and r.id = text_update.row_id
		and (r.account_id is null or r.account_id = any(${authorsAccounts}) or ${wasTheirs('r', 'id')})));

create policy reading on field_history for select to fieldbook_app using (${isWriting});
create policy making on field_history for insert to fieldbook_app with check (${isWide});

create policy reading on device for select to fieldbook_app using (${how} in ('write', 'office', 'door') or user_id = ${me});
create policy making on device for insert to fieldbook_app with check (${isWriting} and user_id = ${me});
create policy changing on device for update to fieldbook_app using (${isWriting})
	with check (${isWriting} and user_id = ${me});

create policy own on push_group to fieldbook_app using (${isWriting} and exists (
	select 1 from device d where d.id = push_group.device and d.user_id = ${me}));

create policy reading on quarantine for select to fieldbook_app using (${isWriting});
create policy making on quarantine for insert to fieldbook_app with check (${isWriting} and user_id = ${me});

create policy held on held_op to fieldbook_app using (${isWriting}) with check (${isWriting}
	and user_id = any((select reach_users())::text[]));

create policy reading on assignment for select to fieldbook_app using (${isWide} or user_id = ${me}
	or user_id = any((select reach_users())::text[]));
create policy making on assignment for insert to fieldbook_app with check (${how} = 'office');
create policy changing on assignment for update to fieldbook_app using (${how} = 'office') with check (${how} = 'office');

create policy reading on record_move for select to fieldbook_app using (${isWide} or (${how} = 'read' and (
	from_account = any(${myAccounts}) or to_account = any(${myAccounts}) or from_holder = ${me})));
create policy making on record_move for insert to fieldbook_app with check (${isWriting});

create policy reading on blob_account for select to fieldbook_app using (${isWriting} or account_id = any(${myAccounts}));
create policy making on blob_account for insert to fieldbook_app with check (${isWriting} and account_id = any(${authorsAccounts}));

create policy own on blob_upload to fieldbook_app using (${how} = 'office' or user_id = ${me})
	with check (user_id = ${me});
`;
