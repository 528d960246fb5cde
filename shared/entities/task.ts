import { defineEntity, type RecordOf } from './define.ts';

/** Something a person has to do by a day. */
export const task = defineEntity({
	name: 'task',
	table: 'task',
	label: 'Task',
	plural: 'Tasks',
	sync: 'two-way',
	title: 'title',
	fields: {
		account_id: { kind: 'ref', label: 'Account', to: 'account' },
		parent_type: { kind: 'enum', label: 'Belongs to', values: { account: 'Account', visit: 'Visit', issue: 'Issue' } },
		parent_id: { kind: 'text', label: 'Belongs to' },
		title: { kind: 'text', label: 'Title', required: true },
		priority: {
			kind: 'enum',
			label: 'Priority',
			values: { URGENT: 'Urgent', HIGH: 'High', NORMAL: 'Normal', LOW: 'Low' },
		},
		due_date: { kind: 'date', label: 'Due' },
		status: {
			kind: 'enum',
			label: 'Status',
			required: true,
			values: { TODO: 'To do', DOING: 'Doing', WAITING: 'Waiting', DONE: 'Done', DROPPED: 'Dropped' },
		},
		assignee_id: { kind: 'ref', label: 'Assigned to', to: 'app_user' },
	},
});

export type Task = RecordOf<typeof task>;
