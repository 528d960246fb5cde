import { isNothing } from './clean-text.ts';
import { type DateOrder, type DateRules, isZeroDate, readDate, readShape } from './dates.ts';

/** What a column of dates shows about the order of day and month. Counts are of cells. */
export interface DateEvidence {
	dates: number;
	other: number;
	blank: number;
	/** Numeric dates that can only be day first, only be month first, or either. */
	dayFirst: number;
	monthFirst: number;
	either: number;
	iso: number;
	/** Spelled-out dates, and those of them with a day up to 12. */
	spelled: number;
	spelledLow: number;
	dotted: number;
}

/** What is known of a column's dates before its first cell was read. */
export function noEvidence(): DateEvidence {
	return {
		dates: 0,
		other: 0,
		blank: 0,
		dayFirst: 0,
		monthFirst: 0,
		either: 0,
		iso: 0,
		spelled: 0,
		spelledLow: 0,
		dotted: 0,
	};
}

/** Adds a cell that occurs `times` times to the evidence. */
export function addEvidence(evidence: DateEvidence, cell: string, times: number): void {
	const text = cell.trim();
	if (isNothing(text) || isZeroDate(text)) {
		evidence.blank += times;
		return;
	}
	const shape = readShape(text);
	if (shape.kind === 'bad') evidence.other += times;
	else if (shape.kind === 'serial') evidence[shape.days >= 14_611 && shape.days <= 80_000 ? 'dates' : 'other'] += times;
	else {
		evidence.dates += times;
		if (shape.kind === 'fixed') countFixed(evidence, shape, times);
		else countOpen(evidence, shape, times);
	}
}

function countFixed(evidence: DateEvidence, shape: { style: string; day: number }, times: number): void {
	if (shape.style.startsWith('YYYY')) {
		evidence.iso += times;
		return;
	}
	evidence.spelled += times;
	if (shape.day <= 12) evidence.spelledLow += times;
}

function countOpen(
	evidence: DateEvidence,
	shape: { first: number; second: number; separator: string },
	times: number,
): void {
	const { first, second } = shape;
	if (first > 12 && second <= 12) evidence.dayFirst += times;
	else if (second > 12 && first <= 12) evidence.monthFirst += times;
	else if (first <= 12 && second <= 12) evidence.either += times;
	if (shape.separator === '.') evidence.dotted += times;
}

/** The order of a column, from its impossible days; where it has none, from the other columns of the file. */
export function decideOrder(
	evidence: DateEvidence,
	others: readonly DateEvidence[],
): { order: DateOrder; sure: boolean } {
	const { dayFirst, monthFirst, either } = evidence;
	if (dayFirst + monthFirst + either === 0) return { order: evidence.iso > 0 ? 'ymd' : 'auto', sure: true };
	if (dayFirst + monthFirst > 0) {
		// A few strays are faults of typing; two orders in numbers are two sources in one column.
		if (monthFirst <= dayFirst * 0.05) return { order: 'dmy', sure: true };
		if (dayFirst <= monthFirst * 0.05) return { order: 'mdy', sure: true };
		return { order: 'auto', sure: true };
	}
	if (evidence.dotted > 0) return { order: 'dmy', sure: true };
	const day = others.reduce((sum, other) => sum + other.dayFirst, 0);
	const month = others.reduce((sum, other) => sum + other.monthFirst, 0);
	if (day > 0 && month === 0) return { order: 'dmy', sure: true };
	if (month > 0 && day === 0) return { order: 'mdy', sure: true };
	return { order: 'dmy', sure: false };
}

/**
 * True when a column carries the mark of Excel having read M/D/Y as D/M/Y: every numeric date has a day above 12
 * (so could not be swapped) and every spelled-out one a day up to 12. Chance gives that about once in 2.5^n.
 */
export function looksSwapped(evidence: DateEvidence): boolean {
	const { spelled, spelledLow, either, monthFirst, dayFirst } = evidence;
	return spelled >= 10 && spelledLow === spelled && either === 0 && monthFirst + dayFirst >= 10;
}

/** The pivot for two-digit years: dates of the past end next year, dates to come reach 40 years ahead. */
export function pivotFor(thisYear: number, future: boolean): number {
	return Math.min(99, (thisYear % 100) + (future ? 40 : 1));
}

/** A reader for one column that remembers what it has read: dates repeat. */
export function dateColumnReader(rules: DateRules): (text: string) => ReturnType<typeof readDate> {
	const known = new Map<string, ReturnType<typeof readDate>>();
	return (text) => {
		const before = known.get(text);
		if (before) return before;
		const reading = readDate(text, rules);
		if (known.size < 50_000) known.set(text, reading);
		return reading;
	};
}
