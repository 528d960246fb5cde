import { describe, expect, it } from 'vitest';
import { readFeeNumber } from '../../../shared/domain/renewals/fee-number.ts';
import { feeSchedule } from '../../../shared/domain/renewals/fee-schedule.ts';
import { OFFICE_RULES } from '../../../shared/domain/renewals/office-rules.ts';
import { type RenewalFacts, renewalDates } from '../../../shared/domain/renewals/renewal-dates.ts';
import { surchargeOn } from '../../../shared/domain/renewals/surcharge.ts';
import { isUsFederalHoliday } from '../../../shared/domain/renewals/us-holidays.ts';

function facts(office: string, known: Partial<RenewalFacts>): RenewalFacts {
	return {
		office,
		route: 'national',
		filing: null,
		priority: null,
		grant: null,
		registration: null,
		grantPublication: null,
		recordal: null,
		notice: null,
		...known,
	};
}

/** opens, due, free until, grace end; or why there are none. */
function days(of: RenewalFacts, label: string): string {
	const fee = readFeeNumber(label);
	if (!fee) throw new Error(label);
	const answer = renewalDates(of, fee);
	if (answer.state === 'unknown') return `no ${answer.missing}`;
	if (answer.state !== 'dated') return answer.state;
	const { windowOpens, due, freeUntil, graceEnd } = answer.rule.roll === 'STATUTE' ? answer.rolled : answer.nominal;
	return [windowOpens ?? '-', due, freeUntil, graceEnd].join(' ');
}

describe('renewal rules', () => {
	it('cover 28 offices, each with source and confidence, and none twice for the same filing and due date', () => {
		expect(new Set(OFFICE_RULES.map(({ office }) => office)).size).toBe(28);
		for (const rule of OFFICE_RULES) {
			expect(rule.source, rule.office).not.toBe('');
			expect(rule.termYears).toBe(20);
		}
	});

	it('say what is missing instead of guessing', () => {
		expect(days(facts('US', {}), '3.5y')).toBe('no grant');
		expect(days(facts('JP', { filing: '2015-01-01', grant: '2018-06-01' }), 'year 4')).toBe('no registration');
		expect(days(facts('TW', {}), 'year 2')).toBe('no grantPublication');
		expect(days(facts('DE', {}), 'year 3')).toBe('no filing');
		expect(days(facts('XX', { filing: '2015-01-01' }), 'year 3')).toBe('no office');
		expect(days(facts('US', { grant: '2015-01-06' }), '5.5y')).toBe('no fee');
		expect(days(facts('IN', { filing: '2015-06-10', grant: '2020-01-20' }), 'year 4')).toBe('no recordal');
	});

	it('United States: a day on which the office is closed moves on, holidays too', () => {
		// 4 July 2025 is a Friday: the window ends on Monday the 7th.
		expect(days(facts('US', { grant: '2022-01-04' }), '3.5y')).toBe('2025-01-04 2025-07-04 2025-07-07 2026-01-05');
		expect(['2021-06-18', '2026-07-03', '2027-12-31', '2025-01-20', '2029-01-20'].map(isUsFederalHoliday)).toEqual([
			true,
			true,
			true,
			true,
			true,
		]);
		expect(['2019-06-19', '2026-07-06', '2025-11-28'].map(isUsFederalHoliday)).toEqual([false, false, false]);
	});

	it('European Patent Office: Euro-PCT waits for 31 months, the last fee is that of the year of grant', () => {
		const pct = facts('EP', { route: 'euro-pct', filing: '2018-03-10', priority: '2017-09-20' });
		expect(days(pct, 'year 3').split(' ')[1]).toBe('2020-04-20');
		expect(days(pct, 'year 4').split(' ')[1]).toBe('2021-03-31');
		const granted = facts('EP', { route: 'ep-direct', filing: '2015-05-12', grant: '2019-08-07' });
		expect(days(granted, 'year 5')).toBe('2019-02-28 2019-05-31 2019-05-31 2019-11-30');
		expect(days(granted, 'year 6')).toBe('not-due');
		expect(days({ ...granted, office: 'DE' }, 'year 5')).toBe('not-due');
		expect(days({ ...granted, office: 'DE' }, 'year 6')).toBe('- 2020-05-31 2020-07-31 2020-11-30');
	});

	it('a national fee due within two months of the mention of a European grant may be paid in those two months', () => {
		const young = facts('FR', { route: 'ep-direct', filing: '2015-05-12', grant: '2019-05-08' });
		expect(days(young, 'year 5')).toBe('2018-05-31 2019-05-31 2019-07-08 2019-11-30');
	});

	it('unitary patent: what falls due before the notification falls due with it, and three months are free', () => {
		const up = facts('UP', { route: 'up', filing: '2018-08-10', grant: '2023-08-02', notice: '2023-09-20' });
		expect(days(up, 'year 6').split(' ').slice(1)).toEqual(['2023-09-20', '2023-12-20', '2024-03-20']);
		expect(
			days({ ...up, notice: '2023-08-25' }, 'year 6')
				.split(' ')
				.slice(1),
		).toEqual(['2023-08-31', '2023-11-25', '2024-02-29']);
		expect(days(up, 'year 5')).toBe('not-due');
	});

	it('United Kingdom: granted late, arrears fall due together on the last day of three months', () => {
		const late = facts('GB', { filing: '2016-03-10', grant: '2021-05-12' });
		expect(days(late, 'year 5')).toBe('2021-05-12 2021-08-11 2021-08-31 2022-02-28');
		expect(days(late, 'year 6')).toBe('2021-05-12 2021-08-11 2021-08-31 2022-02-28');
		expect(days(late, 'year 7').split(' ')[1]).toBe('2022-03-10');
		const early = facts('GB', { filing: '2018-09-14', grant: '2022-06-14' });
		expect(days(early, 'year 5').split(' ')[1]).toBe('2022-09-14');
		expect(days({ ...early, grant: '2022-06-15' }, 'year 5').split(' ')[1]).toBe('2022-09-14');
		expect(days({ ...early, grant: '2022-06-16' }, 'year 5').split(' ')[1]).toBe('2022-09-15');
	});

	it('India, Israel, Italy, Poland: arrears by the grant', () => {
		const india = facts('IN', { filing: '2015-06-10', grant: '2020-01-15', recordal: '2020-01-20' });
		expect(days(india, 'year 5')).toBe('- 2020-04-20 2020-04-20 2020-10-20');
		expect(days(india, 'year 6')).toBe('- 2020-06-10 2020-06-10 2020-12-10');
		const israel = facts('IL', { filing: '2008-11-09', grant: '2016-03-01' });
		expect(days(israel, 'years 7-10')).toBe('- 2016-06-01 2016-06-01 2016-12-01');
		expect(days(israel, 'years 11-14').split(' ')[1]).toBe('2018-11-09');
		expect(days(facts('IL', { grant: '2016-03-01' }), 'years 1-6').split(' ')[1]).toBe('2016-06-01');
		expect(days(facts('IT', { filing: '2012-03-12', grant: '2018-05-10' }), 'year 6').split(' ')[1]).toBe('2018-09-30');
		expect(days(facts('PL', { filing: '2017-03-30', grant: '2021-05-12' }), 'years 1-3').split(' ')[1]).toBe(
			'2021-08-12',
		);
	});

	it('China and others: what has accrued is paid with the grant', () => {
		const china = facts('CN', { filing: '2015-06-03', grant: '2019-08-02' });
		expect(days(china, 'year 5')).toBe('with-grant');
		expect(days(china, 'year 6')).toBe('- 2020-06-03 2020-07-03 2020-12-03');
		expect(days(facts('JP', { registration: '2018-06-15' }), 'year 3')).toBe('with-grant');
	});

	it('Canada: the notice can only lengthen the grace', () => {
		const canada = facts('CA', { filing: '2021-03-09', notice: '2023-08-20' });
		expect(days(canada, 'anniversary 2').split(' ')[3]).toBe('2023-10-20');
	});

	it('months that have no such day end on their last', () => {
		expect(days(facts('AU', { filing: '2012-02-29' }), 'anniversary 5').split(' ')[1]).toBe('2017-02-28');
		expect(days(facts('ZA', { filing: '2018-08-31' }), 'anniversary 3').split(' ')[3]).toBe('2022-02-28');
		expect(days(facts('SE', { filing: '2019-04-30' }), 'year 3').split(' ')[1]).toBe('2021-05-31');
	});

	it('rules change: Australia before July 2012, Türkiye and New Zealand by their filing', () => {
		expect(days(facts('AU', { filing: '2007-07-03' }), 'anniversary 4')).toBe('not-due');
		expect(days(facts('TR', { filing: '2016-05-05' }), 'year 2').split(' ')[1]).toBe('2017-05-05');
		expect(days(facts('TR', { filing: '2018-05-05' }), 'year 2')).toBe('not-due');
		expect(days(facts('NZ', { filing: '2010-05-05' }), 'anniversary 5')).toBe('no fee');
		expect(days(facts('NZ', { filing: '2010-05-05' }), 'anniversary 7').split(' ')[1]).toBe('2017-05-05');
	});

	it('nothing is due after the term', () => {
		expect(days(facts('DE', { filing: '2000-05-05' }), 'year 20').split(' ')[1]).toBe('2019-05-31');
		expect(days(facts('DE', { filing: '2000-05-05' }), 'year 21')).toBe('after-term');
		const fees = feeSchedule(facts('DE', { filing: '2000-05-05' })).map(({ fee }) => fee.label);
		expect([fees[0], fees.at(-1), fees.length]).toEqual(['year 3', 'year 20', 18]);
	});
});

describe('surcharges', () => {
	function surcharge(of: RenewalFacts, label: string, day: string) {
		const answer = renewalDates(of, readFeeNumber(label) as never);
		return answer.state === 'dated' ? surchargeOn(answer.rule, answer.nominal, day) : answer.state;
	}

	it('follow the steps of their office', () => {
		const china = facts('CN', { filing: '1997-06-03', grant: '2001-08-01' });
		expect(surcharge(china, 'year 6', '2002-07-03')).toEqual({ state: 'none' });
		expect(surcharge(china, 'year 6', '2002-07-04')).toEqual({ state: 'percent', percent: 5 });
		expect(surcharge(china, 'year 6', '2002-12-03')).toEqual({ state: 'percent', percent: 25 });
		expect(surcharge(china, 'year 6', '2002-12-04')).toEqual({ state: 'too-late' });
		const uk = facts('GB', { filing: '2018-09-14', grant: '2021-05-05' });
		expect(surcharge(uk, 'year 5', '2022-10-31')).toEqual({ state: 'none' });
		expect(surcharge(uk, 'year 5', '2022-11-01')).toEqual({ state: 'amount', amount: '24.00', currency: 'GBP' });
		expect(surcharge(uk, 'year 5', '2023-03-31')).toEqual({ state: 'amount', amount: '120.00', currency: 'GBP' });
		const spain = facts('ES', { filing: '2018-05-20' });
		expect(surcharge(spain, 'year 3', '2020-08-31')).toEqual({ state: 'none' });
		expect(surcharge(spain, 'year 3', '2020-11-30')).toEqual({ state: 'percent', percent: 25 });
		expect(surcharge(spain, 'year 3', '2020-12-01')).toEqual({ state: 'percent', percent: 50 });
		expect(surcharge(facts('ZA', { filing: '2018-07-24' }), 'anniversary 3', '2021-08-01')).toEqual({
			state: 'unstated',
		});
	});
});

describe('fee numbers', () => {
	it.each([
		['year 5', 5, 5],
		['5', 5, 5],
		['3.5y', 3.5, 3.5],
		['anniversary 4', 4, 4],
		['4th anniversary', 4, 4],
		['annuity 3', 3, 3],
		['years 11-15', 11, 15],
		['7-10', 7, 10],
	])('%s', (text, from, to) => {
		expect(readFeeNumber(text)).toMatchObject({ from, to });
	});

	it.each(['', 'soon', 'years 5-3', '0', '123'])('"%s" is none', (text) => {
		expect(readFeeNumber(text)).toBeNull();
	});
});
