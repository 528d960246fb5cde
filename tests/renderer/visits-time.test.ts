import { describe, expect, it } from 'vitest';
import { dueDay, dueWords, readItem } from '../../renderer/features/visits/checklist-due.ts';
import { readClock } from '../../renderer/features/visits/read-clock.ts';
import {
	homeTime,
	movedEnd,
	siteHours,
	siteTime,
	whenGroup,
	zoneCity,
	zoneOffset,
} from '../../renderer/features/visits/visit-time.ts';
import { instantOf } from '../../shared/domain/zoned-time.ts';

function visit(local_start: string, local_end: string, time_zone: string) {
	return {
		local_start,
		local_end,
		time_zone,
		starts_at: instantOf(local_start, time_zone),
		ends_at: instantOf(local_end, time_zone),
	};
}

describe('times of a visit', () => {
	const basel = visit('2026-11-24T09:00', '2026-11-24T12:00', 'Europe/Zurich');

	it('says the time at the site and at home', () => {
		expect(siteTime(basel)).toBe('Tue 24 Nov 2026, 09:00 to 12:00');
		expect(homeTime(basel, 'America/New_York')).toBe('03:00–06:00 New York');
		expect(homeTime(basel, 'Europe/Paris')).toBeNull();
		expect(zoneOffset('Europe/Zurich', basel.starts_at)).toBe('GMT+1');
		expect(zoneCity('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
	});

	it('names the weekday when home has another day', () => {
		const osaka = visit('2026-12-08T10:00', '2026-12-08T13:00', 'Asia/Tokyo');
		expect(homeTime(osaka, 'America/New_York')).toBe('Mon 20:00–23:00 New York');
	});

	it('follows each zone on the days the clocks change', () => {
		// Europe has put its clocks back, America has not.
		const between = visit('2026-10-27T09:00', '2026-10-27T10:00', 'Europe/Zurich');
		expect(homeTime(between, 'America/New_York')).toBe('04:00–05:00 New York');
		// The night of the change itself: 01:00 to 05:00 lasts five hours in Zurich.
		const night = visit('2026-10-25T01:00', '2026-10-25T05:00', 'Europe/Zurich');
		expect(homeTime(night, 'Asia/Tokyo')).toBe('08:00–13:00 Tokyo');
		const summer = visit('2026-07-01T09:00', '2026-07-01T10:00', 'Europe/Zurich');
		expect(zoneOffset('Europe/Zurich', summer.starts_at)).toBe('GMT+2');
	});

	it('shows when a visit runs over midnight', () => {
		const forum = visit('2026-12-30T11:00', '2026-12-31T13:00', 'Europe/Oslo');
		expect(siteHours(forum)).toBe('11:00–13:00 +1');
		expect(siteTime(forum)).toBe('Wed 30 Dec 2026, 11:00 to Thu 31 Dec 2026, 13:00');
	});

	it('moves the end with the start', () => {
		expect(movedEnd({ start: '2026-11-24T09:00', end: '2026-11-24T12:00' }, '2026-12-31T22:30')).toBe(
			'2027-01-01T01:30',
		);
	});

	it('groups by when: the week ends on Sunday, today is not past', () => {
		const on = (day: string) => whenGroup(visit(`${day}T09:00`, `${day}T10:00`, 'Europe/Zurich'), '2026-11-25');
		expect(on('2026-11-24')).toBe('Past');
		expect(on('2026-11-25')).toBe('This week');
		expect(on('2026-11-29')).toBe('This week');
		expect(on('2026-11-30')).toBe('Later');
	});
});

describe('the checklist', () => {
	it('counts days from the day at the site', () => {
		const visit = { local_start: '2026-12-02T09:00' };
		expect(dueDay({ due_days: 7 }, visit)).toBe('2026-11-25');
		expect(dueDay({ due_days: -2 }, visit)).toBe('2026-12-04');
		expect(dueDay({ due_days: null }, visit)).toBeNull();
		expect([7, 0, -2].map(dueWords)).toEqual(['T-7', 'T', 'T+2']);
	});

	it('reads the day from the end of what is typed', () => {
		expect(readItem('Book the hotel T-14')).toEqual({ text: 'Book the hotel', due_days: 14 });
		expect(readItem('Send minutes t+2')).toEqual({ text: 'Send minutes', due_days: -2 });
		expect(readItem(' Ask about the T-shirt ')).toEqual({ text: 'Ask about the T-shirt', due_days: null });
	});
});

describe('readClock', () => {
	it.each([
		['9', '09:00'],
		['9:30', '09:30'],
		['0930', '09:30'],
		['14.15', '14:15'],
		['2pm', '14:00'],
		['12 am', '00:00'],
	])('reads %s', (text, clock) => expect(readClock(text)).toBe(clock));

	it.each(['', '25', '9:75', 'noon', '13pm'])('refuses "%s"', (text) => expect(readClock(text)).toBeNull());
});
