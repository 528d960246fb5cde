import { defineEntity, type RecordOf } from './define.ts';

/** A note. Its body is a Yjs document, so that two people's paragraphs merge; its column `body` holds the plain-text projection, computed on each side and never synced. */
export const note = defineEntity({
	name: 'note',
	table: 'note',
	label: 'Note',
	plural: 'Notes',
	sync: 'two-way',
	title: 'title',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		parent_type: { kind: 'enum', label: 'Belongs to', values: { account: 'Account', visit: 'Visit', issue: 'Issue' } },
		parent_id: { kind: 'text', label: 'Belongs to' },
		title: { kind: 'text', label: 'Title' },
		at: { kind: 'instant', label: 'Written', required: true },
		author_id: { kind: 'ref', label: 'Author', required: true, to: 'app_user' },
		internal: { kind: 'bool', label: 'Internal only' },
		body: { kind: 'text-doc', label: 'Text' },
	},
});

export type Note = RecordOf<typeof note>;
