import { sql } from 'kysely';
import { CoreError } from '../../../shared/contract/errors.ts';
import { addDays, daysBetween } from '../../../shared/domain/days.ts';
import { accountHealth } from '../../../shared/domain/health/account-health.ts';
import type { HealthFacts } from '../../../shared/domain/health/health-facts.ts';
import type { Handlers, QueryContext } from '../handler.ts';
import { CLOSED } from '../issue-rows.ts';

export const accountHealthHandlers: Handlers<'accounts.health'> = {
	'accounts.health': async (context, { id, today }) => accountHealth(await readFacts(context, id, today)),
};

async function readFacts(context: QueryContext, id: string, today: string): Promise<HealthFacts> {
	const { db, now } = context;
	const account = await db
		.selectFrom('account')
		.leftJoin('account_figure as figure', 'figure.account_id', 'account.id')
		.select(['status', 'sponsor_contact_id', 'figure.last_contact_at'])
		.where('account.id', '=', id)
		.executeTakeFirst();
	if (!account) throw new CoreError('not_found', 'This account is not on this laptop.');
	const contact = account.last_contact_at?.slice(0, 10);
	const visit = await db
		.selectFrom('visit')
		.select('id')
		.where('account_id', '=', id)
		.where('deleted_at', 'is', null)
		.where('status', 'in', ['PLANNED', 'CONFIRMED'])
		.where('ends_at', '>=', now.toISOString())
		.limit(1)
		.executeTakeFirst();
	return {
		...(await readRenewals(context, id, today)),
		...(await readIssues(context, id, today)),
		...(await readCases(context, id)),
		daysSinceContact: contact ? Math.max(0, daysBetween(contact, today)) : null,
		hasSponsor: account.sponsor_contact_id !== null,
		hasVisitAhead: visit !== undefined,
		noticeGiven: account.status === 'NOTICE_GIVEN',
	};
}

/** Settled in the last twelve months by their due date; undecided past our cut-off at any time. */
async function readRenewals({ db }: QueryContext, id: string, today: string) {
	const settled = await db
		.selectFrom('renewal_event')
		.select((eb) => ['status', eb.fn.countAll<number>().as('n')])
		.where('account_id', '=', id)
		.where('deleted_at', 'is', null)
		.where('due_date', '>=', addDays(today, -365))
		.where('due_date', '<=', today)
		.where('status', 'in', ['PAID', 'PAID_LATE', 'LAPSED'])
		.groupBy('status')
		.execute();
	const undecided = await db
		.selectFrom('renewal_event')
		.select((eb) => eb.fn.countAll<number>().as('n'))
		// Literals, not parameters: SQLite matches a partial index by the text of its condition.
		.where(sql<boolean>`status IN ('OPEN', 'REMINDED') AND deleted_at IS NULL`)
		.where('account_id', '=', id)
		.where('client_cutoff', '<', today)
		.executeTakeFirstOrThrow();
	const of = (status: string) => settled.find((row) => row.status === status)?.n ?? 0;
	return { paidInTime: of('PAID'), paidLate: of('PAID_LATE'), lapsed: of('LAPSED'), pastCutoff: undecided.n };
}

async function readIssues({ db }: QueryContext, id: string, today: string) {
	const rows = await db
		.selectFrom('issue')
		.select(['type', 'due_date', 'asset_id'])
		.where('account_id', '=', id)
		.where('deleted_at', 'is', null)
		.where('status', 'not in', CLOSED)
		.execute();
	const grave = rows.filter(({ type }) => type === 'COMPLAINT' || type === 'ESCALATION');
	const cases = [...new Set(grave.flatMap(({ asset_id }) => asset_id ?? []))];
	const lapsed = await db
		.selectFrom('renewal_event')
		.select('asset_id')
		.distinct()
		.where('asset_id', 'in', cases)
		.where('deleted_at', 'is', null)
		.where('status', '=', 'LAPSED')
		.execute();
	const hasLapsed = new Set(lapsed.map(({ asset_id }) => asset_id));
	return {
		overdueIssues: rows.filter(({ due_date }) => due_date !== null && due_date < today).length,
		openComplaints: rows.filter(({ type }) => type === 'COMPLAINT').length,
		openEscalations: rows.filter(({ type }) => type === 'ESCALATION').length,
		lapseIncidents: grave.filter(({ asset_id }) => asset_id !== null && hasLapsed.has(asset_id)).length,
	};
}

async function readCases({ db }: QueryContext, id: string) {
	const row = await db
		.selectFrom('patent_asset')
		.select((eb) => [
			eb.fn.countAll<number>().as('cases'),
			eb.fn
				.sum<number>(
					sql<number>`CASE WHEN country IS NULL OR filing_date IS NULL OR coalesce(grant_no, app_no, pub_no) IS NULL THEN 1 ELSE 0 END`,
				)
				.as('incomplete'),
		])
		.where('account_id', '=', id)
		.where('deleted_at', 'is', null)
		.executeTakeFirstOrThrow();
	return { cases: row.cases, incompleteCases: row.incomplete ?? 0 };
}
