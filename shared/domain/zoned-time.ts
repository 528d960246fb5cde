import { Temporal } from 'temporal-polyfill';

/** True for a zone this computer knows ("Europe/Zurich"). */
export function isTimeZone(timeZone: string): boolean {
	try {
		Intl.DateTimeFormat('en', { timeZone });
		return true;
	} catch {
		return false;
	}
}

/** True for a wall time of the calendar, written "2026-11-24T09:00". */
export function isLocalTime(local: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return false;
	const date = new Date(`${local}:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(local);
}

/**
 * The instant of a wall time. A time that the clocks skip moves forward, one that happens twice is the first
 * (the default of RFC 5545 and of Temporal's "compatible"). Throws RangeError for an unknown zone or a bad time.
 */
export function instantOf(local: string, timeZone: string): string {
	const zoned = Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone, { disambiguation: 'compatible' });
	return new Date(zoned.epochMilliseconds).toISOString();
}
