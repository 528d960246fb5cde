/** Month arithmetic on plain days ("2026-11-24"), by whole numbers: millions of dates are reckoned for a large store. */

interface Day {
	year: number;
	/** From 0. */
	month: number;
	day: number;
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The same day `months` later; the month's last day where it has no such day. */
export function addMonths(day: string, months: number): string {
	const { year, month, day: number } = moved(day, months);
	return write({ year, month, day: Math.min(number, lengthOf(year, month)) });
}

/** The last day of the month `months` after the month of `day`. */
export function endOfMonth(day: string, months = 0): string {
	const { year, month } = moved(day, months);
	return write({ year, month, day: lengthOf(year, month) });
}

/** The first day of the month `months` after the month of `day`. */
export function startOfMonth(day: string, months = 0): string {
	const { year, month } = moved(day, months);
	return write({ year, month, day: 1 });
}

/** The anniversary `years` after `day`; that of 29 February is the 28th in a year without one. */
export function addYears(day: string, years: number): string {
	return addMonths(day, years * 12);
}

/** True for a day that exists, written as "2026-11-30". */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const { year, month, day } = moved(text, 0);
	return text.slice(5, 7) !== '00' && Number(text.slice(5, 7)) <= 12 && day >= 1 && day <= lengthOf(year, month);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: string): number {
	return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The year of a day as a number. */
export function yearOf(day: string): number {
	return Number(day.slice(0, 4));
}

function moved(text: string, months: number): Day {
	const total = yearOf(text) * 12 + Number(text.slice(5, 7)) - 1 + months;
	return { year: Math.floor(total / 12), month: total % 12, day: Number(text.slice(8, 10)) };
}

function lengthOf(year: number, month: number): number {
	const leap = month === 1 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
	return leap ? 29 : (LENGTHS[month] as number);
}

function write({ year, month, day }: Day): string {
	const two = (value: number) => (value < 10 ? `0${value}` : String(value));
	return `${year}-${two(month + 1)}-${two(day)}`;
}
