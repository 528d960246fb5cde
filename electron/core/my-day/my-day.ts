import type { DayPage } from '../../../shared/contract/day-models.ts';
import type { DayFact } from '../../../shared/domain/my-day/day-item.ts';
import { loadOfDays } from '../../../shared/domain/my-day/day-load.ts';
import { keyOf, rankDay } from '../../../shared/domain/my-day/rank-day.ts';
import type { Handlers, QueryContext } from '../handler.ts';
import { issueFacts, renewalFacts, syncFacts, taskFacts, visitFacts } from './day-facts.ts';

const ROWS = 100;
const WORKING_DAYS = 10;

export const myDayHandlers: Handlers<'day.get'> = { 'day.get': (context, { today }) => readDay(context, today) };

/** All that waits for the person at this laptop, ranked. */
async function readDay(context: QueryContext, today: string): Promise<DayPage> {
	const { facts: visits, away } = await visitFacts(context, today);
	const facts: DayFact[] = [
		...visits,
		...(await issueFacts(context)),
		...(await taskFacts(context)),
		...(await renewalFacts(context, today)),
		...(await syncFacts(context)),
	];
	const items = rankDay(facts, today, away);
	const accounts = await context.db.selectFrom('account').select(['id', 'name']).execute();
	const names = new Map(accounts.map(({ id, name }) => [id, name]));
	const rows = items.slice(0, ROWS).map((item) => {
		const account = accountOf(item.fact);
		return {
			...item,
			id: keyOf(item.fact),
			account_id: account,
			account_name: (account && names.get(account)) ?? null,
		};
	});
	return { rows, total: items.length, days: loadOfDays(items, away, { today, count: WORKING_DAYS }) };
}

function accountOf(fact: DayFact): string | null {
	return 'accountId' in fact ? fact.accountId : null;
}
