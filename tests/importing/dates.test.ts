import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	addEvidence,
	type DateEvidence,
	decideOrder,
	looksSwapped,
	noEvidence,
	pivotFor,
} from '../../shared/domain/importing/date-columns.ts';
import { type DateOrder, dayToIso, readDate } from '../../shared/domain/importing/dates.ts';

const read = (text: string, order: DateOrder = 'auto') => {
	const reading = readDate(text, { order, pivot: pivotFor(2026, false), serials: true });
	return 'iso' in reading ? reading.iso : reading.problem;
};

function evidenceOf(...cells: string[]): DateEvidence {
	const evidence = noEvidence();
	for (const cell of cells) addEvidence(evidence, cell, 1);
	return evidence;
}

describe('dates', () => {
	it.each([
		['2015-02-11', '2015-02-11'],
		['2015/2/1', '2015-02-01'],
		['20130801', '2013-08-01'],
		['2022-01-21 13:47:00', '2022-01-21'],
		['2020-01-01T00:00:00.000Z', '2020-01-01'],
		['10 March 2015', '2015-03-10'],
		['02 May 2017', '2017-05-02'],
		['3. März 2015', '2015-03-03'],
		['1er août 2019', '2019-08-01'],
		['5 de enero de 2020', '2020-01-05'],
		['11-May-11', '2011-05-11'],
		['March 4, 2015', '2015-03-04'],
		['Wed Jan 01 2020 00:00:00 GMT+0100', '2020-01-01'],
		['06/16/2024', '2024-06-16'],
		['16/06/2024', '2024-06-16'],
		['07/07/2007', '2007-07-07'],
		['25/04/13', '2013-04-25'],
		['15/08/71', '1971-08-15'],
		['29/02/2024', '2024-02-29'],
		['43831', '2020-01-01'],
		['2015年3月4日', '2015-03-04'],
	])('reads %s', (text, iso) => {
		expect(read(text)).toBe(iso);
	});

	it.each([
		['03/04/2015', 'auto', /day first or the month first/],
		['25/04/2015', 'mdy', /no month 25/],
		['30/02/2015', 'dmy', /not a day of the calendar/],
		['29/02/2023', 'dmy', /not a day of the calendar/],
		['2015', 'dmy', /only a year/],
		['13/033,085', 'dmy', /not a date/],
		['soon', 'auto', /not a date/],
		['01/01/0215', 'dmy', /year 215/],
	] as const)('says why %s is none', (text, order, reason) => {
		expect(read(text, order)).toMatch(reason);
	});

	it('reads an ambiguous date by the order of its column', () => {
		expect(read('03/04/2015', 'dmy')).toBe('2015-04-03');
		expect(read('03/04/2015', 'mdy')).toBe('2015-03-04');
		expect(read('15/03/04', 'ymd')).toBe('2015-03-04');
	});

	it('reads every real day back in every style', () => {
		fc.assert(
			fc.property(fc.integer({ min: -40_000, max: 40_000 }), (days) => {
				const iso = dayToIso(days);
				const [year, month, day] = iso.split('-');
				expect(read(iso)).toBe(iso);
				expect(read(`${day}/${month}/${year}`, 'dmy')).toBe(iso);
				expect(read(`${month}/${day}/${year}`, 'mdy')).toBe(iso);
				expect(read(`${year}${month}${day}`)).toBe(iso);
			}),
		);
	});

	it('never throws', () => {
		fc.assert(fc.property(fc.string(), (text) => void read(text)));
	});

	it('decides the order of a column by its impossible days, and by the other columns where it has none', () => {
		expect(decideOrder(evidenceOf('03/04/2015', '25/04/2015'), []).order).toBe('dmy');
		expect(decideOrder(evidenceOf('03/04/2015', '04/25/2015'), []).order).toBe('mdy');
		expect(decideOrder(evidenceOf('25/04/2015', '04/25/2015'), []).order).toBe('auto');
		expect(decideOrder(evidenceOf('03/04/2015'), [evidenceOf('04/25/2015')]).order).toBe('mdy');
		expect(decideOrder(evidenceOf('03/04/2015'), [])).toEqual({ order: 'dmy', sure: false });
		expect(decideOrder(evidenceOf('03.04.2015'), [])).toEqual({ order: 'dmy', sure: true });
		expect(decideOrder(evidenceOf('2015-02-11'), []).order).toBe('ymd');
	});

	it('sees that a spreadsheet has swapped day and month', () => {
		const high = Array.from({ length: 20 }, (_, index) => `03/${index + 13 > 28 ? 28 : index + 13}/2015`);
		const low = Array.from({ length: 12 }, (_, index) => `${index + 1} March 2015`);
		expect(looksSwapped(evidenceOf(...high, ...low))).toBe(true);
		expect(looksSwapped(evidenceOf(...high, ...low, '20 March 2015'))).toBe(false);
	});
});
