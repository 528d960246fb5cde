import { addDays } from './days.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const weekdayPattern = '(sun|mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur)(?:day)?';
const monthPattern =
	'(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?';

type Reader = (parts: RegExpExecArray, now: string) => string | null;

/** Each way to write a day, tried in this order on the whole text. */
const ways: readonly [RegExp, Reader][] = [
	[/^(?:today|tod|now)$/, (_, now) => now],
	[/^(?:tomorrow|tom|tmr|tmrw)$/, (_, now) => addDays(now, 1)],
	[/^yesterday$/, (_, now) => addDays(now, -1)],
	[new RegExp(`^(?:on |this )?${weekdayPattern}$`), ([, name], now) => nextWeekday(name, now)],
	[new RegExp(`^next ${weekdayPattern}$`), ([, name], now) => nextWeekday(name, sundayOf(now))],
	[/^next week$/, (_, now) => addDays(sundayOf(now), 1)],
	[/^next month$/, (_, now) => firstOfMonth(now, 1)],
	[/^(?:end of (?:the )?week|eow)$/, (_, now) => addDays(sundayOf(now), -2)],
	[/^(?:end of (?:the )?month|eom)$/, (_, now) => addDays(firstOfMonth(now, 1), -1)],
	[
		/^(?:in )?(\d{1,4}|an?|one|two|three) ?(d|w|m|y|days?|weeks?|months?|years?)$/,
		([, many, unit], now) => later(now, many, unit),
	],
	[/^\+(\d{1,4})$/, ([, many], now) => later(now, many, 'd')],
	[/^(\d{4})-(\d{1,2})-(\d{1,2})$/, ([, year, month, day]) => realDay(year, month, day)],
	[/^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/, ([, day, month, year]) => realDay(fullYear(year), month, day)],
	[/^(\d{1,2})\.(\d{1,2})\.?$/, ([, day, month], now) => nextDay(now, month, day)],
	[/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, ([, one, other, year]) => slashed(one, other, year)],
	[
		new RegExp(`^(\\d{1,2})(?:st|nd|rd|th|\\.)? ?${monthPattern}(?:,? (\\d{4}))?$`),
		([, day, month, year], now) => named(now, [day, month, year]),
	],
	[
		new RegExp(`^${monthPattern} ?(\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?$`),
		([, month, day, year], now) => named(now, [day, month, year]),
	],
];

/**
 * The day a person means by "fri", "in 3 days", "12 dec" or "2026-12-01", seen from the local day `now`; null when the
 * words name no day of the calendar. A weekday is the next one after today; a day without a year is the next of its kind.
 * "1/2/2027" is refused: half the world reads it as another day.
 */
export function readDateWords(text: string, now: string): string | null {
	const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
	for (const [pattern, read] of ways) {
		const parts = pattern.exec(words);
		if (parts) return read(parts, now);
	}
	// "fri 27 nov": the weekday is said twice, the date decides.
	const rest = new RegExp(`^${weekdayPattern},? (?=\\d)`).exec(words);
	return rest ? readDateWords(words.slice(rest[0].length), now) : null;
}

function weekdayOf(day: string): number {
	return new Date(`${day}T00:00:00Z`).getUTCDay();
}

function nextWeekday(name: string | undefined, after: string): string {
	const ahead = (weekdays.indexOf((name ?? '').slice(0, 3)) - weekdayOf(after) + 7) % 7;
	return addDays(after, ahead === 0 ? 7 : ahead);
}

/** The Sunday that ends the week of `day`; weeks begin on Monday. */
function sundayOf(day: string): string {
	return addDays(day, (7 - weekdayOf(day)) % 7);
}

function firstOfMonth(day: string, ahead: number): string {
	const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + ahead;
	return `${Math.floor(months / 12)}-${two((months % 12) + 1)}-01`;
}

const counts: Record<string, number> = { a: 1, an: 1, one: 1, two: 2, three: 3 };

function later(now: string, many: string | undefined, unit: string | undefined): string {
	const count = counts[many ?? ''] ?? Number(many);
	if (unit?.startsWith('w')) return addDays(now, count * 7);
	if (unit?.startsWith('d')) return addDays(now, count);
	const first = firstOfMonth(now, unit?.startsWith('y') ? count * 12 : count);
	const last = addDays(firstOfMonth(first, 1), -1);
	// A month after 31 January is the last of February.
	const day = Math.min(Number(now.slice(8)), Number(last.slice(8)));
	return `${first.slice(0, 8)}${two(day)}`;
}

function named(now: string, [day, month, year]: (string | undefined)[]): string | null {
	const number = String(months.indexOf((month ?? '').slice(0, 3)) + 1);
	return year ? realDay(year, number, day) : nextDay(now, number, day);
}

/** The next such day from today on; 29 February waits for a leap year. */
function nextDay(now: string, month: string | undefined, day: string | undefined): string | null {
	const year = Number(now.slice(0, 4));
	for (let ahead = 0; ahead <= 8; ahead++) {
		const found = realDay(String(year + ahead), month, day);
		if (found && found >= now) return found;
	}
	return null;
}

/** Day first or month first, when only one of the two can be. */
function slashed(one = '', other = '', year = ''): string | null {
	const readings = new Set([realDay(year, other, one), realDay(year, one, other)]);
	readings.delete(null);
	return readings.size === 1 ? ([...readings][0] ?? null) : null;
}

function fullYear(year: string | undefined): string {
	return year?.length === 2 ? `20${year}` : (year ?? '');
}

function two(number: number): string {
	return String(number).padStart(2, '0');
}

/** "2026-12-01", or null for a day that does not exist. */
function realDay(year = '', month = '', day = ''): string | null {
	const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}
