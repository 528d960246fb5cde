import { daysUntil } from './dates.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function plus(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function real(year: number, month: number, day: number): string | null {
	const date = new Date(Date.UTC(year, month, day));
	return date.getUTCMonth() === month && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : null;
}

/** A day and a month in words; without a year the next one that comes. */
function namedDay(text: string, from: string): string | null {
	const [, before, name = '', after, year] =
		/^(?:(\d{1,2})\.?\s+)?([a-z]{3,})\.?(?:\s+(\d{1,2}))?,?(?:\s+(\d{4}))?$/.exec(text) ?? [];
	const month = months.indexOf(name.slice(0, 3));
	const day = Number(before ?? after);
	if (month < 0 || !day) return null;
	if (year) return real(Number(year), month, day);
	const thisYear = Number(from.slice(0, 4));
	const near = real(thisYear, month, day);
	return near && daysUntil(near, from) >= 0 ? near : real(thisYear + 1, month, day);
}

/**
 * A typed day: "1 Feb", "1 Feb 2027", "2027-02-01", "today", "tomorrow", "fri", "+7", "in 3 weeks". Null for anything else;
 * "1/2/2027" too, because half the world reads it as another day.
 */
export function parseDay(typed: string, from: string): string | null {
	const text = typed.trim().toLowerCase();
	const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
	if (year && month && day) return real(Number(year), Number(month) - 1, Number(day));
	if (text === 'today') return from;
	if (text === 'tomorrow') return plus(from, 1);
	const [, size, unit] = /^(?:\+|in )\s*(\d{1,3})\s*(d|w|days?|weeks?)?$/.exec(text) ?? [];
	if (size) return plus(from, Number(size) * (unit?.startsWith('w') ? 7 : 1));
	const weekday = weekdays.indexOf(text.replace(/^next /, '').slice(0, 3));
	if (weekday >= 0 && /^(next )?[a-z]+$/.test(text)) {
		const now = new Date(`${from}T00:00:00Z`).getUTCDay();
		return plus(from, (weekday - now + 7) % 7 || 7);
	}
	return namedDay(text, from);
}
