import { addDays } from '../days.ts';
import { weekdayOf } from '../months.ts';

/**
 * Federal holidays in the District of Columbia, on which the US office is closed (5 U.S.C. 6103; 37 CFR 1.7 lets a last
 * day that falls on one roll forward). A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday
 * after. Inauguration Day counts in the District only and is not moved from a Saturday.
 */
export function isUsFederalHoliday(day: string): boolean {
	const year = Number(day.slice(0, 4));
	return holidaysOf(year).has(day) || holidaysOf(year + 1).has(day);
}

const known = new Map<number, ReadonlySet<string>>();

function holidaysOf(year: number): ReadonlySet<string> {
	const before = known.get(year);
	if (before) return before;
	const days = new Set([
		kept(`${year}-01-01`),
		nth(`${year}-02-01`, 1, 3),
		lastMonday(`${year}-05-01`),
		kept(`${year}-07-04`),
		nth(`${year}-09-01`, 1, 1),
		nth(`${year}-10-01`, 1, 2),
		kept(`${year}-11-11`),
		nth(`${year}-11-01`, 4, 4),
		kept(`${year}-12-25`),
	]);
	if (year >= 1986) days.add(nth(`${year}-01-01`, 1, 3));
	if (year >= 2021) days.add(kept(`${year}-06-19`));
	if (year % 4 === 1) days.add(inauguration(year));
	known.set(year, days);
	return days;
}

function kept(day: string): string {
	const weekday = weekdayOf(day);
	return weekday === 6 ? addDays(day, -1) : weekday === 0 ? addDays(day, 1) : day;
}

/** The `count`th given weekday from the first day of a month on. */
function nth(first: string, weekday: number, count: number): string {
	return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (count - 1) * 7);
}

function lastMonday(first: string): string {
	const fifth = nth(first, 1, 5);
	return fifth.slice(0, 7) === first.slice(0, 7) ? fifth : addDays(fifth, -7);
}

function inauguration(year: number): string {
	const day = `${year}-01-20`;
	return weekdayOf(day) === 0 ? addDays(day, 1) : day;
}
