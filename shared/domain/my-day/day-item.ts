/** Something that waits for the person, told by the facts its rank follows from. Days are local dates of the laptop's zone. */
export type DayFact =
	| {
			kind: 'issue';
			id: string;
			accountId: string;
			title: string;
			type: string;
			priority: string;
			status: string;
			due: string | null;
	  }
	| { kind: 'task'; id: string; accountId: string | null; title: string; priority: string | null; due: string | null }
	| {
			/** The undecided cases of one account whose cut-off is near or past. */
			kind: 'renewals';
			accountId: string;
			undecided: number;
			pastCutoff: number;
			/** The first cut-off of a case that can still be decided in time. */
			nextCutoff: string | null;
	  }
	| {
			kind: 'visit';
			id: string;
			accountId: string;
			title: string;
			starts: string;
			ends: string;
			linesOpen: number;
			linesTotal: number;
			/** Open lines of the checklist whose day has come. */
			linesDue: number;
	  }
	/** Fields that two people changed, and changes that the office refused. */
	| { kind: 'conflicts'; count: number }
	| { kind: 'refused'; count: number };

/** Days on which the person is at a client's site. */
export interface Away {
	visitId: string;
	/** Whom the visit is to. */
	place: string;
	from: string;
	to: string;
}

export interface DayItem {
	fact: DayFact;
	/** The day by which it matters, where it has one. */
	day: string | null;
	points: number;
	/** Why it stands where it stands, the weightiest first; every point is told by one of them. */
	reasons: readonly DayReason[];
}

export interface DayReason {
	words: string;
	points: number;
}

export interface DayLoad {
	day: string;
	/** Places where the person is on that day. */
	away: readonly string[];
	/** Items whose day it is. */
	due: number;
	/** Why that day needs a look, or null. */
	warning: string | null;
}
