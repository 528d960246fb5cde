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

/**
 * The instant of a wall time. A time that the clocks skip moves forward, one that happens twice is the first
 * (the default of RFC 5545 and of Temporal's "compatible"). Throws RangeError for an unknown zone or a bad time.
 */
export function instantOf(local: string, timeZone: string): string {
	const zoned = Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone, { disambiguation: 'compatible' });
	return new Date(zoned.epochMilliseconds).toISOString();
}
