import { describe, expect, it } from 'vitest';
import {
	clockTime,
	dayOf,
	exactDate,
	relativeDay,
	relativeInstant,
	shortDate,
	storedInWords,
	timeAt,
} from '../../renderer/lib/dates.ts';
import { readDateWords } from '../../shared/domain/date-words.ts';

const monday = '2026-11-23';

describe('days told from today', () => {
	it.each([
		['2026-11-23', 'today'],
		['2026-11-24', 'tomorrow'],
		['2026-11-22', 'yesterday'],
		['2026-11-26', 'in 3 days'],
		['2026-09-10', '74 days ago'],
		['2027-06-23', 'in 7 months'],
		['2023-11-01', '3 years ago'],
	])('%s is %s', (day, words) => expect(relativeDay(day, monday)).toBe(words));

	it('do not shift over a change of the clocks', () => {
		expect(relativeDay('2026-03-30', '2026-03-28')).toBe('in 2 days');
		expect(relativeDay('2026-10-26', '2026-10-24')).toBe('in 2 days');
	});

	it('carry the year when it is not clear', () => {
		expect(shortDate('2026-11-27', monday)).toBe('27 Nov');
		expect(shortDate('2027-01-14', monday)).toBe('14 Jan');
		expect(shortDate('2031-01-14', monday)).toBe('14 Jan 2031');
		expect(exactDate('2026-11-27')).toBe('Fri 27 Nov 2026');
	});
});

describe('instants', () => {
	it('are told on the clock of a place', () => {
		expect(clockTime('2026-11-23T16:22:00Z', 'Europe/Zurich')).toBe('17:22');
		expect(dayOf('2026-11-23T23:30:00Z', 'Asia/Tokyo')).toBe('2026-11-24');
		expect(timeAt('Nowhere/Else')).toBeNull();
	});

	it('are told from now within a day', () => {
		const now = new Date(2026, 10, 23, 16, 0);
		const at = (hours: number) => new Date(2026, 10, 23, 16 + hours, 0).toISOString();
		expect(relativeInstant(at(-3), now)).toBe('3 hours ago');
		expect(relativeInstant(at(0), now)).toBe('just now');
		expect(relativeInstant(at(2), now)).toBe('in 2 hours');
	});
});

describe('stored days in words', () => {
	it.each([
		['2026-11-27', 'Fri 27 Nov 2026'],
		['2026-12-08T10:00', 'Tue 8 Dec 2026, 10:00'],
		['2026-12-08 is late', '2026-12-08 is late'],
		['Halden Pharma AG', 'Halden Pharma AG'],
	])('%s reads %s', (text, words) => expect(storedInWords(text)).toBe(words));
});

describe('a typed day', () => {
	it.each([
		['2027-02-01', '2027-02-01'],
		['1 feb', '2027-02-01'],
		['1 Feb 2027', '2027-02-01'],
		['February 1, 2027', '2027-02-01'],
		['27 November', '2026-11-27'],
		['today', '2026-11-23'],
		['tomorrow', '2026-11-24'],
		['fri', '2026-11-27'],
		['next monday', '2026-11-30'],
		['+7', '2026-11-30'],
		['in 3 weeks', '2026-12-14'],
	])('%s is %s', (typed, day) => expect(readDateWords(typed, monday)).toBe(day));

	it.each(['1/2/2027', '31 feb 2027', '2027-02-30', 'soon', '', '40 nov'])('"%s" is refused', (typed) => {
		expect(readDateWords(typed, monday)).toBeNull();
	});
});
