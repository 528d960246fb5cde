import { defineEntity, type RecordOf } from './define.ts';

/** A person at the client. Office contacts are read-only but for the SAM's own fields; a SAM may add contacts of their own. */
export const contact = defineEntity({
	name: 'contact',
	table: 'contact',
	label: 'Contact',
	plural: 'Contacts',
	sync: 'two-way',
	title: 'full_name',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		full_name: { kind: 'text', label: 'Name', required: true },
		job_title: { kind: 'text', label: 'Job title' },
		role: {
			kind: 'enum',
			label: 'Role',
			values: {
				INSTRUCTIONS: 'Instructions',
				INVOICES: 'Invoices',
				TECHNICAL: 'Technical',
				SPONSOR: 'Sponsor',
				LEGAL: 'Legal',
				OTHER: 'Other',
			},
		},
		authorised_to_instruct: { kind: 'bool', label: 'May instruct', office: true },
		email: { kind: 'text', label: 'E-mail' },
		phone: { kind: 'text', label: 'Phone' },
		language: { kind: 'text', label: 'Language' },
		time_zone: { kind: 'text', label: 'Time zone' },
		status: { kind: 'enum', label: 'Status', values: { ACTIVE: 'Active', LEFT: 'Left', BOUNCED: 'Mail bounced' } },
		note: { kind: 'long-text', label: 'Note', internal: true },
	},
});

export type Contact = RecordOf<typeof contact>;
