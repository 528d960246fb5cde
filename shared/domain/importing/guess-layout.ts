import { isNothing } from './clean-text.ts';
import { createCsvParser } from './csv-parser.ts';
import { readShape } from './dates.ts';
import { matchHeader } from './header-words.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The delimiter of a text: the one that cuts most rows into the same number of cells. Excel's own "sep=;" line
 * is believed. A text with one column gets a comma.
 */
export function guessDelimiter(head: string): string {
	const told = /^\ufeff?sep=(.)\r?\n/.exec(head);
	if (told?.[1] !== undefined) return told[1];
	let best = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		const score = evenness(createCsvParser(delimiter).push(head).slice(0, 100));
		if (score > best.score) best = { delimiter, score };
	}
	return best.delimiter;
}

function evenness(rows: string[][]): number {
	const counts = new Map<number, number>();
	let filled = 0;
	for (const row of rows) {
		if (row.length === 1 && row[0]?.trim() === '') continue;
		filled++;
		counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
	}
	let best = 0;
	for (const [cells, times] of counts) {
		if (cells > 1) best = Math.max(best, (times / filled) ** 2 * (1 + Math.log2(cells)));
	}
	return best;
}

/** Rows looked at for a header. */
const DEPTH = 40;

/**
 * Which row names the columns: its index, or -1 when none does. Title lines, comments and blank rows above it are passed
 * over. A header is a row about as full as the rows below it, of words that are different from one another.
 */
export function guessHeaderRow(rows: readonly (readonly string[])[]): number {
	const filled = rows.map((row) => row.filter((cell) => cell.trim() !== '').length);
	const width = usualWidth(filled);
	let best = { index: -1, score: 0 };
	for (let index = 0; index < Math.min(rows.length, DEPTH); index++) {
		const score = headerScore(rows[index] ?? [], filled[index] ?? 0, width) - index * 0.05;
		if (score > best.score) best = { index, score };
	}
	return best.index;
}

/** Cells of a usual row, a little above the middle: title lines are narrower, spilled rows rarer. */
function usualWidth(filled: number[]): number {
	const sorted = filled.filter((count) => count > 0).sort((a, b) => a - b);
	return Math.max(1, sorted[Math.floor(sorted.length * 0.6)] ?? 1);
}

function headerScore(row: readonly string[], filled: number, width: number): number {
	if (filled === 0) return 0;
	const cells = row.map((cell) => cell.trim()).filter((cell) => cell !== '');
	const fullness = Math.min(1, filled / width);
	if (fullness < 0.4 || (width > 1 && filled === 1)) return 0;
	const data = cells.filter(isData).length / cells.length;
	const known = cells.filter((cell) => cell.length < 60 && matchHeader(cell) !== null).length;
	const distinct = new Set(cells.map((cell) => cell.toLowerCase())).size / cells.length;
	if (data > 0.5 && known < 2) return 0;
	const comment = cells[0]?.startsWith('# ') && filled < width ? 2 : 0;
	return fullness * 3 + Math.min(known, 6) * 0.8 + distinct - data * 3 - comment;
}

/** A cell that is a value rather than a name: a date, a number, a blank mark. A bare year may name a column. */
function isData(cell: string): boolean {
	if (/^(?:19|20)\d\d$/.test(cell)) return false;
	if (/^[-+]?[\d.,\s%€$£]+$/.test(cell) || isNothing(cell)) return true;
	return cell.length < 40 && /\d/.test(cell) && readShape(cell).kind !== 'bad';
}

/**
 * Names of the columns from the header's cells: blanks within get "Column 3", repeats get "(2)", "(3)". `width` is the
 * number of columns that hold anything.
 */
export function nameColumns(header: readonly string[], width: number): string[] {
	const used = new Map<string, number>();
	return Array.from({ length: width }, (_, index) => {
		const name = (header[index] ?? '').replace(/\s+/g, ' ').trim() || `Column ${index + 1}`;
		const times = (used.get(name) ?? 0) + 1;
		used.set(name, times);
		return times === 1 ? name : `${name} (${times})`;
	});
}
