import { sql } from 'kysely';
import { isDismissedFile } from '../../../db/drop-account-files.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { AttachmentRow, FileState, OfflineChoice } from '../../../shared/contract/file-models.ts';
import { mediaTypeOf, plainFileName } from '../../../shared/domain/file-name.ts';
import type { CommandContext, Handlers, QueryContext } from '../handler.ts';
import { addFiles, fetchNow, pasteFile, previewFile, runFilesNow, saveCopy } from './attachment-actions.ts';
import { BUDGET_BYTES } from './budget.ts';

export const attachmentHandlers: Handlers<
	| 'attachments.list'
	| 'attachments.add'
	| 'attachments.paste'
	| 'attachments.rename'
	| 'attachments.setInternal'
	| 'attachments.delete'
	| 'attachments.saveCopy'
	| 'attachments.fetch'
	| 'attachments.preview'
	| 'files.now'
	| 'offline.list'
	| 'offline.choose'
> = {
	'attachments.list': listAttachments,
	'attachments.add': addFiles,
	'attachments.paste': pasteFile,
	'attachments.saveCopy': saveCopy,
	'attachments.fetch': fetchNow,
	'attachments.preview': previewFile,
	'files.now': runFilesNow,

	'attachments.rename': ({ apply }, { id, file_name }) => {
		const name = plainFileName(file_name);
		return apply({ kind: 'set', entity: 'attachment', id, patch: { file_name: name, media_type: mediaTypeOf(name) } });
	},

	'attachments.setInternal': ({ apply }, { id, internal }) =>
		apply({ kind: 'set', entity: 'attachment', id, patch: { internal } }),

	'attachments.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'attachment', id }),

	'offline.list': async (context) => {
		const { used } = await context.db
			.selectFrom('blob')
			.select((eb) => eb.fn.coalesce(eb.fn.sum<number>('size'), eb.lit(0)).as('used'))
			.where('state', '=', 'here')
			.executeTakeFirstOrThrow();
		const choices = [...(await accountChoices(context)), ...(await visitChoices(context))];
		return { choices, usedBytes: Number(used), budgetBytes: BUDGET_BYTES };
	},

	'offline.choose': chooseOffline,
};

interface ListInput {
	parent_type: AttachmentRow['parent_type'];
	parent_id: string;
}

/** The files of one record, newest first. */
async function listAttachments({ db }: QueryContext, { parent_type, parent_id }: ListInput): Promise<AttachmentRow[]> {
	const rows = await db
		.selectFrom('attachment as a')
		.leftJoin('app_user as u', 'u.id', 'a.added_by')
		.leftJoin('blob as b', 'b.sha256', 'a.sha256')
		.leftJoin('blob_queue as up', (join) =>
			join
				.onRef('up.sha256', '=', 'a.sha256')
				.onRef('up.account_id', '=', 'a.account_id')
				.on('up.direction', '=', 'up'),
		)
		.leftJoin('blob_queue as down', (join) =>
			join
				.onRef('down.sha256', '=', 'a.sha256')
				.onRef('down.account_id', '=', 'a.account_id')
				.on('down.direction', '=', 'down'),
		)
		.select(['a.id', 'a.account_id', 'a.parent_type', 'a.parent_id', 'a.file_name', 'a.media_type', 'a.size'])
		.select(['a.added_at', 'a.added_by', 'a.internal', 'u.name as added_by_name', 'b.state', 'b.bytes_here'])
		.select(['up.bytes_done', 'up.problem as up_problem', 'up.next_at as up_next', 'up.direction as up'])
		.select(['down.problem as down_problem', 'down.next_at as down_next', 'down.direction as down'])
		.select(sql<number>`EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = a.id AND o.pending = 1)`.as('unsent'))
		.select(sql<number>`${sql.raw(isDismissedFile('a'))}`.as('dismissed'))
		.where('a.parent_type', '=', parent_type)
		.where('a.parent_id', '=', parent_id)
		.where('a.deleted_at', 'is', null)
		.orderBy('a.added_at', 'desc')
		.orderBy('a.id', 'desc')
		.execute();
	return rows.map((row) => {
		const {
			state,
			bytes_here,
			bytes_done,
			up,
			up_problem,
			up_next,
			down,
			down_problem,
			down_next,
			dismissed,
			...rest
		} = row;
		return {
			...rest,
			parent_type,
			internal: row.internal === null ? null : row.internal === 1,
			...progressOf({ ...row, size: row.size }),
			// Of what the office has refused and the person let be, there is nothing there.
			onlyHere: up !== null || dismissed === 1,
			unsent: row.unsent === 1,
		};
	});
}

interface Progress {
	size: number;
	state: string | null;
	bytes_here: number | null;
	bytes_done: number | null;
	up: string | null;
	up_problem: string | null;
	up_next: string | null;
	down: string | null;
	down_problem: string | null;
	down_next: string | null;
}

export function progressOf(row: Progress): Pick<AttachmentRow, 'state' | 'percent' | 'problem'> {
	const percent = (bytes: number | null) => (bytes && row.size > 0 ? Math.floor((bytes / row.size) * 100) : null);
	if (row.state === 'damaged') {
		const state: FileState = row.down && !row.down_next ? 'fetching' : 'damaged';
		return { state, percent: null, problem: row.up ? 'only_copy' : row.down_problem };
	}
	if (row.state === 'here') {
		if (!row.up) return { state: 'here', percent: null, problem: null };
		const sent = percent(row.bytes_done);
		return { state: sent !== null && !row.up_next ? 'sending' : 'waiting', percent: sent, problem: row.up_problem };
	}
	const come = percent(row.bytes_here);
	if (!row.down) return { state: 'office', percent: come, problem: null };
	return { state: row.down_next || come === null ? 'queued' : 'fetching', percent: come, problem: row.down_problem };
}

const here = sql<number>`count(DISTINCT CASE WHEN b.state = 'here' THEN a.id END)`;

async function accountChoices({ db }: QueryContext): Promise<OfflineChoice[]> {
	const rows = await db
		.selectFrom('offline_choice as c')
		.innerJoin('account', 'account.id', 'c.id')
		.leftJoin('attachment as a', (join) => join.onRef('a.account_id', '=', 'c.id').on('a.deleted_at', 'is', null))
		.leftJoin('blob as b', 'b.sha256', 'a.sha256')
		.select(['c.id', 'account.name as title', 'account.name as account_name', here.as('here')])
		.select((eb) => [
			eb.fn.count<number>('a.id').distinct().as('files'),
			eb.fn.coalesce(eb.fn.sum<number>('a.size'), eb.lit(0)).as('bytes'),
		])
		.where('c.kind', '=', 'account')
		.groupBy('c.id')
		.orderBy('account.name')
		.execute();
	return rows.map((row) => ({ ...row, kind: 'account', bytes: Number(row.bytes) }));
}

async function visitChoices({ db }: QueryContext): Promise<OfflineChoice[]> {
	const rows = await db
		.selectFrom('offline_choice as c')
		.innerJoin('visit', 'visit.id', 'c.id')
		.innerJoin('account', 'account.id', 'visit.account_id')
		.leftJoin('attachment as a', (join) =>
			join
				.on('a.deleted_at', 'is', null)
				.on(sql<boolean>`(a.parent_id = c.id OR a.parent_id IN (SELECT n.id FROM note AS n WHERE n.parent_id = c.id))`),
		)
		.leftJoin('blob as b', 'b.sha256', 'a.sha256')
		.select(['c.id', 'visit.purpose as title', 'account.name as account_name', here.as('here')])
		.select((eb) => [
			eb.fn.count<number>('a.id').distinct().as('files'),
			eb.fn.coalesce(eb.fn.sum<number>('a.size'), eb.lit(0)).as('bytes'),
		])
		.where('c.kind', '=', 'visit')
		.groupBy('c.id')
		.orderBy('visit.starts_at')
		.execute();
	return rows.map((row) => ({ ...row, kind: 'visit', bytes: Number(row.bytes) }));
}

async function chooseOffline(
	{ trx, now, touch }: CommandContext,
	{ kind, id, chosen }: { kind: 'account' | 'visit'; id: string; chosen: boolean },
): Promise<void> {
	if (chosen) {
		const found = await trx.selectFrom(kind).select('id').where('id', '=', id).executeTakeFirst();
		if (!found) throw new CoreError('not_found', 'There is no such record on this laptop.');
		await trx
			.insertInto('offline_choice')
			.values({ kind, id, chosen_at: now.toISOString() })
			.onConflict((conflict) => conflict.doNothing())
			.execute();
	} else {
		await trx.deleteFrom('offline_choice').where('kind', '=', kind).where('id', '=', id).execute();
	}
	touch('attachment');
}
