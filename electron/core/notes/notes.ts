import { decodeRow } from '../../../db/codec.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import { type Note, note as noteEntity } from '../../../shared/entities/note.ts';
import type { Handlers } from '../handler.ts';
import { noteRows } from '../note-rows.ts';

export const noteHandlers: Handlers<
	'notes.list' | 'notes.get' | 'notes.create' | 'notes.update' | 'notes.append' | 'notes.delete'
> = {
	'notes.list': (context, input) => noteRows(context, input),

	'notes.get': async ({ db, readText }, { id }) => {
		const row = await db
			.selectFrom('note')
			.leftJoin('account', 'account.id', 'note.account_id')
			.selectAll('note')
			.select('account.name as account_name')
			.where('note.id', '=', id)
			.executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This note is not on this laptop.');
		const text = readText(id, 'body');
		return {
			note: { ...decodeRow<Note>(noteEntity, row), body: text.text },
			account_name: row.account_name ?? '',
			state: Buffer.from(text.state).toString('base64'),
			damaged: text.damaged,
		};
	},

	'notes.create': async ({ apply, newId, now, session }, input) => {
		const id = newId();
		const values = { ...input, at: now.toISOString(), author_id: session.userId };
		await apply({ kind: 'create', entity: 'note', id, values });
		return { id };
	},

	'notes.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'note', id, patch, seen, joins: true }),

	'notes.append': ({ apply }, { id, update }) =>
		apply({ kind: 'text', entity: 'note', id, field: 'body', update: Buffer.from(update, 'base64') }),

	'notes.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'note', id }),
};
