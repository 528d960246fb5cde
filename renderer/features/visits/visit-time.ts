import { daysUntil, exactDate } from '../../lib/dates.ts';

/** Words for when a visit is: the time on the wall at the site, and the same instant at home. */

type Times = { local_start: string; local_end: string; starts_at: string; ends_at: string; time_zone: string };

const dayOf = (local: string) => local.slice(0, 10);
const timeOf = (local: string) => local.slice(11, 16);

/** "Europe/Zurich" → "Zurich". */
export function zoneCity(zone: string): string {
	return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** "GMT+1": the zone's distance at that instant, summer time included; empty for a zone this computer does not know. */
export function zoneOffset(zone: string, instant: string): string {
	try {
		const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(
			new Date(instant),
		);
		return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
	} catch {
		return '';
	}
}

/** "Tue 24 Nov 2026, 09:00 to 12:00"; both days when it lasts over midnight. */
export function siteTime(visit: Times): string {
	const { local_start, local_end } = visit;
	const end = dayOf(local_start) === dayOf(local_end) ? '' : `${exactDate(dayOf(local_end))}, `;
	return `${exactDate(dayOf(local_start))}, ${timeOf(local_start)} to ${end}${timeOf(local_end)}`;
}

/** "09:00–12:00", for lists that show the day apart. */
export function siteHours(visit: Times): string {
	const more = daysUntil(dayOf(visit.local_end), dayOf(visit.local_start));
	return `${timeOf(visit.local_start)}–${timeOf(visit.local_end)}${more > 0 ? ` +${more}` : ''}`;
}

/** The wall time of an instant in a zone: "2026-11-24T03:00". The zone's own rules decide, also on the days clocks change. */
export function wallTime(instant: string, zone: string): string {
	const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
	return format.format(new Date(instant)).replace(' ', 'T');
}

/** "03:00–06:00 New York", with the weekday when it is another day there; null when home keeps the same time. */
export function homeTime(visit: Times, homeZone: string): string | null {
	const start = wallTime(visit.starts_at, homeZone);
	const end = wallTime(visit.ends_at, homeZone);
	if (start === visit.local_start && end === visit.local_end) return null;
	const day = dayOf(start) === dayOf(visit.local_start) ? '' : `${exactDate(dayOf(start)).slice(0, 3)} `;
	return `${day}${timeOf(start)}–${timeOf(end)} ${zoneCity(homeZone)}`;
}

/** The end moved along with a new start, so that the visit lasts as long as before. */
export function movedEnd(before: { start: string; end: string }, start: string): string {
	const utc = (local: string) => Date.parse(`${local}:00Z`);
	const length = utc(before.end) - utc(before.start);
	return new Date(utc(start) + length).toISOString().slice(0, 16);
}

export type WhenGroup = 'This week' | 'Later' | 'Past';

/** The week ends on Sunday; a visit counts as past the day after its last. */
export function whenGroup(visit: Times, today: string): WhenGroup {
	if (dayOf(visit.local_end) < today) return 'Past';
	const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
	return daysUntil(dayOf(visit.local_start), today) <= 6 - weekday ? 'This week' : 'Later';
}
