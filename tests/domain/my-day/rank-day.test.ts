import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../shared/domain/days.ts';
import type { Away, DayFact } from '../../../shared/domain/my-day/day-item.ts';
import { loadOfDays } from '../../../shared/domain/my-day/day-load.ts';
import { keyOf, rankDay } from '../../../shared/domain/my-day/rank-day.ts';

const today = '2026-11-24';
const issue = (patch: Partial<DayFact & { kind: 'issue' }> = {}): DayFact => ({
	kind: 'issue',
	id: 'i-1',
	accountId: 'a-1',
	title: 'I-1 Receipt',
	type: 'QUERY',
	priority: 'NORMAL',
	status: 'OPEN',
	due: '2026-11-27',
	...patch,
});
const osaka: Away = { visitId: 'v-1', place: 'Osaka', from: '2026-11-26', to: '2026-11-27' };
const order = (...facts: DayFact[]) => rankDay(facts, today, []).map(({ fact }) => keyOf(fact));
const why = (fact: DayFact, away: Away[] = []) =>
	rankDay([fact], today, away)[0]?.reasons.map(({ words }) => words) ?? null;

describe('the rank of what waits', () => {
	it('puts what is late before what is due, and a priority before another of the same day', () => {
		expect(
			order(
				issue({ id: 'later', due: '2026-12-20' }),
				issue({ id: 'late', due: '2026-11-20' }),
				issue({ id: 'urgent', priority: 'URGENT' }),
				issue({ id: 'plain' }),
				issue({ id: 'today', due: today }),
			),
		).toEqual(['issue late', 'issue urgent', 'issue today', 'issue plain', 'issue later']);
	});

	it('says each reason in words', () => {
		expect(why(issue({ type: 'COMPLAINT', priority: 'HIGH' }), [osaka])).toEqual([
			'due in 3 days',
			'high priority',
			'complaint',
			'falls on your visit to Osaka',
		]);
		expect(why(issue({ due: '2026-11-23' }))).toEqual(['1 day late']);
		expect(why(issue({ due: null }))).toEqual(['no day set']);
		expect(why({ kind: 'refused', count: 2 })).toEqual(['the office took 2 changes back to you']);
	});

	it('lets what waits for somebody else sink, until it is late', () => {
		const waiting = issue({ id: 'waiting', status: 'WAITING_CLIENT' });
		expect(order(waiting, issue({ id: 'mine' }))).toEqual(['issue mine', 'issue waiting']);
		expect(why({ ...waiting, due: '2026-11-20' } as DayFact)).toEqual(['4 days late']);
	});

	it('tells undecided cases by their first cut-off, and those past it', () => {
		const cases = {
			kind: 'renewals',
			accountId: 'a-1',
			undecided: 12,
			pastCutoff: 3,
			nextCutoff: '2026-11-25',
		} as const;
		expect(why(cases)).toEqual(['first cut-off tomorrow', '3 cases past our cut-off', '12 cases to decide']);
		expect(why({ ...cases, undecided: 0, nextCutoff: null })).toEqual(['3 cases past our cut-off']);
		expect(why({ ...cases, undecided: 0, pastCutoff: 0, nextCutoff: null })).toBeNull();
	});

	it('names a visit that is not prepared, or not closed, and no other', () => {
		const visit = {
			kind: 'visit',
			id: 'v-1',
			accountId: 'a-1',
			title: 'Annual review',
			starts: '2026-11-26',
			ends: '2026-11-27',
			linesOpen: 5,
			linesTotal: 8,
			linesDue: 2,
		} as const;
		expect(why(visit)).toEqual(['begins in 2 days', '3 of 8 prepared', '2 lines should be done']);
		expect(why({ ...visit, linesOpen: 0, linesDue: 0 })).toBeNull();
		expect(why({ ...visit, starts: '2026-12-20', ends: '2026-12-21' })).toBeNull();
		expect(why({ ...visit, starts: '2026-11-10', ends: '2026-11-12' })).toEqual(['over, not yet closed']);
	});

	it('gives every point a reason, never ranks an earlier day below a later one of the same kind, and knows no input order', () => {
		const day = fc.option(fc.integer({ min: -400, max: 400 }).map((days) => addDays(today, days)));
		const facts = fc.uniqueArray(
			fc.record({
				id: fc.string({ minLength: 1 }),
				type: fc.constantFrom('QUERY', 'CONCERN', 'ESCALATION', 'COMPLAINT'),
				priority: fc.constantFrom('URGENT', 'HIGH', 'NORMAL', 'LOW'),
				status: fc.constantFrom('OPEN', 'WAITING_CLIENT', 'WAITING_INTERNAL'),
				due: day,
			}),
			{ selector: ({ id }) => id },
		);
		fc.assert(
			fc.property(facts, (list) => {
				const issues = list.map((fact) => issue(fact));
				const ranked = rankDay(issues, today, []);
				expect(ranked).toHaveLength(list.length);
				expect(rankDay(issues.toReversed(), today, [])).toEqual(ranked);
				for (const { points, reasons } of ranked)
					expect(points).toBe(reasons.reduce((sum, reason) => sum + reason.points, 0));
				for (const [index, item] of ranked.entries())
					for (const below of ranked.slice(index + 1)) {
						const [one, other] = [item.fact, below.fact];
						if (one.kind !== 'issue' || other.kind !== 'issue' || !one.due || !other.due) continue;
						const alike = one.type === other.type && one.priority === other.priority && one.status === other.status;
						if (alike) expect(one.due <= other.due).toBe(true);
					}
			}),
		);
	});
});

describe('the days ahead', () => {
	it('are working days, with what falls on them and where the person is', () => {
		const items = rankDay([issue(), issue({ id: 'i-2' }), issue({ id: 'i-3', due: '2026-11-30' })], today, [osaka]);
		const days = loadOfDays(items, [osaka], { today, count: 5 });
		expect(days).toEqual([
			{ day: '2026-11-24', due: 0, away: [], warning: null },
			{ day: '2026-11-25', due: 0, away: [], warning: null },
			{ day: '2026-11-26', due: 0, away: ['Osaka'], warning: null },
			{ day: '2026-11-27', due: 2, away: ['Osaka'], warning: 'due while away' },
			{ day: '2026-11-30', due: 1, away: [], warning: null },
		]);
	});

	it('warn of two visits on a day, and of more than a day holds', () => {
		const other = { ...osaka, visitId: 'v-2', place: 'Kyoto' };
		const many = Array.from({ length: 7 }, (_, index) => issue({ id: `i-${index}`, due: today }));
		const days = loadOfDays(rankDay(many, today, []), [osaka, other], { today, count: 3 });
		expect(days.map(({ warning }) => warning)).toEqual(['much', null, 'two visits']);
		expect(days[2]?.away).toEqual(['Osaka', 'Kyoto']);
	});
});
