import { defineEntity, type RecordOf } from './define.ts';

/**
 * A file that belongs to an account, visit, issue or note. The record travels like any other; the bytes are named by
 * their SHA-256 and travel by themselves, so that no record ever waits for a file.
 */
export const attachment = defineEntity({
	name: 'attachment',
	table: 'attachment',
	label: 'File',
	plural: 'Files',
	sync: 'two-way',
	since: 2,
	title: 'file_name',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		parent_type: {
			kind: 'enum',
			label: 'Belongs to',
			required: true,
			values: { account: 'Account', visit: 'Visit', issue: 'Issue', note: 'Note' },
		},
		parent_id: { kind: 'text', label: 'Belongs to', required: true },
		file_name: { kind: 'text', label: 'Name', required: true, max: 255 },
		media_type: { kind: 'text', label: 'Kind' },
		/** Bytes. */
		size: { kind: 'int', label: 'Size', required: true },
		/** Lower-case hex. Names the bytes; never changed. */
		sha256: { kind: 'text', label: 'Checksum', required: true, max: 64 },
		added_at: { kind: 'instant', label: 'Added', required: true },
		added_by: { kind: 'ref', label: 'Added by', required: true, to: 'app_user' },
		internal: { kind: 'bool', label: 'Internal only' },
	},
});

export type Attachment = RecordOf<typeof attachment>;
