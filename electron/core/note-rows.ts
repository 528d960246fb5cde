import type { NoteRow } from '../../shared/contract/models.ts';
import type { QueryContext } from './handler.ts';
import { unsentIds } from './issue-rows.ts';

/** Notes of one parent, newest first. */
export async function noteRows(
	context: QueryContext,
	input: { parent_id: string; offset: number; limit: number },
): Promise<NoteRow[]> {
	const rows = await context.db
		.selectFrom('note')
		.leftJoin('app_user', 'app_user.id', 'note.author_id')
		.select([
			'note.id',
			'note.account_id',
			'note.title',
			'note.at',
			'note.internal',
			'parent_type',
			'parent_id',
			'note.body',
		])
		.select('app_user.name as author_name')
		.where('note.parent_id', '=', input.parent_id)
		.where('note.deleted_at', 'is', null)
		.orderBy('note.at', 'desc')
		.offset(input.offset)
		.limit(input.limit)
		.execute();
	const unsent = await unsentIds(context, 'note');
	return rows.map(({ body, ...row }) => ({
		...row,
		internal: row.internal === 1,
		excerpt: (body ?? '').slice(0, 200),
		unsent: unsent.has(row.id),
	}));
}
