import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays } from '../../../shared/domain/days.ts';
import { addYears } from '../../../shared/domain/months.ts';
import { feeSchedule } from '../../../shared/domain/renewals/fee-schedule.ts';
import { OFFICE_RULES } from '../../../shared/domain/renewals/office-rules.ts';
import type { RenewalFacts } from '../../../shared/domain/renewals/renewal-dates.ts';

const offices = [...new Set(OFFICE_RULES.map(({ office }) => office))];
const some = (least: number, most: number) => fc.option(fc.integer({ min: least, max: most }), { nil: null });

/** Any case with the days it could have: granted after it was filed, recorded after its grant. */
const cases = fc
	.record({
		office: fc.constantFrom(...offices),
		route: fc.constantFrom('national', 'ep-direct', 'euro-pct', 'pct', 'up', 'ea'),
		filed: fc.integer({ min: 0, max: 18_000 }),
		priority: some(0, 366),
		granted: some(200, 7000),
		registered: fc.integer({ min: 0, max: 60 }),
		recorded: some(0, 90),
		noticed: some(0, 200),
	})
	.map(({ office, route, filed, priority, granted, registered, recorded, noticed }): RenewalFacts => {
		const filing = addDays('1980-01-01', filed);
		const grant = granted === null ? null : addDays(filing, granted);
		return {
			office,
			route: route as RenewalFacts['route'],
			filing,
			priority: priority === null ? null : addDays(filing, -priority),
			grant,
			registration: grant && addDays(grant, registered),
			grantPublication: grant && addDays(grant, registered),
			recordal: grant !== null && recorded !== null ? addDays(grant, recorded) : null,
			notice: grant !== null && noticed !== null ? addDays(grant, noticed) : null,
		};
	});

it('window, due date, last day without and with surcharge come in this order, and no day is rolled back', () => {
	fc.assert(
		fc.property(cases, (facts) => {
			for (const { answer } of feeSchedule(facts)) {
				if (answer.state !== 'dated') continue;
				const { windowOpens, due, freeUntil, graceEnd } = answer.nominal;
				if (windowOpens !== null) expect(windowOpens <= due).toBe(true);
				expect(due <= freeUntil).toBe(true);
				expect(freeUntil <= graceEnd).toBe(true);
				expect(answer.rolled.freeUntil >= freeUntil && answer.rolled.graceEnd >= graceEnd).toBe(true);
			}
		}),
		{ numRuns: 3000 },
	);
});

it('fees come in the order of their numbers, none falls due after the term, and the same facts give the same days', () => {
	fc.assert(
		fc.property(cases, (facts) => {
			const dated = feeSchedule(facts).flatMap(({ fee, answer }) =>
				answer.state === 'dated' ? [{ fee, answer }] : [],
			);
			for (const [index, { fee, answer }] of dated.entries()) {
				const before = dated[index - 1];
				if (before) {
					expect(before.fee.from).toBeLessThan(fee.from);
					// Arrears have their own months after the grant, in which the next regular fee may fall due.
					if (before.answer.arrears === answer.arrears)
						expect(before.answer.nominal.due <= answer.nominal.due).toBe(true);
				}
				// What the grant brings late is due by the grant, whenever that was.
				const end = addDays(addYears(facts.filing as string, answer.rule.termYears), 31);
				if (!answer.arrears && answer.nominal.due !== facts.notice) expect(answer.nominal.due <= end).toBe(true);
			}
			expect(feeSchedule(facts)).toEqual(feeSchedule({ ...facts }));
		}),
		{ numRuns: 3000 },
	);
});
