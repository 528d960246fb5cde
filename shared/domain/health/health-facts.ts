/** What the health of an account follows from; null where nothing is known. Days are local dates. */
export interface HealthFacts {
	/** Renewals of the last twelve months that are settled. */
	paidInTime: number;
	paidLate: number;
	lapsed: number;
	/** Undecided cases whose cut-off has passed. */
	pastCutoff: number;
	/** Open issues by what weighs on trust. */
	overdueIssues: number;
	openComplaints: number;
	openEscalations: number;
	/** Open complaints and escalations about a case that has lapsed. */
	lapseIncidents: number;
	/** Days since somebody last wrote, met or answered; null when never. */
	daysSinceContact: number | null;
	hasSponsor: boolean;
	/** A visit to come is planned. */
	hasVisitAhead: boolean;
	noticeGiven: boolean;
	cases: number;
	/** Cases without a number, a country or a filing day. */
	incompleteCases: number;
}

export const componentNames = [
	'delivery',
	'responsiveness',
	'behaviour',
	'relationship',
	'commercial',
	'data',
] as const;
export type ComponentName = (typeof componentNames)[number];

/** How much each part counts; only their proportions matter. */
export type HealthWeights = Readonly<Record<ComponentName, number>>;

export interface HealthReason {
	words: string;
	/** Points of the whole score that this takes; at most 0. */
	points: number;
}

export interface HealthComponent {
	name: ComponentName;
	label: string;
	/** Points of the whole score that it can bring after reweighting, and those it brings; null when nothing is known. */
	most: number;
	points: number | null;
	reasons: readonly HealthReason[];
}

export interface Health {
	/** 0 to 100; null when nothing at all is known. */
	score: number | null;
	band: 'good' | 'watch' | 'at risk' | 'unknown';
	components: readonly HealthComponent[];
	known: number;
	/** Why the score is not higher whatever else is good, or null. */
	cap: { words: string; most: number } | null;
}
