import { defineEntity, type RecordOf } from './define.ts';

/**
 * Work that reached the server after its account had been taken from its author, or that the server could not apply.
 * What one person goes on writing is one hand-over while it is open; the account's new people and the manager see it in their hand-over tray until
 * one of them has taken it over.
 */
export const handover = defineEntity({
	name: 'handover',
	table: 'handover',
	label: 'Hand-over',
	plural: 'Hand-overs',
	sync: 'two-way',
	since: 2,
	title: 'summary',
	fields: {
		account_id: { kind: 'ref', label: 'Account', to: 'account' },
		from_user: { kind: 'ref', label: 'From', required: true, to: 'app_user' },
		/** `APPLIED`: stands in the records. `HELD`: kept whole, applied nowhere. */
		kind: { kind: 'enum', label: 'State', required: true, values: { APPLIED: 'In the records', HELD: 'Held back' } },
		summary: { kind: 'text', label: 'What', required: true, max: 2000 },
		/** [{entity, row_id, title, field, value, reason?}], at most 500 lines. */
		changes: { kind: 'json', label: 'Changes' },
		/** When the author made it, by the author's clock, with offset. */
		written_at: { kind: 'text', label: 'Written' },
		received_at: { kind: 'instant', label: 'Received', required: true },
		taken_at: { kind: 'instant', label: 'Taken over', policy: 'latest' },
		taken_by: { kind: 'ref', label: 'Taken over by', to: 'app_user', policy: 'latest' },
	},
});

export type Handover = RecordOf<typeof handover>;
