/**
 * What only laptops need that have been away is forgotten after the longest time that a laptop may be away; what happened
 * (field_history, quarantine) is never. A file's record is found by what it names.
 */
export const sql008 = `
update record set about_id = substring(data::text from '"sha256":"([0-9a-f]{64})"') where entity = 'attachment';
grant update (about_id) on record to fieldbook_app;
drop index record_attachment;
create index record_attachment on record (about_id, account_id) where entity = 'attachment';

grant delete on record, text_update, push_group, commit_tag to fieldbook_app;
create policy seen_old on record for select to fieldbook_app using ((select reach_how()) = 'forget');
create policy forgetting on record for delete to fieldbook_app
	using ((select reach_how()) = 'forget' and deleted_at is not null);
create policy seen_old on text_update for select to fieldbook_app using ((select reach_how()) = 'forget');
create policy forgetting on text_update for delete to fieldbook_app using ((select reach_how()) = 'forget');
create policy seen_old on push_group for select to fieldbook_app using ((select reach_how()) = 'forget');
create policy forgetting on push_group for delete to fieldbook_app using ((select reach_how()) = 'forget');
create policy seen_old on held_op for select to fieldbook_app using ((select reach_how()) = 'forget');
create policy forgetting on held_op for delete to fieldbook_app using ((select reach_how()) = 'forget');
create policy seen_old on device for select to fieldbook_app using ((select reach_how()) = 'forget');
create policy seen_old on field_history for select to fieldbook_app using ((select reach_how()) = 'forget');
`;
