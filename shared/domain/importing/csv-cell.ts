/** First characters that make a spreadsheet take a cell for a formula (OWASP list, full-width twins, line feed). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/** One cell of a CSV that we write: formula text is disarmed with an apostrophe, and quoted where needed. Numbers stay numbers. */
export function csvCell(value: string): string {
	const safe = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
	return /["',;\t\r\n|]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV that we write, with its CRLF. */
export function csvLine(cells: readonly string[]): string {
	return `${cells.map(csvCell).join(',')}\r\n`;
}
