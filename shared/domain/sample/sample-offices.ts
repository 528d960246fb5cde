import { addDays } from '../days.ts';
import { addMonths, endOfMonth, yearOf } from '../months.ts';

/**
 * A simple renewal rule per office, good enough for fictional cases: it gives plausible dates, not advice. The rules a
 * person relies on are the renewals feature's.
 */
export interface SampleOffice {
	code: string;
	currency: string;
	base: 'filing' | 'grant';
	/** Fees fall due before grant too. */
	pending: boolean;
	/** First patent year paid; the fee of year n falls due n-1 years after the base. */
	first: number;
	due: 'month-end' | 'anniversary' | 'day-before';
	/** Months after the due date without and with surcharge. */
	free: number;
	grace: number;
	/** Official fee of the first year and its growth a year. */
	fee: number;
	growth: number;
	/** Days before the due date by which we need the instruction. */
	cutoff: number;
	/** Months from filing to grant, least and most. */
	pendency: readonly [number, number];
}

export interface FeeDates {
	window_opens: string;
	due_date: string;
	free_until: string;
	grace_end: string;
	client_cutoff: string;
}

const monthEnd = {
	base: 'filing',
	pending: true,
	due: 'month-end',
	free: 0,
	grace: 6,
	cutoff: 28,
	pendency: [30, 60],
} as const;
const anniversary = {
	base: 'filing',
	pending: false,
	due: 'anniversary',
	free: 0,
	grace: 6,
	cutoff: 35,
	pendency: [30, 60],
} as const;

const list: SampleOffice[] = [
	{
		code: 'US',
		currency: 'USD',
		...anniversary,
		base: 'grant',
		first: 4,
		fee: 2150,
		growth: 1,
		cutoff: 28,
		pendency: [20, 44],
	},
	{ code: 'EP', currency: 'EUR', ...monthEnd, first: 3, fee: 690, growth: 1.11, pendency: [48, 84] },
	{ code: 'DE', currency: 'EUR', ...monthEnd, first: 3, free: 2, fee: 70, growth: 1.2 },
	{ code: 'FR', currency: 'EUR', ...monthEnd, first: 2, fee: 38, growth: 1.17 },
	{ code: 'GB', currency: 'GBP', ...anniversary, first: 5, fee: 70, growth: 1.15, cutoff: 28 },
	{ code: 'IT', currency: 'EUR', ...monthEnd, pending: false, first: 5, fee: 60, growth: 1.16 },
	{ code: 'ES', currency: 'EUR', ...monthEnd, first: 3, free: 3, grace: 9, fee: 25, growth: 1.2 },
	{ code: 'NL', currency: 'EUR', ...monthEnd, pending: false, first: 4, fee: 40, growth: 1.22 },
	{ code: 'SE', currency: 'SEK', ...monthEnd, first: 3, fee: 1700, growth: 1.08 },
	{ code: 'CH', currency: 'CHF', ...monthEnd, first: 4, free: 3, fee: 100, growth: 1.14 },
	{ code: 'JP', currency: 'JPY', ...anniversary, base: 'grant', first: 4, fee: 16500, growth: 1.12, cutoff: 49 },
	{ code: 'CN', currency: 'CNY', ...anniversary, first: 4, free: 1, fee: 1200, growth: 1.12, cutoff: 42 },
	{ code: 'KR', currency: 'KRW', ...anniversary, base: 'grant', first: 4, fee: 62000, growth: 1.15, cutoff: 42 },
	{ code: 'IN', currency: 'INR', ...anniversary, first: 3, fee: 4000, growth: 1.14, cutoff: 42, pendency: [40, 72] },
	{ code: 'CA', currency: 'CAD', ...anniversary, pending: true, first: 3, fee: 134, growth: 1.13 },
	{ code: 'AU', currency: 'AUD', ...anniversary, pending: true, first: 5, fee: 315, growth: 1.13 },
	{
		code: 'BR',
		currency: 'BRL',
		...anniversary,
		pending: true,
		first: 3,
		free: 3,
		grace: 9,
		fee: 780,
		growth: 1.09,
		cutoff: 42,
	},
	{
		code: 'TW',
		currency: 'TWD',
		...anniversary,
		base: 'grant',
		due: 'day-before',
		first: 4,
		fee: 5000,
		growth: 1.1,
		cutoff: 42,
	},
];

const byCode = new Map(list.map((office) => [office.code, office]));

/** The rule of an office; throws for one the sample does not know. */
export function sampleOffice(code: string): SampleOffice {
	const office = byCode.get(code);
	if (!office) throw new RangeError(`The sample has no office ${code}.`);
	return office;
}

/** The fees of a case that fall due from `from` to `to`: their labels, numbers and official amounts. */
export function feesBetween(office: SampleOffice, base: string, [from, to]: readonly [string, string]): Fee[] {
	if (office.code === 'US') return US_FEES.filter(({ months }) => isBetween(addMonths(base, months), from, to));
	const earliest = Math.max(office.first, yearOf(from) - yearOf(base) + 1);
	const latest = Math.min(20, yearOf(to) - yearOf(base) + 1);
	const fees: Fee[] = [];
	for (let year = earliest; year <= latest; year++) {
		const months = (year - 1) * 12;
		if (!isBetween(addMonths(base, months), from, to)) continue;
		fees.push({ label: String(year), months, amount: Math.round(office.fee * office.growth ** (year - office.first)) });
	}
	return fees;
}

export interface Fee {
	/** As the office numbers it: "5", "3.5". */
	label: string;
	/** Months from the base to the due date. */
	months: number;
	amount: number;
}

const US_FEES: Fee[] = [
	{ label: '3.5', months: 42, amount: 2150 },
	{ label: '7.5', months: 90, amount: 4040 },
	{ label: '11.5', months: 138, amount: 8280 },
];

/** The four dates of a fee, and when it may first be paid. */
export function feeDates(office: SampleOffice, base: string, fee: Fee): FeeDates {
	const nominal = addMonths(base, fee.months);
	const ultimo = office.due === 'month-end';
	const due = ultimo ? endOfMonth(nominal) : office.due === 'day-before' ? addDays(nominal, -1) : nominal;
	const later = (months: number) => (ultimo ? endOfMonth(due, months) : addMonths(due, months));
	return {
		window_opens: addMonths(due, office.code === 'EP' ? -3 : -6),
		due_date: due,
		// In Great Britain payment is on time until the end of the month.
		free_until: office.code === 'GB' ? endOfMonth(due) : later(office.free),
		grace_end: office.code === 'GB' ? endOfMonth(due, 6) : later(office.grace),
		client_cutoff: addDays(due, -office.cutoff),
	};
}

function isBetween(day: string, from: string, to: string): boolean {
	return day >= from && day <= to;
}
