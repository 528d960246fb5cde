import type { FeeNumber } from './fee-number.ts';
import { findRule } from './find-rule.ts';
import type { OfficeRule } from './office-rule.ts';
import { type FeeAnswer, type RenewalFacts, renewalDates } from './renewal-dates.ts';

export interface ScheduledFee {
	fee: FeeNumber;
	answer: FeeAnswer;
}

/** The most years any office counts. */
const LAST = 20;

/** Every fee of a case from its first to the end of its term, in the order they fall due; empty for an office without a rule. */
export function feeSchedule(facts: RenewalFacts): ScheduledFee[] {
	const rule = findRule(facts.office, { filing: facts.filing, due: null });
	if (!rule) return [];
	return feesOf(rule)
		.map((fee) => ({ fee, answer: renewalDates(facts, fee) }))
		.filter(({ answer }) => answer.state !== 'after-term' && answer.state !== 'not-due');
}

function feesOf({ counting }: OfficeRule): FeeNumber[] {
	if (counting.by === 'STAGE') return counting.stages.map(({ years, label }) => ({ from: years, to: years, label }));
	if (counting.by === 'BLOCK') return counting.blocks.map(([from, to]) => ({ from, to, label: `years ${from}-${to}` }));
	const word = counting.by === 'PATENT_YEAR' ? 'year' : 'anniversary';
	const numbers =
		counting.by === 'ANNIVERSARY' && counting.only
			? counting.only
			: Array.from({ length: LAST - counting.first + 1 }, (_, index) => counting.first + index);
	return numbers.map((number) => ({ from: number, to: number, label: `${word} ${number}` }));
}
