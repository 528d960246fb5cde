import { sql } from 'kysely';
import { addDays } from '../../../shared/domain/days.ts';
import type { Away, DayFact } from '../../../shared/domain/my-day/day-item.ts';
import type { QueryContext } from '../handler.ts';
import { CLOSED } from '../issue-rows.ts';

/** How far ahead an undecided case is a matter of these days. */
const CUTOFF_DAYS = 14;
/** A visit that is over and was not closed is told so long. */
const OVER_DAYS = 30;

/** Open issues of the person. */
export async function issueFacts({ db, session }: QueryContext): Promise<DayFact[]> {
	const rows = await db
		.selectFrom('issue')
		.select(['id', 'account_id', 'title', 'ref_no', 'type', 'priority', 'status', 'due_date'])
		.where('deleted_at', 'is', null)
		.where('owner_id', '=', session.userId)
		.where('status', 'not in', CLOSED)
		.execute();
	return rows.map(({ account_id, due_date, ref_no, title, ...row }) => ({
		...row,
		kind: 'issue',
		accountId: account_id,
		title: `${ref_no} ${title}`,
		due: due_date,
	}));
}

/** Tasks given to the person and not done. */
export async function taskFacts({ db, session }: QueryContext): Promise<DayFact[]> {
	const rows = await db
		.selectFrom('task')
		.select(['id', 'account_id', 'title', 'priority', 'due_date'])
		.where('deleted_at', 'is', null)
		.where('assignee_id', '=', session.userId)
		.where('status', 'not in', ['DONE', 'DROPPED'])
		.execute();
	return rows.map(({ id, account_id, title, priority, due_date }) => ({
		kind: 'task',
		id,
		accountId: account_id,
		title,
		priority,
		due: due_date,
	}));
}

/** Undecided cases by account, for the accounts that the person looks after. */
export async function renewalFacts({ db, session }: QueryContext, today: string): Promise<DayFact[]> {
	const mine = db
		.selectFrom('account')
		.select('id')
		.where('deleted_at', 'is', null)
		.where((eb) => eb.or([eb('sam_user', '=', session.userId), eb('css_user', '=', session.userId)]));
	const rows = await db
		.selectFrom('renewal_event')
		.select('account_id')
		.select((eb) => [
			eb.fn.sum<number>(eb.case().when('client_cutoff', '<', today).then(1).else(0).end()).as('past'),
			eb.fn.sum<number>(eb.case().when('client_cutoff', '>=', today).then(1).else(0).end()).as('undecided'),
			eb.fn.min(eb.case().when('client_cutoff', '>=', today).then(eb.ref('client_cutoff')).end()).as('next'),
		])
		// Literals, not parameters: SQLite matches a partial index by the text of its condition.
		.where(sql<boolean>`status IN ('OPEN', 'REMINDED') AND deleted_at IS NULL`)
		.where('client_cutoff', '<=', addDays(today, CUTOFF_DAYS))
		.where('account_id', 'in', mine)
		.groupBy('account_id')
		.execute();
	return rows.map(({ account_id, past, undecided, next }) => ({
		kind: 'renewals',
		accountId: account_id,
		pastCutoff: past,
		undecided,
		nextCutoff: next,
	}));
}

/** The person's visits that are to be prepared or closed, and the days they are away for. */
export async function visitFacts(
	{ db, session }: QueryContext,
	today: string,
): Promise<{ facts: DayFact[]; away: Away[] }> {
	const rows = await db
		.selectFrom('visit')
		.innerJoin('account', 'account.id', 'visit.account_id')
		.select(['visit.id', 'account_id', 'purpose', 'type', 'local_start', 'local_end', 'account.name'])
		.where('visit.deleted_at', 'is', null)
		.where('owner_id', '=', session.userId)
		.where('visit.status', 'in', ['PLANNED', 'CONFIRMED'])
		.where('local_end', '>=', addDays(today, -OVER_DAYS))
		.execute();
	const lines = await openLines(
		db,
		today,
		rows.map(({ id }) => id),
	);
	const facts = rows.map((row): DayFact => {
		const found = lines.get(row.id);
		return {
			kind: 'visit',
			id: row.id,
			accountId: row.account_id,
			title: row.purpose,
			starts: row.local_start.slice(0, 10),
			ends: row.local_end.slice(0, 10),
			linesOpen: found?.open ?? 0,
			linesTotal: found?.total ?? 0,
			linesDue: found?.due ?? 0,
		};
	});
	const away = rows
		.filter(({ type }) => type !== 'REMOTE')
		.map(({ id, name, local_start, local_end }) => ({
			visitId: id,
			place: name,
			from: local_start.slice(0, 10),
			to: local_end.slice(0, 10),
		}));
	return { facts, away };
}

interface Lines {
	total: number;
	open: number;
	due: number;
}

async function openLines(db: QueryContext['db'], today: string, visits: string[]): Promise<Map<string, Lines>> {
	const rows = await db
		.selectFrom('checklist_item')
		.innerJoin('visit', 'visit.id', 'visit_id')
		.select(['visit_id', 'due_days', 'done_at', 'local_start'])
		.where('checklist_item.deleted_at', 'is', null)
		.where('visit_id', 'in', visits)
		.execute();
	const found = new Map<string, Lines>();
	for (const { visit_id, due_days, done_at, local_start } of rows) {
		const lines = found.get(visit_id) ?? { total: 0, open: 0, due: 0 };
		lines.total++;
		if (done_at === null) {
			lines.open++;
			if (due_days !== null && addDays(local_start.slice(0, 10), -due_days) <= today) lines.due++;
		}
		found.set(visit_id, lines);
	}
	return found;
}

/** What sync asks of the person. */
export async function syncFacts({ db }: QueryContext): Promise<DayFact[]> {
	const conflicts = await db
		.selectFrom('conflict')
		.select((eb) => eb.fn.countAll<number>().as('count'))
		.where('decided_at', 'is', null)
		.where('deleted_at', 'is', null)
		.executeTakeFirstOrThrow();
	const refused = await db
		.selectFrom('outbox_op')
		.innerJoin('outbox', 'outbox.group_no', 'outbox_op.group_no')
		.select((eb) => eb.fn.count<number>('outbox.unit').distinct().as('count'))
		.where('refused', 'is not', null)
		.executeTakeFirstOrThrow();
	const facts: DayFact[] = [];
	if (conflicts.count > 0) facts.push({ kind: 'conflicts', count: conflicts.count });
	if (refused.count > 0) facts.push({ kind: 'refused', count: refused.count });
	return facts;
}
