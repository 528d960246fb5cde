import type { ConflictRow, HandoverRow, HomelessRecord } from '../../shared/contract/sync-models.ts';
import { instantFrom } from './fake-data.ts';
import { halden } from './fake-sync.ts';

/** What waits for a person's word, without a core. Fictional; used in development and tests only. */

export const homeless: HomelessRecord[] = [
	{
		entity: 'note',
		id: 'not-7',
		title: 'What the head of IP said about Korea',
		excerpt: 'The receipt came 9 days late for the third time. They want one named person.',
		account_id: 'acc-2',
		account_name: halden,
		lost: {
			entity: 'visit',
			id: 'vis-9',
			title: 'Quarterly review in Basel',
			deletedAt: instantFrom(-2),
			deletedBy: 'Ben Roth',
			along: [
				{ label: 'attendees', count: 6 },
				{ label: 'checklist items', count: 9 },
			],
		},
		files: 2,
		places: [
			{ parent_type: 'visit', parent_id: 'vis-1', title: 'Workshop “Late instructions”' },
			{ parent_type: 'issue', parent_id: 'iss-2', title: 'I-503 Late receipt from the agent in Korea' },
			{ parent_type: 'account', parent_id: 'acc-2', title: halden },
		],
	},
];

export const handovers: HandoverRow[] = [
	{
		id: 'han-1',
		account_id: 'acc-2',
		account_name: halden,
		from_name: 'Jonas Keller',
		kind: 'APPLIED',
		summary: '2 changes, 1 note',
		written_at: '2026-11-23T18:20:00+09:00',
		received_at: instantFrom(0, -2),
		records: [
			{
				...{ entity: 'issue', id: 'iss-2', kind: 'Issue', title: 'I-503 Late receipt from the agent in Korea' },
				done: 'changed',
				fields: [
					{ label: 'Status', value: 'Waiting for client' },
					{ label: 'Due', value: '2026-12-04' },
				],
			},
			{
				...{ entity: 'note', id: 'not-8', kind: 'Note', title: 'Call with the head of IP' },
				done: 'new',
				fields: [{ label: 'Text', value: 'They want one named person, and the receipt within a week.' }],
			},
			{
				...{ entity: 'task', id: 'tsk-4', kind: 'Task', title: 'Ask the agent for the receipt' },
				...{ done: 'deleted', fields: [] },
			},
		],
		reasons: [],
		mine: false,
	},
	{
		id: 'han-2',
		account_id: 'acc-9',
		account_name: null,
		from_name: 'Mara Lindt',
		kind: 'HELD',
		summary: '1 change',
		written_at: '2026-11-20T09:05:00+01:00',
		received_at: instantFrom(-1),
		records: [
			{
				...{ entity: 'contact', id: 'per-9', kind: 'Contact', title: 'Ines Vogt', done: 'changed' },
				fields: [{ label: 'Phone', value: '+47 51 55 01 20' }],
			},
		],
		reasons: ['no_access'],
		mine: true,
	},
];

export const conflicts: ConflictRow[] = [
	{
		id: 'con-1',
		created_at: instantFrom(-1),
		created_by: null,
		updated_at: instantFrom(-1),
		deleted_at: null,
		account_id: 'acc-2',
		entity: 'issue',
		row_id: 'iss-1',
		field: 'root_cause',
		base_value: 'Cost centre not carried over from the client’s September file.',
		mine_value: 'Cost centre not carried over from the client’s September file; the mapping profile skipped column H.',
		mine_by: 'usr-1',
		mine_at: instantFrom(-3),
		theirs_value: 'Cost centre blank in the client’s September file, rows 212 to 225. Client confirmed by phone.',
		theirs_by: 'usr-2',
		theirs_at: instantFrom(-2),
		decided_at: null,
		decided_by: null,
		choice: null,
		entity_label: 'Issue',
		field_label: 'Root cause',
		record_title: 'Cost centre missing on 14 invoices',
		record_ref: 'I-504',
		account_name: 'Halden Pharma AG',
		base_text: 'Cost centre not carried over from the client’s September file.',
		mine_text: 'Cost centre not carried over from the client’s September file; the mapping profile skipped column H.',
		theirs_text: 'Cost centre blank in the client’s September file, rows 212 to 225. Client confirmed by phone.',
		mine_name: 'Mara Lindt',
		theirs_name: 'Jonas Keller',
		mine_is_me: true,
		standing: {
			value: 'Cost centre blank in the client’s September file, rows 212 to 225. Client confirmed by phone.',
			text: 'Cost centre blank in the client’s September file, rows 212 to 225. Client confirmed by phone.',
			name: 'Jonas Keller',
			is_me: false,
			at: instantFrom(-2),
		},
	},
];
