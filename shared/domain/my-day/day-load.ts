import { addDays } from '../days.ts';
import type { Away, DayItem, DayLoad } from './day-item.ts';

/** More than this on one day is said to be much; the product's own figure. */
const MUCH = 6;

/** The next `count` working days (Monday to Friday) from `today`, a local date, with what falls on them. */
export function loadOfDays(items: readonly DayItem[], away: readonly Away[], { today, count }: LoadSpan): DayLoad[] {
	const loads: DayLoad[] = [];
	for (let day = today; loads.length < count; day = addDays(day, 1)) {
		if (isWeekend(day)) continue;
		const trips = away.filter(({ from, to }) => from <= day && day <= to);
		const due = items.filter((item) => item.day === day && item.fact.kind !== 'visit').length;
		loads.push({ day, due, away: [...new Set(trips.map(({ place }) => place))], warning: warningOf(due, trips) });
	}
	return loads;
}

export interface LoadSpan {
	today: string;
	count: number;
}

function isWeekend(day: string): boolean {
	return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}

function warningOf(due: number, trips: readonly Away[]): string | null {
	if (new Set(trips.map(({ visitId }) => visitId)).size > 1) return 'two visits';
	if (due > 0 && trips.length > 0) return 'due while away';
	return due > MUCH ? 'much' : null;
}
