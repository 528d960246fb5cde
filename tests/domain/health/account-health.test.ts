import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountHealth, defaultWeights } from '../../../shared/domain/health/account-health.ts';
import { componentNames, type HealthFacts } from '../../../shared/domain/health/health-facts.ts';

const well: HealthFacts = {
	paidInTime: 100,
	paidLate: 0,
	lapsed: 0,
	pastCutoff: 0,
	overdueIssues: 0,
	openComplaints: 0,
	openEscalations: 0,
	lapseIncidents: 0,
	daysSinceContact: 3,
	hasSponsor: true,
	hasVisitAhead: true,
	noticeGiven: false,
	cases: 400,
	incompleteCases: 0,
};
const nothing: HealthFacts = { ...well, paidInTime: 0, cases: 0 };
const reasons = (facts: Partial<HealthFacts>) =>
	accountHealth({ ...well, ...facts }).components.flatMap((component) => component.reasons.map(({ words }) => words));

describe('the health of an account', () => {
	it('is 100 when all that is known is well, and says of how many parts nothing is known', () => {
		const health = accountHealth(well);
		expect(health).toMatchObject({ score: 100, band: 'good', known: 5, cap: null });
		expect(health.components.find(({ name }) => name === 'commercial')).toMatchObject({ points: null, reasons: [] });
	});

	it('gives the weight of an unknown part to the others', () => {
		const health = accountHealth(nothing);
		expect(health.components.filter(({ points }) => points !== null).map(({ name }) => name)).toEqual([
			'responsiveness',
			'relationship',
		]);
		expect(health.components.map(({ most }) => Math.round(most))).toEqual([0, 57, 0, 43, 0, 0]);
	});

	it('takes points with a reason in words for each', () => {
		expect(reasons({ openComplaints: 1, overdueIssues: 2 })).toEqual(['1 open complaint', '2 overdue issues']);
		expect(reasons({ paidInTime: 95, paidLate: 5 })).toEqual(['5 of 100 renewals paid late in twelve months']);
		expect(reasons({ daysSinceContact: 75, hasSponsor: false })).toEqual([
			'75 days without contact',
			'no sponsor named',
		]);
		expect(reasons({ daysSinceContact: null, hasVisitAhead: false })).toEqual(['no contact known', 'no visit planned']);
		expect(reasons({ pastCutoff: 4, lapsed: 1 })).toEqual([
			'4 cases undecided past our cut-off',
			'1 case lapsed in twelve months',
		]);
		expect(reasons({ incompleteCases: 12 })).toEqual(['12 of 400 cases lack a number, a country or a filing day']);
		expect(accountHealth({ ...well, openEscalations: 1 }).score).toBe(91);
	});

	it('has the bands 80 and 60', () => {
		expect(accountHealth({ ...well, openComplaints: 1, openEscalations: 1, paidLate: 10 }).band).toBe('watch');
		expect(accountHealth({ ...well, openEscalations: 3, paidLate: 50, daysSinceContact: 200 }).band).toBe('at risk');
		expect(accountHealth({ ...nothing }, { ...defaultWeights, responsiveness: 0, relationship: 0 })).toMatchObject({
			score: null,
			band: 'unknown',
		});
	});

	it('is capped by a lapse incident at 40 and by a notice at 30, and says so only when that is what holds it down', () => {
		expect(accountHealth({ ...well, lapseIncidents: 1 })).toMatchObject({
			score: 40,
			cap: { words: '1 open incident about a lapsed case', most: 40 },
		});
		expect(accountHealth({ ...well, lapseIncidents: 1, noticeGiven: true })).toMatchObject({ score: 30 });
		const poor = {
			...well,
			openEscalations: 9,
			paidLate: 99,
			daysSinceContact: 400,
			pastCutoff: 99,
			incompleteCases: 400,
		};
		const health = accountHealth({ ...poor, lapseIncidents: 1, hasSponsor: false, hasVisitAhead: false });
		expect(health.score).toBeLessThan(40);
		expect(health.cap).toBeNull();
	});

	it('refuses weights that weigh nothing', () => {
		expect(() => accountHealth(well, { ...defaultWeights, data: -1 })).toThrow(RangeError);
		const none = Object.fromEntries(componentNames.map((name) => [name, 0])) as never;
		expect(() => accountHealth(well, none)).toThrow(RangeError);
	});

	it('lies from 0 to 100, tells every lost point, and never rises when something gets worse', () => {
		const many = fc.integer({ min: 0, max: 300 });
		const facts = fc.record({
			paidInTime: many,
			paidLate: many,
			lapsed: many,
			pastCutoff: many,
			overdueIssues: fc.integer({ min: 0, max: 9 }),
			openComplaints: fc.integer({ min: 0, max: 4 }),
			openEscalations: fc.integer({ min: 0, max: 4 }),
			lapseIncidents: fc.integer({ min: 0, max: 2 }),
			daysSinceContact: fc.option(many),
			hasSponsor: fc.boolean(),
			hasVisitAhead: fc.boolean(),
			noticeGiven: fc.boolean(),
			cases: fc.constant(300),
			incompleteCases: many,
		});
		const weights = fc.record(
			Object.fromEntries(componentNames.map((name) => [name, fc.integer({ min: 1, max: 50 })])) as never,
		) as fc.Arbitrary<typeof defaultWeights>;
		fc.assert(
			fc.property(facts, weights, (facts, weights) => {
				const health = accountHealth(facts, weights);
				const score = health.score ?? 0;
				expect(score).toBeGreaterThanOrEqual(0);
				expect(score).toBeLessThanOrEqual(100);
				const lost = health.components.flatMap((component) => component.reasons.map(({ points }) => points));
				const told = Math.round(Math.min(100 + lost.reduce((sum, points) => sum + points, 0), health.cap?.most ?? 100));
				expect(Math.abs(told - score)).toBeLessThanOrEqual(1);
				for (const worse of [
					{ openComplaints: facts.openComplaints + 1 },
					{ openEscalations: facts.openEscalations + 1 },
					{ overdueIssues: facts.overdueIssues + 1 },
					{ hasSponsor: false },
					{ lapseIncidents: facts.lapseIncidents + 1 },
				])
					expect(accountHealth({ ...facts, ...worse }, weights).score).toBeLessThanOrEqual(score);
			}),
		);
	});
});
