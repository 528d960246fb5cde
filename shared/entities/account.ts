import { defineEntity, type RecordOf } from './define.ts';

/** A client of the renewal service, owned by exactly one SAM. */
export const account = defineEntity({
	name: 'account',
	table: 'account',
	label: 'Account',
	plural: 'Accounts',
	sync: 'two-way',
	title: 'name',
	fields: {
		account_no: { kind: 'text', label: 'Account number', required: true, office: true },
		name: { kind: 'text', label: 'Name', required: true, office: true },
		legal_name: { kind: 'text', label: 'Legal name', office: true },
		tier: {
			kind: 'enum',
			label: 'Tier',
			office: true,
			values: { STRATEGIC: 'Strategic', KEY: 'Key', STANDARD: 'Standard', SMALL: 'Small' },
		},
		segment: {
			kind: 'enum',
			label: 'Segment',
			office: true,
			values: { CORPORATE: 'Corporate', LAW_FIRM: 'Law firm', UNIVERSITY: 'University', OTHER: 'Other' },
		},
		city: { kind: 'text', label: 'City', office: true },
		country: { kind: 'text', label: 'Country', office: true, max: 2 },
		billing_currency: { kind: 'text', label: 'Billing currency', office: true, max: 3 },
		time_zone: { kind: 'text', label: 'Time zone', office: true },
		status: {
			kind: 'enum',
			label: 'Status',
			office: true,
			values: {
				PROSPECT: 'Prospect',
				ONBOARDING: 'Onboarding',
				ACTIVE: 'Active',
				NOTICE_GIVEN: 'Notice given',
				LEFT: 'Left',
			},
		},
		sam_user: { kind: 'ref', label: 'Service account manager', office: true, to: 'app_user' },
		css_user: { kind: 'ref', label: 'Specialist', office: true, to: 'app_user' },
		start_date: { kind: 'date', label: 'Client since', office: true },
		annual_value: { kind: 'amount', label: 'Annual value', office: true, internal: true },
		strategic_value: { kind: 'long-text', label: 'Strategic value', internal: true },
		priorities: { kind: 'long-text', label: 'Client priorities' },
		sponsor_contact_id: { kind: 'ref', label: 'Sponsor', to: 'contact' },
		next_visit_due: { kind: 'date', label: 'Next visit due' },
		office_as_of: { kind: 'instant', label: 'Office data as of', office: true },
	},
});

export type Account = RecordOf<typeof account>;
