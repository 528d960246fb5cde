import { defineEntity, type RecordOf } from './define.ts';

/** One annuity of one asset. The four dates are kept apart: due, last day without surcharge, end of grace, our cut-off. */
export const renewalEvent = defineEntity({
	name: 'renewal_event',
	table: 'renewal_event',
	label: 'Renewal',
	plural: 'Renewals',
	sync: 'two-way',
	title: 'fee_no',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, office: true, to: 'account' },
		asset_id: { kind: 'ref', label: 'Case', required: true, office: true, to: 'patent_asset' },
		import_batch_id: { kind: 'ref', label: 'Import', office: true, to: 'import_batch' },
		fee_no: { kind: 'text', label: 'Annuity', office: true },
		window_opens: { kind: 'date', label: 'Window opens', office: true },
		due_date: { kind: 'date', label: 'Official due date', office: true },
		free_until: { kind: 'date', label: 'Last day without surcharge', office: true },
		grace_end: { kind: 'date', label: 'End of grace', office: true },
		client_cutoff: { kind: 'date', label: 'Our cut-off', office: true },
		status: {
			kind: 'enum',
			label: 'Status',
			office: true,
			values: {
				FUTURE: 'Future',
				OPEN: 'Undecided',
				REMINDED: 'Reminded',
				INSTRUCTED_PAY: 'Pay instructed',
				INSTRUCTED_ABANDON: 'Abandon instructed',
				IN_PROCESS: 'In process',
				PAID: 'Paid',
				PAID_LATE: 'Paid late',
				LAPSED: 'Lapsed',
				CANCELLED: 'Cancelled',
			},
		},
		official_fee: { kind: 'amount', label: 'Official fee', office: true },
		service_fee: { kind: 'amount', label: 'Service fee', office: true },
		surcharge: { kind: 'amount', label: 'Surcharge', office: true },
		currency: { kind: 'text', label: 'Currency', office: true, max: 3 },
	},
});

export type RenewalEvent = RecordOf<typeof renewalEvent>;
