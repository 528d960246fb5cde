/** Arithmetic on plain calendar days ("2026-11-24"). A day has no zone; where one is needed it is a parameter. */

/** The day of an instant, in UTC or in the given IANA zone. Throws RangeError for a zone that does not exist. */
export function localDate(instant: Date, timeZone = 'UTC'): string {
	const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
	return parts.format(instant);
}

/** The day `days` after `day`; negative goes back. */
export function addDays(day: string, days: number): string {
	const date = new Date(`${day}T00:00:00Z`);
	date.setUTCDate(date.getUTCDate() + days);
	return date.toISOString().slice(0, 10);
}

/** How many days `to` lies after `from`; negative when before. */
export function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
