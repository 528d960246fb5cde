/** What a fee's number counts from. For a case that came by the PCT, FILING is the international filing date. */
export type RuleBase = 'FILING' | 'GRANT' | 'REGISTRATION' | 'GRANT_PUBLICATION';

/** How far a rule can be trusted: statute or two sources that agree, one source, thin or contradicting ones. */
export type Confidence = 'high' | 'medium' | 'low';

/** How the office counts its fees. */
export type Counting =
	/** "Year n" falls due at the anniversary n-1. */
	| { by: 'PATENT_YEAR'; first: number }
	/** "Anniversary n" falls due at it. */
	| { by: 'ANNIVERSARY'; first: number; only?: readonly number[] }
	/** Months after the base, each with its office's name: "3.5y". */
	| { by: 'STAGE'; stages: readonly { label: string; years: number; months: number }[] }
	/** Several years at once; a block falls due before its first year. */
	| { by: 'BLOCK'; blocks: readonly (readonly [from: number, to: number])[] };

/** On which day of the anniversary's month a fee falls due. */
export type DueDay =
	| 'ANNIVERSARY'
	| 'END_OF_MONTH'
	/** The last day of the month in which the day after the anniversary lies. */
	| 'END_OF_NEXT_DAYS_MONTH'
	| 'DAY_BEFORE';

/** What happens to fees that would have fallen due before the patent was there. */
export type LateGrant =
	| 'NONE'
	/** Paid with the grant or registration fee: no date of their own. */
	| 'WITH_GRANT'
	/** Months after the grant (or what the office counts from), day for day; `lastDay` of a period that begins with it. */
	| { months: number; from: 'GRANT' | 'RECORDAL'; day: 'SAME' | 'LAST_DAY' | 'END_OF_MONTH'; within: number };

export type Surcharge =
	| { kind: 'percent'; steps: readonly { months: number; percent: number }[] }
	| { kind: 'amount'; steps: readonly { months: number; amount: string }[]; currency: string }
	| { kind: 'unstated' };

/** How one office's renewal dates come about, for fees that fall due in a span of time. */
export interface OfficeRule {
	/** ST.3 code; UP for the unitary patent. */
	office: string;
	name: string;
	/** Days on which the rule begins and ends to hold for due dates; null is open. */
	validFrom: string | null;
	validTo: string | null;
	/** For filings from and before this day; null is any. */
	filedFrom: string | null;
	filedBefore: string | null;
	base: RuleBase;
	/** True where fees fall due before the grant. */
	pending: boolean;
	counting: Counting;
	dueDay: DueDay;
	/** Months before the due date from which payment is valid, `first` for the first fee; null where nobody says so. */
	opens: { months: number; first?: number; fromMonthStart?: boolean } | null;
	/** Months after the due date still without and at most with a surcharge. */
	freeMonths: number;
	graceMonths: number;
	/** Which of the two end on the last day of their month although the due date is another day. */
	endsOfMonth: boolean;
	lateGrant: LateGrant;
	surcharge: Surcharge;
	/** `STATUTE`: the office's own law moves a day on which it is closed, and people rely on the moved one. */
	roll: 'STATUTE' | 'GENERAL';
	termYears: number;
	/** The statute or office text the row is taken from. */
	source: string;
	confidence: Confidence;
	/** What a person must know besides the dates. */
	remarks: readonly string[];
}
