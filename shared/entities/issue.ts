import { defineEntity, type RecordOf } from './define.ts';

/** Something a client needs resolved. It has exactly one owner at all times. */
export const issue = defineEntity({
	name: 'issue',
	table: 'issue',
	label: 'Issue',
	plural: 'Issues',
	sync: 'two-way',
	title: 'title',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		ref_no: { kind: 'text', label: 'Reference', required: true },
		title: { kind: 'text', label: 'Title', required: true },
		type: {
			kind: 'enum',
			label: 'Type',
			required: true,
			values: {
				QUERY: 'Query',
				CONCERN: 'Concern',
				ESCALATION: 'Escalation',
				COMPLAINT: 'Complaint',
				AUDIT: 'Audit',
				TREND: 'Trend',
			},
		},
		status: {
			kind: 'enum',
			label: 'Status',
			required: true,
			values: {
				OPEN: 'Open',
				IN_PROGRESS: 'In progress',
				WAITING_CLIENT: 'Waiting for client',
				WAITING_INTERNAL: 'Waiting for colleagues',
				RESOLVED: 'Resolved',
				CLOSED: 'Closed',
			},
		},
		priority: {
			kind: 'enum',
			label: 'Priority',
			required: true,
			values: { URGENT: 'Urgent', HIGH: 'High', NORMAL: 'Normal', LOW: 'Low' },
		},
		owner_id: { kind: 'ref', label: 'Owner', required: true, to: 'app_user' },
		contact_id: { kind: 'ref', label: 'Client contact', to: 'contact' },
		asset_id: { kind: 'ref', label: 'Case', to: 'patent_asset' },
		due_date: { kind: 'date', label: 'Due' },
		received_at: { kind: 'instant', label: 'Received' },
		client_summary: { kind: 'long-text', label: 'Summary for the client' },
		root_cause: { kind: 'long-text', label: 'Root cause', internal: true },
		remedy: { kind: 'long-text', label: 'Remedy', internal: true },
		resolved_at: { kind: 'instant', label: 'Resolved' },
	},
});

export type Issue = RecordOf<typeof issue>;
