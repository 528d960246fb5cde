import type { Contract, MethodName } from '../../shared/contract/contract.ts';
import type { ReadTable } from '../../shared/contract/define.ts';

export type QueryName = {
	[N in MethodName]: Contract[N]['kind'] extends 'query' ? N : never;
}[MethodName];

/**
 * The tables each query reads, as the contract declares them. Kept beside the contract so that zod stays out of the
 * start chunk; reads.test.ts holds the two equal.
 */
export const reads: Readonly<Record<QueryName, readonly ReadTable[]>> = {
	'app.info': ['app_user', 'issue', 'note', 'visit', 'patent_asset', 'renewal_event'],
	'users.list': ['app_user'],
	'accounts.list': ['account', 'issue', 'visit', 'note', 'patent_asset', 'renewal_event'],
	'accounts.get': ['account', 'app_user', 'issue', 'visit', 'note', 'patent_asset', 'renewal_event'],
	'accounts.timeline': ['note', 'issue', 'visit', 'import_batch', 'app_user', 'text_update'],
	'contacts.list': ['contact'],
	'assets.list': ['patent_asset'],
	'assets.get': ['patent_asset', 'renewal_event', 'account'],
	'renewals.upcoming': ['renewal_event', 'patent_asset'],
	'issues.list': ['issue', 'account', 'app_user', 'conflict', 'outbox'],
	'issues.get': ['issue', 'account', 'app_user', 'contact', 'patent_asset', 'conflict', 'outbox'],
	'history.list': ['history', 'app_user', 'contact', 'outbox'],
	'visits.list': ['visit', 'account', 'attendee', 'checklist_item', 'note'],
	'visits.get': [
		'visit',
		'account',
		'attendee',
		'checklist_item',
		'note',
		'text_update',
		'issue',
		'renewal_event',
		'patent_asset',
		'app_user',
		'conflict',
		'outbox',
	],
	'notes.list': ['note', 'text_update', 'app_user', 'outbox'],
	'notes.get': ['note', 'text_update', 'account'],
	'tasks.list': ['task', 'account', 'app_user'],
	'search.find': ['account', 'contact', 'issue', 'visit', 'note', 'text_update', 'patent_asset', 'task'],
	'sync.status': ['sync_state', 'outbox', 'conflict', 'handover', 'blob', 'note', 'attachment'],
	'sync.unsent': [
		'outbox',
		'sync_state',
		'app_user',
		'contact',
		'account',
		'issue',
		'visit',
		'note',
		'task',
		'attachment',
		'import_batch',
	],
	'outbox.refused': ['outbox', 'account', 'app_user', 'contact', 'issue', 'visit', 'note', 'task'],
	'receipts.list': ['receipt'],
	'receipts.get': ['receipt'],
	'conflicts.list': ['conflict', 'account', 'app_user', 'issue', 'visit', 'contact', 'task', 'note'],
	'homeless.list': [
		'note',
		'attachment',
		'task',
		'attendee',
		'checklist_item',
		'visit',
		'issue',
		'account',
		'app_user',
		'history',
	],
	'handovers.list': ['handover', 'account', 'app_user'],
	'imports.list': ['import_batch'],
};
