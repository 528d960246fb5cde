import { foldWords } from './clean-text.ts';
import { monthByName } from './month-names.ts';

/** Order of day, month and year where a numeric date leaves it open. `auto`: only what the numbers themselves decide. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy' | 'auto';

/** A date read: the day, and the style as a person would write it. Or why it is none. */
export type DateReading = { iso: string; style: string } | { problem: string };

/** What a text looks like, before the order is known. `first` and `second` are day and month in either order. */
export type DateShape =
	| { kind: 'fixed'; year: number; month: number; day: number; style: string }
	| { kind: 'open'; first: number; second: number; third: number; short: boolean; separator: string }
	| { kind: 'serial'; days: number }
	| { kind: 'bad'; problem: string };

export interface DateRules {
	order: DateOrder;
	/** Two-digit years above this (0 to 99) belong to the century before that of `thisYear`. */
	pivot: number;
	/** Excel day numbers are dates here: true for columns known to hold dates. */
	serials: boolean;
}

const ISO = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/;
const COMPACT = /^(1[6-9]\d\d|20\d\d|21\d\d)(\d{2})(\d{2})$/;
const OPEN = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})\.?(?:,?[T ]+\d{1,2}:\d{2}.*)?$/;
const SPELLED_DAY_FIRST =
	/^(?:\p{L}+\.?,? )?(\d{1,2})(?:st|nd|rd|th|er|º|°)?[.,]?[ -]*(?:de |of |d')?(\p{L}+)\.?,?[ -]*(?:de |del )?(\d{4}|\d{2})(?:[ T,]+\d{1,2}:\d{2}.*)?$/u;
const SPELLED_MONTH_FIRST =
	/^(?:\p{L}+\.?,? )?(\p{L}+)\.?[ -]*(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4})(?:[ T,]+\d{1,2}:\d{2}.*)?$/u;
const JAPANESE = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/;
const SERIAL = /^\d{4,6}(?:\.\d+)?$/;

/** Reads the shape of a date without deciding the order of day and month. Never throws. */
export function readShape(raw: string): DateShape {
	const text = raw.trim();
	const iso = ISO.exec(text);
	if (iso) return fixed([iso[1], iso[3], iso[4]], `YYYY${iso[2]}MM${iso[2]}DD`);
	const compact = COMPACT.exec(text);
	if (compact) return fixed([compact[1], compact[2], compact[3]], 'YYYYMMDD');
	const open = OPEN.exec(text);
	if (open) {
		return {
			kind: 'open',
			first: Number(open[1]),
			second: Number(open[3]),
			third: Number(open[4]),
			short: open[4]?.length === 2,
			separator: open[2] ?? '/',
		};
	}
	if (SERIAL.test(text)) return { kind: 'serial', days: Math.floor(Number(text)) };
	return readSpelled(text);
}

function fixed(parts: readonly (string | undefined)[], style: string): DateShape {
	const [year, month, day] = parts;
	return { kind: 'fixed', year: Number(year), month: Number(month), day: Number(day), style };
}

function readSpelled(text: string): DateShape {
	const japanese = JAPANESE.exec(text);
	if (japanese) return fixed([japanese[1], japanese[2], japanese[3]], 'YYYY年MM月DD日');
	if (text.length <= 60) {
		const dayFirst = SPELLED_DAY_FIRST.exec(text);
		const month = dayFirst && monthByName(foldWords(dayFirst[2] ?? ''));
		if (dayFirst && month) {
			const short = dayFirst[3]?.length === 2;
			const style = `DD Month ${short ? 'YY' : 'YYYY'}`;
			return {
				kind: 'fixed',
				year: short ? -Number(dayFirst[3]) - 1 : Number(dayFirst[3]),
				month,
				day: Number(dayFirst[1]),
				style,
			};
		}
		const monthFirst = SPELLED_MONTH_FIRST.exec(text);
		const first = monthFirst && monthByName(foldWords(monthFirst[1] ?? ''));
		if (monthFirst && first) {
			return {
				kind: 'fixed',
				year: Number(monthFirst[3]),
				month: first,
				day: Number(monthFirst[2]),
				style: 'Month DD, YYYY',
			};
		}
	}
	return { kind: 'bad', problem: 'is not a date in any style that is known' };
}

/** Reads one date by the rules of its column. Days that do not exist are problems, never moved to another day. */
export function readDate(raw: string, rules: DateRules): DateReading {
	const shape = readShape(raw);
	if (shape.kind === 'bad') return { problem: shape.problem };
	if (shape.kind === 'serial') return readSerial(shape.days, rules);
	if (shape.kind === 'fixed') {
		const year = shape.year < 0 ? wholeYear(-shape.year - 1, rules.pivot) : shape.year;
		return checked([year, shape.month, shape.day], shape.style);
	}
	return readOpen(shape, rules);
}

function readOpen(shape: Extract<DateShape, { kind: 'open' }>, rules: DateRules): DateReading {
	const { first, second, separator: s } = shape;
	const yy = shape.short ? 'YY' : 'YYYY';
	if (rules.order === 'ymd' && shape.short) {
		return checked([wholeYear(first, rules.pivot), second, shape.third], `YY${s}MM${s}DD`);
	}
	const year = shape.short ? wholeYear(shape.third, rules.pivot) : shape.third;
	let dayFirst = rules.order === 'dmy';
	if (rules.order === 'auto' || rules.order === 'ymd') {
		if (first <= 12 && second <= 12 && first !== second) {
			return { problem: 'can be read with the day first or the month first: choose the order for this column' };
		}
		dayFirst = first > 12 || first === second;
	}
	return dayFirst
		? checked([year, second, first], `DD${s}MM${s}${yy}`)
		: checked([year, first, second], `MM${s}DD${s}${yy}`);
}

/** Excel's day 1 is 1900-01-01, and its 1900 has a 29 February that never was. 14,611 to 80,000 is 1940 to 2119. */
function readSerial(days: number, rules: DateRules): DateReading {
	if (!rules.serials || days < 14_611 || days > 80_000) {
		const year = days >= 1800 && days <= 2200;
		return { problem: year ? 'is only a year, without day and month' : 'is a number, not a date' };
	}
	return { iso: dayToIso(days - 25_569), style: 'Excel day number' };
}

function wholeYear(short: number, pivot: number): number {
	return short > pivot ? 1900 + short : 2000 + short;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function checked([year, month, day]: readonly [number, number, number], style: string): DateReading {
	if (month < 1 || month > 12) return { problem: `has no month ${month} when read as ${style}` };
	if (year < 1700 || year > 2200) return { problem: `has the year ${year}, which cannot be right` };
	const leap = month === 2 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0) ? 1 : 0;
	if (day < 1 || day > (MONTH_DAYS[month - 1] ?? 0) + leap) return { problem: 'is not a day of the calendar' };
	return { iso: `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`, style };
}

function pad(value: number, digits: number): string {
	return String(value).padStart(digits, '0');
}

/** ISO day of a count of days since 1970-01-01. */
export function dayToIso(days: number): string {
	return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

const ZERO_DATE = /^0{1,4}[-/. ]?0{1,2}[-/. ]?0{1,4}(?: 00:00(?::00)?)?$/;

/** True for "0000-00-00" and its kin, which databases write for no date. */
export function isZeroDate(text: string): boolean {
	return ZERO_DATE.test(text);
}
