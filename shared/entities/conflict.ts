import { defineEntity, type RecordOf } from './define.ts';

/** The same field edited by two people who had not seen each other's edit. The server makes it; a person decides it. */
export const conflict = defineEntity({
	name: 'conflict',
	table: 'conflict',
	label: 'Conflict',
	plural: 'Conflicts',
	sync: 'two-way',
	title: 'field',
	fields: {
		account_id: { kind: 'ref', label: 'Account', to: 'account' },
		entity: { kind: 'text', label: 'Entity', required: true },
		row_id: { kind: 'text', label: 'Record', required: true },
		field: { kind: 'text', label: 'Field', required: true },
		base_value: { kind: 'json', label: 'Before' },
		mine_value: { kind: 'json', label: 'Sent later' },
		mine_by: { kind: 'ref', label: 'Sent later by', to: 'app_user' },
		mine_at: { kind: 'instant', label: 'Edited' },
		theirs_value: { kind: 'json', label: 'Standing' },
		theirs_by: { kind: 'ref', label: 'Standing by', to: 'app_user' },
		theirs_at: { kind: 'instant', label: 'Edited' },
		decided_at: { kind: 'instant', label: 'Decided', policy: 'latest' },
		decided_by: { kind: 'ref', label: 'Decided by', to: 'app_user', policy: 'latest' },
		choice: {
			kind: 'enum',
			label: 'Choice',
			policy: 'latest',
			values: { mine: 'The later one', theirs: 'The standing one', other: 'Written anew' },
		},
	},
});

export type Conflict = RecordOf<typeof conflict>;

/** A laptop known to the server. Its short name is the tail of every version it makes, so a version tells who edited. */
export const device = defineEntity({
	name: 'device',
	table: 'device',
	label: 'Device',
	plural: 'Devices',
	sync: 'pull',
	title: 'name',
	fields: {
		short: { kind: 'text', label: 'Short name', required: true },
		user_id: { kind: 'ref', label: 'User', required: true, to: 'app_user' },
		name: { kind: 'text', label: 'Name' },
	},
});

export type Device = RecordOf<typeof device>;
