import { describe, expect, it } from 'vitest';
import { readDateWords } from '../../shared/domain/date-words.ts';

// A Monday.
const now = '2026-11-23';

describe('readDateWords', () => {
	it.each([
		['today', '2026-11-23'],
		['Tomorrow', '2026-11-24'],
		['tmr', '2026-11-24'],
		['fri', '2026-11-27'],
		['Friday', '2026-11-27'],
		['sun', '2026-11-29'],
		['mon', '2026-11-30'],
		['next fri', '2026-12-04'],
		['next mon', '2026-11-30'],
		['next week', '2026-11-30'],
		['next month', '2026-12-01'],
		['eow', '2026-11-27'],
		['end of month', '2026-11-30'],
		['in 3 days', '2026-11-26'],
		['in a week', '2026-11-30'],
		['2w', '2026-12-07'],
		['in 1 month', '2026-12-23'],
		['1y', '2027-11-23'],
		['+10', '2026-12-03'],
		['12 dec', '2026-12-12'],
		['12 December', '2026-12-12'],
		['Dec 12', '2026-12-12'],
		['1st dec', '2026-12-01'],
		['12 dec 2027', '2027-12-12'],
		['5 jan', '2027-01-05'],
		['fri 27 nov', '2026-11-27'],
		['1.12.', '2026-12-01'],
		['25/12/2026', '2026-12-25'],
		['12/25/2026', '2026-12-25'],
		['5/5/2027', '2027-05-05'],
		['1.2.27', '2027-02-01'],
		['2026-12-01', '2026-12-01'],
		['29 feb', '2028-02-29'],
		['  in  2   weeks ', '2026-12-07'],
	])('reads %s', (text, day) => {
		expect(readDateWords(text, now)).toBe(day);
	});

	it.each(['', 'soon', '31 feb 2027', '2026-13-01', '31/02/2019', '1/2/2027', '40 nov', 'in days', '12 foo', '99'])(
		'refuses "%s"',
		(text) => {
			expect(readDateWords(text, now)).toBeNull();
		},
	);

	it('keeps to the last day of a shorter month', () => {
		expect(readDateWords('in 1 month', '2027-01-31')).toBe('2027-02-28');
	});

	it('ends the week on its own Friday, also on a Sunday', () => {
		expect(readDateWords('eow', '2026-11-29')).toBe('2026-11-27');
		expect(readDateWords('mon', '2026-11-29')).toBe('2026-11-30');
	});
});
