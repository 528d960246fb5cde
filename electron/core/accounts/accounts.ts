import { sql } from 'kysely';
import { decodeRow } from '../../../db/codec.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { AccountRow, TimelineLine } from '../../../shared/contract/models.ts';
import { addDays, localDate } from '../../../shared/domain/days.ts';
import { type Account, account as accountEntity } from '../../../shared/entities/account.ts';
import { importBatch } from '../../../shared/entities/import-batch.ts';
import { issue as issueEntity } from '../../../shared/entities/issue.ts';
import { visit as visitEntity } from '../../../shared/entities/visit.ts';
import type { Handlers, QueryContext } from '../handler.ts';

/** How far ahead an undecided renewal counts as one that needs the SAM. */
const UNDECIDED_DAYS = 90;

export const accountHandlers: Handlers<'accounts.list' | 'accounts.get' | 'accounts.timeline' | 'accounts.update'> = {
	'accounts.list': (context) => accountRows(context),

	'accounts.get': async (context, { id }) => {
		const row = await context.db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This account is not on this laptop.');
		const [figures] = await accountRows(context, id);
		const users = await context.db.selectFrom('app_user').select(['id', 'name']).execute();
		const nameOf = (userId: string | null) => users.find((user) => user.id === userId)?.name ?? null;
		return {
			account: decodeRow<Account>(accountEntity, row),
			sam: nameOf(row.sam_user),
			specialist: nameOf(row.css_user),
			figures: figures as AccountRow,
		};
	},

	'accounts.timeline': async (context, { id, offset, limit }) => {
		const lines = [
			...(await noteLines(context, id)),
			...(await issueLines(context, id)),
			...(await otherLines(context, id)),
		];
		return lines.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(offset, offset + limit);
	},

	'accounts.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'account', id, patch, seen, joins: true }),
};

/** The list's rows from the kept figures: no counting of assets or issues while somebody waits. */
async function accountRows({ db, now }: QueryContext, only?: string): Promise<AccountRow[]> {
	const horizon = addDays(localDate(now), UNDECIDED_DAYS);
	let select = db
		.selectFrom('account')
		.leftJoin('account_figure as figure', 'figure.account_id', 'account.id')
		.select(['account.id', 'account_no', 'name', 'city', 'country', 'tier', 'status', 'account.time_zone'])
		.select((eb) => [
			eb.fn.coalesce('figure.assets', sql<number>`0`).as('assets'),
			eb.fn.coalesce('figure.open_issues', sql<number>`0`).as('open_issues'),
			eb.fn.coalesce('figure.urgent_issues', sql<number>`0`).as('urgent_issues'),
			'figure.next_cutoff',
			'figure.last_contact_at',
		])
		.where('account.deleted_at', 'is', null);
	if (only) select = select.where('account.id', '=', only);
	const rows = await select.orderBy('name').execute();
	const undecided = await undecidedByAccount(db, horizon, only);
	const visits = await nextVisits(db, now, only);
	return rows.map((row) => {
		const visit = visits.get(row.id);
		return {
			...row,
			undecided: undecided.get(row.id) ?? 0,
			next_visit_at: visit?.starts_at ?? null,
			next_visit_zone: visit?.time_zone ?? null,
		};
	});
}

async function undecidedByAccount(
	db: QueryContext['db'],
	horizon: string,
	only?: string,
): Promise<Map<string, number>> {
	let select = db
		.selectFrom('renewal_event')
		.select((eb) => ['account_id', eb.fn.countAll<number>().as('n')])
		// Literals, not parameters: SQLite matches a partial index by the text of its condition.
		.where(sql<boolean>`status IN ('OPEN', 'REMINDED') AND deleted_at IS NULL`)
		.where('client_cutoff', '<=', horizon);
	if (only) select = select.where('account_id', '=', only);
	const rows = await select.groupBy('account_id').execute();
	return new Map(rows.map((row) => [row.account_id, row.n]));
}

async function nextVisits(db: QueryContext['db'], now: Date, only?: string) {
	let select = db
		.selectFrom('visit')
		.select((eb) => ['account_id', eb.fn.min('starts_at').as('starts_at'), 'time_zone'])
		.where('deleted_at', 'is', null)
		.where('status', 'in', ['PLANNED', 'CONFIRMED'])
		.where('ends_at', '>=', now.toISOString());
	if (only) select = select.where('account_id', '=', only);
	const rows = await select.groupBy('account_id').execute();
	return new Map(rows.map((row) => [row.account_id, row]));
}

async function noteLines({ db }: QueryContext, accountId: string): Promise<TimelineLine[]> {
	const rows = await db
		.selectFrom('note')
		.leftJoin('app_user', 'app_user.id', 'note.author_id')
		.select(['note.id', 'note.at', 'note.title', 'note.body', 'note.internal', 'app_user.name as who'])
		.where('note.account_id', '=', accountId)
		.where('note.deleted_at', 'is', null)
		.execute();
	return rows.map((row) => ({
		kind: 'note',
		id: row.id,
		at: row.at,
		title: row.title || firstLine(row.body) || 'Empty note',
		detail: (row.body ?? '').slice(0, 200),
		who: row.who,
		internal: row.internal === 1,
	}));
}

async function issueLines({ db }: QueryContext, accountId: string): Promise<TimelineLine[]> {
	const rows = await db
		.selectFrom('issue')
		.leftJoin('app_user', 'app_user.id', 'issue.owner_id')
		.select(['issue.id', 'issue.received_at', 'issue.created_at', 'title', 'ref_no', 'status', 'app_user.name as who'])
		.where('issue.account_id', '=', accountId)
		.where('issue.deleted_at', 'is', null)
		.execute();
	return rows.map((row) => ({
		kind: 'issue',
		id: row.id,
		at: row.received_at ?? row.created_at,
		title: `${row.ref_no} ${row.title}`,
		detail: issueEntity.fields.status.values[row.status],
		who: row.who,
		internal: false,
	}));
}

/** Visits that have begun and imports; a visit to come is not part of what has happened. */
async function otherLines({ db, now }: QueryContext, accountId: string): Promise<TimelineLine[]> {
	const visits = await db
		.selectFrom('visit')
		.select(['id', 'starts_at', 'purpose', 'place', 'status'])
		.where('account_id', '=', accountId)
		.where('starts_at', '<=', now.toISOString())
		.where('deleted_at', 'is', null)
		.execute();
	const imports = await db
		.selectFrom('import_batch')
		.select(['id', 'started_at', 'created_at', 'file_name', 'rows_ok', 'status'])
		.where('account_id', '=', accountId)
		.where('deleted_at', 'is', null)
		.execute();
	return [
		...visits.map((row) => ({
			kind: 'visit' as const,
			id: row.id,
			at: row.starts_at,
			title: row.purpose,
			detail: [visitEntity.fields.status.values[row.status], row.place].filter(Boolean).join(' · '),
			who: null,
			internal: false,
		})),
		...imports.map((row) => ({
			kind: 'import' as const,
			id: row.id,
			at: row.started_at ?? row.created_at,
			title: row.file_name,
			detail: `${importBatch.fields.status.values[row.status]} · ${row.rows_ok ?? 0} rows`,
			who: null,
			internal: true,
		})),
	];
}

function firstLine(text: string | null): string {
	return (text ?? '').split('\n')[0]?.slice(0, 80) ?? '';
}
