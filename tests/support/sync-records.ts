import type { SeedRecord } from '../../server/seed.ts';

/** Two accounts with one issue each, and the office's data of one asset: enough for the rules of sync. */
export const syncRecords: readonly SeedRecord[] = [
	{ t: 'app_user', id: 'u-sam', v: { name: 'Sam Rivers', role: 'SAM' } },
	{ t: 'account', id: 'a-1', v: { account_no: '1001', name: 'Norrland Turbines', status: 'ACTIVE' } },
	{ t: 'account', id: 'a-2', v: { account_no: '1002', name: 'Delta Optics', status: 'ACTIVE' } },
	{ t: 'issue', id: 'i-1', v: issueValues('a-1') },
	{ t: 'issue', id: 'i-2', v: issueValues('a-2') },
	{ t: 'note', id: 'n-1', v: { account_id: 'a-1', at: '2026-11-20T09:00:00.000Z', author_id: 'u-sam', title: 'Call' } },
	{ t: 'patent_asset', id: 'p-1', v: { account_id: 'a-1', title: 'Blade root', country: 'SE', status: 'GRANTED' } },
	{
		t: 'visit',
		id: 'v-1',
		v: {
			account_id: 'a-1',
			purpose: 'Review',
			type: 'ONSITE',
			status: 'PLANNED',
			starts_at: '2026-12-01T08:00:00.000Z',
			ends_at: '2026-12-01T10:00:00.000Z',
			time_zone: 'Europe/Stockholm',
			local_start: '2026-12-01T09:00',
			local_end: '2026-12-01T11:00',
			owner_id: 'u-sam',
		},
	},
	{ t: 'checklist_item', id: 'c-1', v: { account_id: 'a-1', visit_id: 'v-1', text: 'Agenda', sort_key: 'm' } },
];

/** The values of a plain open issue. */
export function issueValues(accountId: string): Record<string, unknown> {
	return {
		account_id: accountId,
		ref_no: 'Q-1',
		title: 'Late invoice',
		type: 'QUERY',
		status: 'OPEN',
		priority: 'NORMAL',
		owner_id: 'u-sam',
	};
}
