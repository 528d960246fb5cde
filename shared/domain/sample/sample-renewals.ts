import { daysBetween } from '../days.ts';
import type { Random } from './random.ts';
import type { SampleClient } from './sample-clients.ts';
import type { Fee, FeeDates, SampleOffice } from './sample-offices.ts';

export interface RenewalPlan {
	client: SampleClient;
	office: SampleOffice;
	fee: Fee;
	dates: FeeDates;
	today: string;
}

/** Offices without decimals in their currency. */
const WHOLE = new Set(['JPY', 'KRW', 'TWD']);
/** What our service costs, by the office's currency. */
const SERVICE: Record<string, number> = {
	USD: 145,
	EUR: 130,
	GBP: 115,
	CHF: 140,
	SEK: 1450,
	JPY: 21_000,
	CNY: 980,
	KRW: 190_000,
	INR: 11_500,
	CAD: 190,
	AUD: 205,
	BRL: 720,
	TWD: 4400,
};

/** One renewal's values, its status in keeping with its dates. */
export function sampleRenewal(random: Random, plan: RenewalPlan): Record<string, unknown> {
	const { office, fee, dates } = plan;
	const status = statusOf(random, plan);
	const money = (amount: number) => (WHOLE.has(office.currency) ? String(Math.round(amount)) : amount.toFixed(2));
	const values: Record<string, unknown> = {
		fee_no: fee.label,
		...dates,
		status,
		official_fee: money(fee.amount),
		service_fee: money(SERVICE[office.currency] ?? 150),
		currency: office.currency,
	};
	if (status === 'PAID_LATE') values.surcharge = money(fee.amount / 2);
	return values;
}

function statusOf(random: Random, { client, dates, today }: RenewalPlan): string {
	const undecided = client.undecided;
	if (dates.window_opens > today) return 'FUTURE';
	if (dates.client_cutoff > today) {
		if (random.chance(undecided)) return random.chance(0.55) ? 'REMINDED' : 'OPEN';
		return random.weighted([
			['INSTRUCTED_PAY', 80],
			['IN_PROCESS', 12],
			['INSTRUCTED_ABANDON', 8],
		]);
	}
	if (dates.due_date > today) {
		if (random.chance(undecided / 3)) return 'REMINDED';
		return random.weighted([
			['IN_PROCESS', 45],
			['PAID', 35],
			['INSTRUCTED_PAY', 15],
			['INSTRUCTED_ABANDON', 5],
		]);
	}
	if (dates.grace_end > today) {
		// Only the slowest clients let a case slip past its due date, and not for long.
		const slow = undecided > 0.15 && daysBetween(dates.due_date, today) < 50;
		if (slow && random.chance(undecided / 5)) return 'REMINDED';
		return random.weighted([
			['PAID', 960],
			['INSTRUCTED_ABANDON', 25],
			['IN_PROCESS', 15],
		]);
	}
	return random.weighted([
		['PAID', 955],
		['PAID_LATE', 25],
		['LAPSED', 14],
		['CANCELLED', 6],
	]);
}
