import { counted } from '../counted.ts';
import { daysBetween } from '../days.ts';
import type { Away, DayFact, DayItem, DayReason } from './day-item.ts';

/** Points by how many days are left: what is late comes first, what is weeks off last. */
const bySpan: readonly { until: number; points: number }[] = [
	{ until: 0, points: 90 },
	{ until: 1, points: 80 },
	{ until: 3, points: 70 },
	{ until: 7, points: 55 },
	{ until: 14, points: 35 },
	{ until: Number.POSITIVE_INFINITY, points: 15 },
];
const LATE = 100;
/** Each day of lateness counts for one more, but a month at most. */
const MOST_LATE_DAYS = 30;
const NO_DAY = 10;

const ofPriority: Readonly<Record<string, DayReason>> = {
	URGENT: { words: 'urgent', points: 30 },
	HIGH: { words: 'high priority', points: 15 },
	LOW: { words: 'low priority', points: -10 },
};
const ofType: Readonly<Record<string, DayReason>> = {
	ESCALATION: { words: 'escalation', points: 25 },
	COMPLAINT: { words: 'complaint', points: 20 },
	CONCERN: { words: 'concern', points: 10 },
};
const ofWaiting: Readonly<Record<string, DayReason>> = {
	WAITING_CLIENT: { words: 'waiting for the client', points: -25 },
	WAITING_INTERNAL: { words: 'waiting for colleagues', points: -15 },
};

/** How far ahead a visit that is not prepared belongs on the list. */
const PREPARE_DAYS = 14;
const MOST_CASES = 15;

/**
 * What waits, in the order in which it deserves the person's time, each with the reasons of its rank in words. The points are
 * the product's own rule: days left, then priority and kind, less while somebody else has the ball; a day that falls on a
 * visit counts for more, since it must be done before. `today` is a local date. Equal points: the earlier day first.
 */
export function rankDay(facts: readonly DayFact[], today: string, away: readonly Away[]): DayItem[] {
	return facts
		.flatMap((fact) => itemOf(fact, today, away) ?? [])
		.sort(
			(one, other) =>
				other.points - one.points ||
				(one.day ?? '9999').localeCompare(other.day ?? '9999') ||
				keyOf(one.fact).localeCompare(keyOf(other.fact)),
		);
}

/** Names a line of the list, the same as long as the matter is. */
export function keyOf(fact: DayFact): string {
	if (fact.kind === 'conflicts' || fact.kind === 'refused') return fact.kind;
	return `${fact.kind} ${fact.kind === 'renewals' ? fact.accountId : fact.id}`;
}

function itemOf(fact: DayFact, today: string, away: readonly Away[]): DayItem | null {
	switch (fact.kind) {
		case 'issue': {
			const { due } = fact;
			const isLate = due !== null && due < today;
			// Who waits for somebody else and is late has to ask after it.
			const waiting = isLate ? undefined : ofWaiting[fact.status];
			return sum(fact, due, [
				ofDays(due, today),
				ofPriority[fact.priority],
				ofType[fact.type],
				waiting,
				...duringVisit(due, today, away),
			]);
		}
		case 'task':
			return sum(fact, fact.due, [
				ofDays(fact.due, today),
				ofPriority[fact.priority ?? ''],
				...duringVisit(fact.due, today, away),
			]);
		case 'renewals':
			return renewals(fact, today, away);
		case 'visit':
			return visit(fact, today);
		case 'conflicts':
			return sum(fact, null, [{ words: `${counted(fact.count, 'field')} changed by two people`, points: 60 }]);
		case 'refused':
			return sum(fact, null, [{ words: `the office took ${counted(fact.count, 'change')} back to you`, points: 75 }]);
	}
}

function sum(fact: DayFact, day: string | null, parts: readonly (DayReason | undefined)[]): DayItem {
	const reasons = parts.filter((part) => part !== undefined);
	return { fact, day, reasons, points: reasons.reduce((total, { points }) => total + points, 0) };
}

function ofDays(day: string | null, today: string, what = 'due'): DayReason {
	if (day === null) return { words: 'no day set', points: NO_DAY };
	const left = daysBetween(today, day);
	if (left < 0) return { words: `${counted(-left, 'day')} late`, points: LATE + Math.min(MOST_LATE_DAYS, -left) };
	const points = bySpan.find(({ until }) => left <= until)?.points ?? NO_DAY;
	return { words: `${what} ${inDays(left)}`, points };
}

function duringVisit(day: string | null, today: string, away: readonly Away[]): DayReason[] {
	if (day === null || day < today) return [];
	const trip = away.find(({ from, to }) => from <= day && day <= to);
	return trip ? [{ words: `falls on your visit to ${trip.place}`, points: 10 }] : [];
}

function renewals(fact: DayFact & { kind: 'renewals' }, today: string, away: readonly Away[]): DayItem | null {
	const { undecided, pastCutoff, nextCutoff } = fact;
	if (undecided + pastCutoff === 0) return null;
	const next = nextCutoff === null ? undefined : ofDays(nextCutoff, today, 'first cut-off');
	const past = { words: `${counted(pastCutoff, 'case')} past our cut-off`, points: next ? 20 : 85 };
	return sum(fact, nextCutoff, [
		next,
		pastCutoff > 0 ? past : undefined,
		undecided > 0
			? { words: `${counted(undecided, 'case')} to decide`, points: Math.min(MOST_CASES, undecided) }
			: undefined,
		...duringVisit(nextCutoff, today, away),
	]);
}

function visit(fact: DayFact & { kind: 'visit' }, today: string): DayItem | null {
	const { starts, ends, linesOpen, linesTotal, linesDue } = fact;
	if (ends < today) return sum(fact, ends, [{ words: 'over, not yet closed', points: 40 }]);
	const left = Math.max(0, daysBetween(today, starts));
	if (left > PREPARE_DAYS || linesOpen === 0) return null;
	return sum(fact, starts, [
		ofDays(starts < today ? today : starts, today, 'begins'),
		{ words: `${linesTotal - linesOpen} of ${linesTotal} prepared`, points: 0 },
		linesDue > 0
			? { words: `${counted(linesDue, 'line')} should be done`, points: Math.min(15, 3 * linesDue) }
			: undefined,
	]);
}

function inDays(days: number): string {
	if (days === 0) return 'today';
	return days === 1 ? 'tomorrow' : `in ${days} days`;
}
