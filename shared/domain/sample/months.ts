/** Month arithmetic on plain days ("2026-11-24"), by whole numbers: millions of dates are made when a store is seeded. */

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
