import { sql } from 'kysely';
import type { WaitingFile } from '../../../shared/contract/file-models.ts';
import type { Handlers, QueryContext } from '../handler.ts';
import { nameOf } from '../words.ts';
import { progressOf } from './attachments.ts';
import { chosen } from './file-queue.ts';

const MOST_LISTED = 500;

export const waitingFileHandlers: Handlers<'files.waiting'> = { 'files.waiting': waitingFiles };

/** Every file on its way: what is to be sent before what is to be fetched, the one that is tried next first. */
async function waitingFiles(context: QueryContext): Promise<WaitingFile[]> {
	const rows = await context.db
		.selectFrom('blob_queue as q')
		.innerJoin('attachment as a', (join) =>
			join.onRef('a.sha256', '=', 'q.sha256').onRef('a.account_id', '=', 'q.account_id'),
		)
		.leftJoin('account', 'account.id', 'a.account_id')
		.leftJoin('blob as b', 'b.sha256', 'q.sha256')
		.select(['a.id', 'a.account_id', 'a.parent_type', 'a.parent_id', 'a.file_name', 'a.media_type', 'a.size'])
		.select(['account.name as account_name', 'b.state', 'b.bytes_here'])
		.select(['q.direction', 'q.bytes_done', 'q.problem', 'q.next_at'])
		.select(sql<number>`EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = a.id AND o.pending = 1)`.as('unsent'))
		.select(sql<number>`${sql.raw(chosen('a'))}`.as('kept'))
		.where('a.deleted_at', 'is', null)
		.orderBy('q.direction', 'desc')
		.orderBy('q.next_at')
		.orderBy('a.size')
		.limit(MOST_LISTED)
		.execute();
	const files: WaitingFile[] = [];
	for (const { state, bytes_here, bytes_done, unsent, kept, next_at, problem, ...row } of rows) {
		const isUp = row.direction === 'up';
		const way = { way: row.direction, problem, next: next_at };
		const none = { way: null, problem: null, next: null };
		const [up, down] = isUp ? [way, none] : [none, way];
		files.push({
			...row,
			direction: isUp ? 'up' : 'down',
			parent_title: (await nameOf(context, row.parent_type, row.parent_id)).title,
			...progressOf({
				...{ size: row.size, state, bytes_here, bytes_done },
				...{ up: up.way, up_problem: up.problem, up_next: up.next },
				...{ down: down.way, down_problem: down.problem, down_next: down.next },
			}),
			nextAt: next_at,
			unsent: unsent === 1,
			kept: kept === 1,
		});
	}
	return files;
}
