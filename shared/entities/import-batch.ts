import { defineEntity, type RecordOf } from './define.ts';

/** One import of one file: what was read, and how many rows became records. */
export const importBatch = defineEntity({
	name: 'import_batch',
	table: 'import_batch',
	label: 'Import',
	plural: 'Imports',
	sync: 'two-way',
	title: 'file_name',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		file_name: { kind: 'text', label: 'File', required: true },
		sha256: { kind: 'text', label: 'Checksum' },
		sheet: { kind: 'text', label: 'Sheet' },
		encoding: { kind: 'text', label: 'Encoding' },
		delimiter: { kind: 'text', label: 'Delimiter' },
		rows_read: { kind: 'int', label: 'Rows read' },
		rows_ok: { kind: 'int', label: 'Rows imported' },
		rows_rejected: { kind: 'int', label: 'Rows rejected' },
		started_at: { kind: 'instant', label: 'Started' },
		finished_at: { kind: 'instant', label: 'Finished' },
		status: {
			kind: 'enum',
			label: 'Status',
			required: true,
			values: { RUNNING: 'Running', COMMITTED: 'Imported', ROLLED_BACK: 'Undone' },
		},
	},
});

export type ImportBatch = RecordOf<typeof importBatch>;

/** How one client's files are read: remembered after the first confirmed import. */
export const mappingProfile = defineEntity({
	name: 'mapping_profile',
	table: 'mapping_profile',
	label: 'Import mapping',
	plural: 'Import mappings',
	sync: 'two-way',
	title: 'name',
	fields: {
		account_id: { kind: 'ref', label: 'Account', required: true, to: 'account' },
		name: { kind: 'text', label: 'Name', required: true },
		/** Header names in file order, joined; recognises the next file of the same shape. */
		header_key: { kind: 'long-text', label: 'Columns', required: true, policy: 'latest' },
		settings: { kind: 'json', label: 'Settings', required: true, policy: 'latest' },
	},
});

export type MappingProfile = RecordOf<typeof mappingProfile>;
