import type { IssueRow } from '../../shared/contract/models.ts';
import type { QueryContext } from './handler.ts';

/** Statuses that need nobody any more. */
export const CLOSED = ['RESOLVED', 'CLOSED'] as const;

/** Issues as the list shows them, most pressing first. */
export async function issueRows(
	context: QueryContext,
	input: { account_id?: string | undefined; open: boolean; offset: number; limit: number },
): Promise<IssueRow[]> {
	let select = context.db
		.selectFrom('issue')
		.leftJoin('account', 'account.id', 'issue.account_id')
		.leftJoin('app_user', 'app_user.id', 'issue.owner_id')
		.select([
			'issue.id',
			'issue.ref_no',
			'issue.title',
			'issue.type',
			'issue.status',
			'issue.priority',
			'issue.due_date',
		])
		.select([
			'issue.account_id',
			'issue.owner_id',
			'issue.updated_at',
			'account.name as account_name',
			'app_user.name as owner_name',
		])
		.select((eb) =>
			eb
				.selectFrom('conflict')
				.select((count) => count.fn.countAll<number>().as('n'))
				.whereRef('conflict.row_id', '=', 'issue.id')
				.where('conflict.decided_at', 'is', null)
				.as('conflicts'),
		)
		.where('issue.deleted_at', 'is', null);
	if (input.account_id) select = select.where('issue.account_id', '=', input.account_id);
	if (input.open) select = select.where('issue.status', 'not in', CLOSED);
	const rows = await select
		.orderBy('issue.due_date', (ob) => ob.asc().nullsLast())
		.orderBy('issue.id', 'desc')
		.offset(input.offset)
		.limit(input.limit)
		.execute();
	const unsent = await unsentIds(context, 'issue');
	return rows.map((row) => ({
		...row,
		account_name: row.account_name ?? '',
		conflicts: row.conflicts ?? 0,
		unsent: unsent.has(row.id),
	}));
}

/** Records of an entity with edits the server has not acknowledged. */
export async function unsentIds({ db }: QueryContext, entity: string): Promise<Set<string>> {
	const rows = await db
		.selectFrom('outbox_op')
		.select('row_id')
		.distinct()
		.where('pending', '=', 1)
		.where('entity', '=', entity)
		.execute();
	return new Set(rows.map((row) => row.row_id));
}
