import { decodeRow } from '../../db/codec.ts';
import { type Contact, contact as contactEntity } from '../../shared/entities/contact.ts';
import { type Task, task as taskEntity } from '../../shared/entities/task.ts';
import type { Handlers } from './handler.ts';

/** Colleagues, contacts and tasks: the small things around an account. */
export const peopleHandlers: Handlers<
	| 'users.list'
	| 'contacts.list'
	| 'contacts.create'
	| 'contacts.update'
	| 'contacts.delete'
	| 'tasks.list'
	| 'tasks.create'
	| 'tasks.update'
	| 'tasks.delete'
> = {
	'users.list': ({ db }) =>
		db
			.selectFrom('app_user')
			.select(['id', 'name', 'email', 'role', 'time_zone'])
			.where('deleted_at', 'is', null)
			.orderBy('name')
			.execute(),

	'contacts.list': async ({ db }, { account_id }) => {
		const rows = await db
			.selectFrom('contact')
			.selectAll()
			.where('account_id', '=', account_id)
			.where('deleted_at', 'is', null)
			.orderBy('full_name')
			.execute();
		return rows.map((row) => decodeRow<Contact>(contactEntity, row));
	},
	'contacts.create': async ({ apply, newId }, values) => {
		const id = newId();
		await apply({ kind: 'create', entity: 'contact', id, values: { status: 'ACTIVE', ...values } });
		return { id };
	},
	'contacts.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'contact', id, patch, seen, joins: true }),
	'contacts.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'contact', id }),

	'tasks.list': async ({ db }, { account_id, open }) => {
		let select = db
			.selectFrom('task')
			.leftJoin('account', 'account.id', 'task.account_id')
			.leftJoin('app_user', 'app_user.id', 'task.assignee_id')
			.selectAll('task')
			.select(['account.name as account_name', 'app_user.name as assignee_name'])
			.where('task.deleted_at', 'is', null);
		if (account_id) select = select.where('task.account_id', '=', account_id);
		if (open) select = select.where('task.status', 'not in', ['DONE', 'DROPPED']);
		const rows = await select.orderBy('task.due_date').limit(2000).execute();
		return rows.map((row) => ({
			...decodeRow<Task>(taskEntity, row),
			account_name: row.account_name,
			assignee_name: row.assignee_name,
		}));
	},
	'tasks.create': async ({ apply, newId, session }, values) => {
		const id = newId();
		await apply({ kind: 'create', entity: 'task', id, values: { assignee_id: session.userId, ...values } });
		return { id };
	},
	'tasks.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'task', id, patch, seen, joins: true }),
	'tasks.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'task', id }),
};
