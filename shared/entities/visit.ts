import { defineEntity, type RecordOf } from './define.ts';

/** A visit to a client. Times are UTC instants with the site's zone and the wall time people agreed on: a zone's rules may change before the day. */
export const visit = defineEntity({
	name: 'visit',
	table: 'visit',
	label: 'Visit',
	plural: 'Visits',
	sync: 'two-way',
	title: 'purpose',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		purpose: { kind: 'text', label: 'Purpose', required: true },
		type: {
			kind: 'enum',
			label: 'Type',
			required: true,
			values: { ONSITE: 'On site', REMOTE: 'Remote', USER_GROUP: 'User group', FORUM: 'Forum' },
		},
		status: {
			kind: 'enum',
			label: 'Status',
			required: true,
			values: { PLANNED: 'Planned', CONFIRMED: 'Confirmed', DONE: 'Done', CANCELLED: 'Cancelled' },
		},
		place: { kind: 'text', label: 'Place' },
		starts_at: { kind: 'instant', label: 'Starts', required: true },
		ends_at: { kind: 'instant', label: 'Ends', required: true },
		time_zone: { kind: 'text', label: 'Site time zone', required: true },
		/** Wall time at the site, "2026-11-24T09:00": what holds if the zone's rules change. */
		local_start: { kind: 'text', label: 'Starts at the site', required: true },
		local_end: { kind: 'text', label: 'Ends at the site', required: true },
		objectives: { kind: 'long-text', label: 'Objectives' },
		outcome: { kind: 'long-text', label: 'Outcome' },
		owner_id: { kind: 'ref', label: 'Owner', required: true, to: 'app_user' },
	},
});

export type Visit = RecordOf<typeof visit>;

/** Somebody who takes part in a visit, from either side. */
export const attendee = defineEntity({
	name: 'attendee',
	table: 'attendee',
	label: 'Attendee',
	plural: 'Attendees',
	sync: 'two-way',
	title: 'name',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		visit_id: { kind: 'ref', label: 'Visit', required: true, to: 'visit' },
		contact_id: { kind: 'ref', label: 'Contact', to: 'contact' },
		name: { kind: 'text', label: 'Name', required: true },
		side: { kind: 'enum', label: 'Side', required: true, values: { CLIENT: 'Client', OWN: 'Ours' } },
		status: {
			kind: 'enum',
			label: 'Status',
			policy: 'latest',
			values: { INVITED: 'Invited', ACCEPTED: 'Accepted', DECLINED: 'Declined', ATTENDED: 'Attended' },
		},
	},
});

export type Attendee = RecordOf<typeof attendee>;

/** One line of a visit's checklist. `due_days` counts days before the visit ("T-7"). */
export const checklistItem = defineEntity({
	name: 'checklist_item',
	table: 'checklist_item',
	label: 'Checklist item',
	plural: 'Checklist items',
	sync: 'two-way',
	title: 'text',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		visit_id: { kind: 'ref', label: 'Visit', required: true, to: 'visit' },
		text: { kind: 'text', label: 'Item', required: true },
		sort_key: { kind: 'text', label: 'Order', required: true, policy: 'latest' },
		due_days: { kind: 'int', label: 'Days before the visit' },
		done_at: { kind: 'instant', label: 'Done', policy: 'latest' },
		done_by: { kind: 'ref', label: 'Done by', to: 'app_user', policy: 'latest' },
	},
});

export type ChecklistItem = RecordOf<typeof checklistItem>;
