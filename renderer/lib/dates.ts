/** Words for days and times. Days are local dates ("2026-11-27") and never shift with a zone; instants are UTC. */

const dayMs = 86_400_000;

function dayNumber(day: string): number {
	return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
}

/** The person's own today as a local date. */
export function today(now: Date = new Date()): string {
	const pad = (part: number) => String(part).padStart(2, '0');
	return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** Whole days from `from` to `day`; negative when it has passed. */
export function daysUntil(day: string, from: string): number {
	return dayNumber(day) - dayNumber(from);
}

function plural(count: number, word: string): string {
	return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** "today", "tomorrow", "in 3 days", "12 days ago", "in 7 months". */
export function relativeDay(day: string, from: string): string {
	const days = daysUntil(day, from);
	if (days === 0) return 'today';
	if (days === 1) return 'tomorrow';
	if (days === -1) return 'yesterday';
	const size = Math.abs(days);
	const span =
		size < 90
			? plural(size, 'day')
			: size < 730
				? plural(Math.round(size / 30.44), 'month')
				: plural(Math.floor(size / 365.25), 'year');
	return days > 0 ? `in ${span}` : `${span} ago`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function dayAndMonth(day: string): string {
	return `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1]}`;
}

/** "27 Nov", with the year when it is neither this year nor within half a year. */
export function shortDate(day: string, from: string): string {
	const clear = day.slice(0, 4) === from.slice(0, 4) || Math.abs(daysUntil(day, from)) < 180;
	return clear ? dayAndMonth(day) : plainDate(day);
}

/** "27 Nov 2026": always with the year, for columns of dates far apart. */
export function plainDate(day: string): string {
	return `${dayAndMonth(day)} ${day.slice(0, 4)}`;
}

/** "Fri 27 Nov 2026": the exact day, for hover and pages. */
export function exactDate(day: string): string {
	return `${weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${plainDate(day)}`;
}

/** The local date of an instant in `zone` (the computer's own when left out). */
export function dayOf(instant: string, zone?: string): string {
	if (!zone) return today(new Date(instant));
	return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(instant));
}

/** "16:04" in `zone`, or on this computer's clock. */
export function clockTime(instant: string, zone?: string): string {
	const format = new Intl.DateTimeFormat('en-GB', {
		hour: '2-digit',
		minute: '2-digit',
		...(zone ? { timeZone: zone } : {}),
	});
	return format.format(new Date(instant));
}

/** "16:04" today, "Mon 16:04" this week, "9 Nov 16:04" before. */
export function shortInstant(instant: string, now: Date = new Date()): string {
	const day = dayOf(instant);
	const age = -daysUntil(day, today(now));
	const time = clockTime(instant);
	if (age === 0) return time;
	if (age > 0 && age < 7) return `${exactDate(day).slice(0, 3)} ${time}`;
	return `${shortDate(day, today(now))} ${time}`;
}

/** "Mon 23 Nov 2026, 16:04": the exact instant on this computer's clock. */
export function exactInstant(instant: string): string {
	return `${exactDate(dayOf(instant))}, ${clockTime(instant)}`;
}

/** A day, a time on the wall or an instant that comes as stored text ("2026-11-27") in words; any other text as it is. */
export function storedInWords(text: string): string {
	const [, day, time, instant] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::[\d.]+(Z)?)?)?$/.exec(text) ?? [];
	if (!day) return text;
	if (instant) return exactInstant(text);
	return time ? `${exactDate(day)}, ${time}` : exactDate(day);
}

/** "in 2 days", "3 hours ago", "just now", "in a moment": an instant told from now. */
export function relativeInstant(instant: string, now: Date = new Date()): string {
	const day = dayOf(instant);
	const minutes = Math.round((Date.parse(instant) - now.getTime()) / 60_000);
	if (day !== today(now)) return relativeDay(day, today(now));
	if (Math.abs(minutes) < 2) return minutes > 0 ? 'in a moment' : 'just now';
	const span =
		Math.abs(minutes) < 60 ? plural(Math.abs(minutes), 'minute') : plural(Math.round(Math.abs(minutes) / 60), 'hour');
	return minutes > 0 ? `in ${span}` : `${span} ago`;
}

/** Now at a place: "17:22", or null for a zone this computer does not know. */
export function timeAt(zone: string, now: Date = new Date()): string | null {
	try {
		return clockTime(now.toISOString(), zone);
	} catch {
		return null;
	}
}
