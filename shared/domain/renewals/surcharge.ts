import { addMonths, endOfMonth } from '../months.ts';
import type { OfficeRule } from './office-rule.ts';
import type { FeeDates } from './renewal-dates.ts';

export type SurchargeAnswer =
	| { state: 'none' | 'unstated' | 'too-late' }
	| { state: 'percent'; percent: number }
	| { state: 'amount'; amount: string; currency: string };

/** What is added to the official fee when it is paid on `day`. Percent of the official fee, or an amount in the office's currency. */
export function surchargeOn(rule: OfficeRule, dates: FeeDates, day: string): SurchargeAnswer {
	if (day <= dates.freeUntil) return { state: 'none' };
	if (day > dates.graceEnd) return { state: 'too-late' };
	const { surcharge } = rule;
	if (surcharge.kind === 'unstated') return { state: 'unstated' };
	const months = monthsOver(rule, dates.due, day);
	if (surcharge.kind === 'percent') {
		const step = surcharge.steps.findLast((one) => one.months <= months) ?? surcharge.steps[0];
		return step ? { state: 'percent', percent: step.percent } : { state: 'unstated' };
	}
	const step = surcharge.steps.findLast((one) => one.months <= months) ?? surcharge.steps[0];
	if (!step) return { state: 'unstated' };
	return Number(step.amount) === 0
		? { state: 'none' }
		: { state: 'amount', amount: step.amount, currency: surcharge.currency };
}

/** Full months that have gone by since the due date. */
function monthsOver({ dueDay, endsOfMonth }: OfficeRule, due: string, day: string): number {
	const byMonth = endsOfMonth || dueDay.startsWith('END_OF');
	let months = 0;
	while (months < 24 && day > (byMonth ? endOfMonth(due, months + 1) : addMonths(due, months + 1))) months++;
	return months;
}
