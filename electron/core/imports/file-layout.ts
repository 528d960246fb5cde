import { CoreError } from '../../../shared/contract/errors.ts';
import type { DateStyle, ImportSettings } from '../../../shared/contract/models.ts';
import {
	addEvidence,
	type DateEvidence,
	decideOrder,
	noEvidence,
} from '../../../shared/domain/importing/date-columns.ts';
import { guessHeaderRow, nameColumns } from '../../../shared/domain/importing/guess-layout.ts';
import { type ColumnGuess, guessMapping } from '../../../shared/domain/importing/guess-mapping.ts';
import { targetByKey } from '../../../shared/domain/importing/targets.ts';
import type { FileSource } from './file-source.ts';
import { readHead } from './file-source.ts';
import { limits } from './limits.ts';
import type { RowBatch } from './read-rows.ts';

/** How one client's files were read before: what a person confirmed. */
export interface Remembered {
	mapping: (string | null)[];
	dateStyles: Record<number, DateStyle>;
}

export interface Layout {
	/** Row number of the header, from 1; 0 when there is none. */
	headerRow: number;
	headers: string[];
	guesses: ColumnGuess[];
	dateStyles: Record<number, DateStyle>;
	dates: { column: number; evidence: DateEvidence; order: DateStyle; sure: boolean }[];
	remembered: boolean;
	head: RowBatch;
}

export interface LayoutOptions {
	wanted: Partial<ImportSettings>;
	/** The mapping confirmed for columns of these names, if any. */
	recall(headerKey: string): Promise<Remembered | null>;
}

/** Columns whose order of day and month is decided on the whole file, since an impossible day may come late. */
const HEAD_ROWS = 600;

/** Finds header, columns, mapping and date styles. Throws `file_no_rows` when there is nothing below the header. */
export async function findLayout(source: FileSource, options: LayoutOptions): Promise<Layout> {
	const { wanted } = options;
	const head = await readHead(source.table, source.choice, HEAD_ROWS);
	const index = guessHeaderRow(head.rows);
	const headerRow = wanted.headerRow ?? (index === -1 ? 0 : (head.numbers[index] ?? 0));
	const header = headerRow === 0 ? [] : (head.rows[head.numbers.indexOf(headerRow)] ?? []);
	const data = head.rows.filter((_, at) => (head.numbers[at] ?? 0) > headerRow);
	if (!data.some((row) => row.some((cell) => cell.trim() !== ''))) throw noRows(head, headerRow);
	const headers = nameColumns(header, usedWidth(header, data));
	const known = wanted.mapping ? null : await options.recall(headerKey(headers));
	const guesses = chosenMapping(wanted.mapping ?? known?.mapping, headers) ?? guessMapping(headers, data.slice(0, 500));
	const layout = { headerRow, headers, guesses, head, remembered: known !== null };
	const styles = wanted.dateStyles ?? known?.dateStyles ?? {};
	return { ...layout, ...(await decideDates(source, layout, { styles, final: wanted.dateStyles !== undefined })) };
}

function noRows(head: RowBatch, headerRow: number): CoreError {
	if (head.rows.every((row) => row.every((cell) => cell.trim() === ''))) {
		return new CoreError('file_empty', 'There is nothing in the file but blanks.');
	}
	const where = headerRow > 0 ? ` below the column names in row ${headerRow}` : '';
	return new CoreError('file_no_rows', `The file has no rows${where}. Was the list filtered when it was exported?`);
}

/** Names of the columns joined: recognises the next file of the same shape. */
export function headerKey(headers: readonly string[]): string {
	return headers.join('\u001f').toLowerCase().slice(0, 20_000);
}

/** Columns up to the last one with a name or a value. Ragged ends of single rows count only with the data. */
function usedWidth(header: readonly string[], data: readonly (readonly string[])[]): number {
	let width = filledWidth(header);
	for (const row of data) width = Math.max(width, filledWidth(row));
	return Math.max(1, Math.min(width, limits.columns));
}

/** Number of cells up to the last that is not blank. */
export function filledWidth(row: readonly string[]): number {
	let width = row.length;
	while (width > 0 && (row[width - 1] ?? '').trim() === '') width--;
	return width;
}

/** A mapping that a person chose is taken as it is; targets that are none are left out, a second use of one too. */
function chosenMapping(mapping: (string | null)[] | undefined, headers: readonly string[]): ColumnGuess[] | undefined {
	if (!mapping) return undefined;
	const taken = new Set<string>();
	return headers.map((_, column) => {
		const target = mapping[column] ?? null;
		if (target === null || !targetByKey(target) || taken.has(target))
			return { target: null, confidence: target === null ? 1 : 0 };
		taken.add(target);
		return { target, confidence: 1 };
	});
}

interface GivenStyles {
	styles: Readonly<Record<number, DateStyle>>;
	/** True when a person has just chosen them: then they hold even against the evidence. */
	final: boolean;
}

async function decideDates(
	source: FileSource,
	layout: Pick<Layout, 'guesses' | 'headerRow'>,
	given: GivenStyles,
): Promise<Pick<Layout, 'dateStyles' | 'dates'>> {
	const columns = layout.guesses.flatMap(({ target }, column) =>
		target !== null && targetByKey(target)?.field.kind === 'date' ? [column] : [],
	);
	const evidences = await gatherEvidence(source, columns, layout.headerRow);
	const dates = columns.map((column, at) => {
		const evidence = evidences[at] ?? noEvidence();
		const others = evidences.filter((other) => other !== evidence);
		const decided = decideOrder(evidence, others);
		const told = given.styles[column];
		const ambiguous = evidence.dayFirst + evidence.monthFirst === 0;
		const order = told !== undefined && (given.final || ambiguous) ? told : decided.order;
		return { column, evidence, order, sure: decided.sure || told !== undefined };
	});
	return { dates, dateStyles: Object.fromEntries(dates.map(({ column, order }) => [column, order])) };
}

/** Different texts of a date column remembered before they are counted. */
const MAX_DISTINCT = 20_000;

async function gatherEvidence(source: FileSource, columns: number[], headerRow: number): Promise<DateEvidence[]> {
	const evidences = columns.map(() => noEvidence());
	if (columns.length === 0) return evidences;
	const counts = columns.map(() => new Map<string, number>());
	const flush = (at: number) => {
		const evidence = evidences[at];
		for (const [cell, times] of counts[at] ?? []) if (evidence) addEvidence(evidence, cell, times);
		counts[at]?.clear();
	};
	for await (const { rows, numbers } of source.table.rows(source.choice)) {
		for (let index = 0; index < rows.length; index++) {
			if ((numbers[index] ?? 0) <= headerRow) continue;
			for (let at = 0; at < columns.length; at++) {
				const cell = rows[index]?.[columns[at] ?? 0] ?? '';
				const seen = counts[at];
				if (!seen) continue;
				seen.set(cell, (seen.get(cell) ?? 0) + 1);
				if (seen.size >= MAX_DISTINCT) flush(at);
			}
		}
	}
	for (let at = 0; at < columns.length; at++) flush(at);
	return evidences;
}
