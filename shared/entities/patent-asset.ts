import { defineEntity, type RecordOf } from './define.ts';

/** One patent or application in one country. Raw numbers are kept as the client wrote them. */
export const patentAsset = defineEntity({
	name: 'patent_asset',
	table: 'patent_asset',
	label: 'Case',
	plural: 'Cases',
	sync: 'two-way',
	title: 'title',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, office: true, to: 'account' },
		import_batch_id: { kind: 'ref', label: 'Import', office: true, to: 'import_batch' },
		source_row: { kind: 'int', label: 'Row in the file', office: true },
		client_ref: { kind: 'text', label: 'Client reference', office: true },
		provider_ref: { kind: 'text', label: 'Our reference', office: true },
		family_ref: { kind: 'text', label: 'Family', office: true },
		country: { kind: 'text', label: 'Country', office: true, max: 2 },
		title: { kind: 'text', label: 'Title', office: true, max: 2000 },
		owner_name: { kind: 'text', label: 'Owner', office: true, max: 2000 },
		app_no: { kind: 'text', label: 'Application number', office: true },
		pub_no: { kind: 'text', label: 'Publication number', office: true },
		grant_no: { kind: 'text', label: 'Patent number', office: true },
		match_key: { kind: 'text', label: 'Match key', office: true },
		filing_date: { kind: 'date', label: 'Filing date', office: true },
		priority_date: { kind: 'date', label: 'Priority date', office: true },
		pub_date: { kind: 'date', label: 'Publication date', office: true },
		grant_date: { kind: 'date', label: 'Grant date', office: true },
		expiry_date: { kind: 'date', label: 'Expiry date', office: true },
		status: {
			kind: 'enum',
			label: 'Status',
			office: true,
			values: {
				PENDING: 'Pending',
				GRANTED: 'Granted',
				LAPSED_GRACE: 'In grace',
				LAPSED: 'Lapsed',
				ABANDONED: 'Abandoned',
				EXPIRED: 'Expired',
				SOLD: 'Sold',
				TRANSFERRED_OUT: 'Transferred out',
				UNKNOWN: 'Unknown',
			},
		},
		cost_centre: { kind: 'text', label: 'Cost centre', office: true },
		watch: { kind: 'bool', label: 'Watch', policy: 'latest' },
		sam_note: { kind: 'long-text', label: 'My note', internal: true },
	},
});

export type PatentAsset = RecordOf<typeof patentAsset>;
