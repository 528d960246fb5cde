/** Every address of the app, once. Links and commands use these, never text. */
export const places = {
	myDay: '/my-day',
	accounts: '/accounts',
	account: (id: string) => `/accounts/${id}`,
	asset: (id: string) => `/cases/${id}`,
	issues: '/issues',
	issue: (id: string) => `/issues/${id}`,
	newIssue: (accountId?: string) => `/issues/new${accountId ? `/${accountId}` : ''}`,
	travelPrep: '/travel-prep',
	visit: (id: string) => `/travel-prep/${id}`,
	newVisit: (accountId?: string) => `/travel-prep/new${accountId ? `/${accountId}` : ''}`,
	/** A note opens on the page it belongs to. */
	note: (id: string) => `/notes/${id}`,
	import: (accountId: string) => `/accounts/${accountId}/import`,
	/** What waits for the person's word, and the state in full. */
	sync: '/sync',
	unsent: '/sync/unsent',
	receipts: '/sync/receipts',
	receipt: (id: number) => `/sync/receipts/${id}`,
	filesWaiting: '/sync/files',
	trash: '/trash',
	settings: '/settings',
	backups: '/settings/backups',
} as const;

/** Where a record of search, the timeline or the list of unsent changes opens; null for what has no page. */
export function placeOf(record: { entity: string; id: string; account_id?: string | null }): string | null {
	switch (record.entity) {
		case 'account':
			return places.account(record.id);
		case 'patent_asset':
			return places.asset(record.id);
		case 'issue':
			return places.issue(record.id);
		case 'visit':
			return places.visit(record.id);
		case 'note':
			return places.note(record.id);
		default:
			return record.account_id ? places.account(record.account_id) : null;
	}
}

/** The list a page belongs to. */
export function listOf(location: string): string {
	if (location.startsWith('/issues')) return places.issues;
	if (location.startsWith('/settings')) return places.settings;
	if (location.startsWith('/sync')) return location.startsWith(places.receipts) ? places.receipts : places.sync;
	return /^\/(travel-prep|notes)/.test(location) ? places.travelPrep : places.accounts;
}
