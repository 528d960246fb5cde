import { counted } from '../counted.ts';
import type {
	ComponentName,
	Health,
	HealthComponent,
	HealthFacts,
	HealthReason,
	HealthWeights,
} from './health-facts.ts';
import { componentNames } from './health-facts.ts';

/** The weights an account starts with: 100 in all. */
export const defaultWeights: HealthWeights = {
	delivery: 25,
	responsiveness: 20,
	behaviour: 15,
	relationship: 15,
	commercial: 15,
	data: 10,
};

const labels: Readonly<Record<ComponentName, string>> = {
	delivery: 'Service delivery',
	responsiveness: 'Responsiveness',
	behaviour: 'Client decides in time',
	relationship: 'Relationship',
	commercial: 'Commercial',
	data: 'Data quality',
};

/** From 80 points an account is well, from 60 it needs a look. */
const GOOD = 80;
const WATCH = 60;
const CAP_NOTICE = 30;
const CAP_LAPSE = 40;

/** A part of a component that is missing: its share of the component (0 to 1), and why in words. */
interface Loss {
	words: string;
	share: number;
}

/**
 * The health of an account, 0 to 100, every point explained. A component of which nothing is known gives its weight to the
 * others. An open incident about a lapsed case keeps the score at 40, a notice given at 30. Pure and without a clock, so that
 * laptop and server come to the same figure. Throws RangeError when no weight is above zero or one is below.
 */
export function accountHealth(facts: HealthFacts, weights: HealthWeights = defaultWeights): Health {
	const found = new Map(componentNames.map((name) => [name, lossesOf[name](facts)]));
	if (componentNames.some((name) => weights[name] < 0) || sum(componentNames.map((name) => weights[name])) <= 0)
		throw new RangeError('Weights are not negative, and one at least is above zero.');
	const known = componentNames.filter((name) => found.get(name) && weights[name] > 0);
	const whole = sum(known.map((name) => weights[name]));
	const components = componentNames.map((name) =>
		explain(name, known.includes(name) ? (weights[name] / whole) * 100 : 0, found.get(name) ?? null),
	);
	const cap = capOf(facts);
	const uncapped = sum(components.map(({ points }) => points ?? 0));
	const score = known.length === 0 ? null : Math.round(Math.min(uncapped, cap?.most ?? 100));
	return {
		score,
		band: bandOf(score),
		components,
		known: known.length,
		cap: cap && uncapped > cap.most ? cap : null,
	};
}

function explain(name: ComponentName, most: number, losses: readonly Loss[] | null): HealthComponent {
	if (losses === null) return { name, label: labels[name], most, points: null, reasons: [] };
	let left = 1;
	const reasons: HealthReason[] = [];
	for (const { words, share } of losses) {
		const taken = Math.min(left, share);
		left -= taken;
		if (taken > 0) reasons.push({ words, points: -taken * most });
	}
	return { name, label: labels[name], most, points: left * most, reasons };
}

/** What each component lacks; null when nothing is known of it. */
const lossesOf: Readonly<Record<ComponentName, (facts: HealthFacts) => Loss[] | null>> = {
	delivery: ({ paidInTime, paidLate }) => {
		const paid = paidInTime + paidLate;
		if (paid === 0) return null;
		// A fifth paid late is as bad as it gets.
		return loss(`${paidLate} of ${counted(paid, 'renewal')} paid late in twelve months`, (paidLate / paid) * 5);
	},
	responsiveness: ({ overdueIssues, openComplaints, openEscalations }) => [
		...loss(counted(openEscalations, 'open escalation'), openEscalations * 0.4),
		...loss(counted(openComplaints, 'open complaint'), openComplaints * 0.3),
		...loss(counted(overdueIssues, 'overdue issue'), overdueIssues * 0.15),
	],
	behaviour: ({ paidInTime, paidLate, lapsed, pastCutoff }) => {
		const decided = paidInTime + paidLate + lapsed + pastCutoff;
		if (decided === 0) return null;
		return [
			...loss(`${counted(pastCutoff, 'case')} undecided past our cut-off`, (pastCutoff / decided) * 4),
			...loss(`${counted(lapsed, 'case')} lapsed in twelve months`, (lapsed / decided) * 2),
		];
	},
	relationship: ({ daysSinceContact, hasSponsor, hasVisitAhead }) => [
		...loss(
			daysSinceContact === null ? 'no contact known' : `${daysSinceContact} days without contact`,
			freshness(daysSinceContact),
		),
		...loss('no sponsor named', hasSponsor ? 0 : 0.2),
		...loss('no visit planned', hasVisitAhead ? 0 : 0.2),
	],
	// Contracts and invoices are not held yet: only a notice tells anything, and that caps the whole.
	commercial: ({ noticeGiven }) => (noticeGiven ? loss('notice given', 1) : null),
	data: ({ cases, incompleteCases }) => {
		if (cases === 0) return null;
		const share = incompleteCases / cases;
		return loss(`${incompleteCases} of ${counted(cases, 'case')} lack a number, a country or a filing day`, share * 5);
	},
};

/** 60 % of the relationship, by the bands of 30, 60 and 90 days. */
function freshness(days: number | null): number {
	if (days === null || days > 90) return 0.6;
	if (days > 60) return 0.4;
	return days > 30 ? 0.2 : 0;
}

function capOf({ noticeGiven, lapseIncidents }: HealthFacts): Health['cap'] {
	if (noticeGiven) return { words: 'notice given', most: CAP_NOTICE };
	if (lapseIncidents > 0)
		return { words: `${counted(lapseIncidents, 'open incident')} about a lapsed case`, most: CAP_LAPSE };
	return null;
}

function bandOf(score: number | null): Health['band'] {
	if (score === null) return 'unknown';
	if (score >= GOOD) return 'good';
	return score >= WATCH ? 'watch' : 'at risk';
}

function loss(words: string, share: number): Loss[] {
	return share > 0 ? [{ words, share: Math.min(1, share) }] : [];
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
