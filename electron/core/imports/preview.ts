import { basename } from 'node:path';
import type {
	ImportColumn,
	ImportPreview,
	ImportProgress,
	ImportReject,
	ImportSettings,
} from '../../../shared/contract/models.ts';
import { countMojibake } from '../../../shared/domain/importing/byte-guess.ts';
import { nameColumns } from '../../../shared/domain/importing/guess-layout.ts';
import { compileRowBuilder, type RowBuilder } from '../../../shared/domain/importing/row-builder.ts';
import { identifiers, targetChoices } from '../../../shared/domain/importing/targets.ts';
import { describeFile, type FileFacts } from '../../../shared/domain/importing/warnings.ts';
import { encodings } from './encoding.ts';
import { filledWidth, findLayout, type Layout, type Remembered } from './file-layout.ts';
import { type FileSource, openSource } from './file-source.ts';
import { limits } from './limits.ts';
import type { Pace } from './pace.ts';

export interface PreviewOptions {
	path: string;
	wanted: Partial<ImportSettings>;
	/** Today as a local date. */
	today: string;
	pace: Pace;
	progress(progress: ImportProgress): void;
	recall(headerKey: string): Promise<Remembered | null>;
	/** True for a match key that the account has already. */
	isKnown(matchKey: string): boolean;
	/** Most rejects listed one by one. */
	listed?: number;
}

export interface PreviewResult {
	preview: ImportPreview;
	sha256: string;
}

/** Reads a whole file and says what an import of it would do. Writes nothing. */
export async function previewFile(options: PreviewOptions): Promise<PreviewResult> {
	const source = await openSource(options.path, options.wanted, options.pace);
	const layout = await findLayout(source, options);
	const mapping = layout.guesses.map(({ target }) => target);
	const { headers, dateStyles } = layout;
	const builder = compileRowBuilder({ headers, mapping, dateStyles, today: options.today });
	const check = await checkRows({ source, layout, builder, options });
	const columns = describeColumns(layout, builder, check.width);
	const settings: ImportSettings = {
		...source.choice,
		headerRow: layout.headerRow,
		mapping: columns.map(({ target }) => target),
		dateStyles: layout.dateStyles,
	};
	const preview: ImportPreview = {
		fileName: basename(options.path),
		kind: source.table.kind,
		sizeBytes: source.sizeBytes,
		settings,
		encodings: source.table.kind === 'csv' ? withFirst(encodings, source.choice.encoding) : [],
		sheets: source.table.sheets,
		columns,
		sample: sampleRows(layout, columns.length),
		rows: check.rows,
		ready: check.ready,
		rejected: check.rejected,
		rejects: check.rejects,
		remembered: layout.remembered,
		warnings: describeFile(check.facts),
		targets: targetChoices(),
		blocked: blockedBecause(mapping),
	};
	return { preview, sha256: source.sha256 };
}

function withFirst(names: readonly string[], first: string): string[] {
	return [first, ...names.filter((name) => name !== first)];
}

function blockedBecause(mapping: (string | null)[]): string | null {
	if (mapping.some((target) => target !== null && identifiers.includes(target))) return null;
	return 'No column says which case a row is about. Choose the column with the application, publication or patent number, or the client reference.';
}

interface Check {
	rows: number;
	ready: number;
	rejected: number;
	rejects: ImportReject[];
	/** Number of columns with anything in them, at most the limit. */
	width: number;
	facts: FileFacts;
}

interface CheckInput {
	source: FileSource;
	layout: Layout;
	builder: RowBuilder;
	options: PreviewOptions;
}

/** Builds every row and counts, as the import itself will. */
async function checkRows({ source, layout, builder, options }: CheckInput): Promise<Check> {
	const check: Check = {
		rows: 0,
		ready: 0,
		rejected: 0,
		rejects: [],
		width: layout.headers.length,
		facts: noFacts(layout, builder),
	};
	const seen = new Map<string, number>();
	for await (const { rows, numbers } of source.table.rows(source.choice)) {
		for (let index = 0; index < rows.length; index++) {
			const number = numbers[index] ?? 0;
			const cells = rows[index] ?? [];
			if (number > layout.headerRow) checkRow({ check, builder, options, seen, layout }, cells, number);
		}
		const share = source.table.share();
		options.progress({ stage: 'checking', done: check.rows, total: share ? Math.round(check.rows / share) : null });
	}
	check.facts.unclosedQuotes = source.table.unclosed();
	check.width = Math.min(check.width, limits.columns);
	return check;
}

function noFacts(layout: Layout, builder: RowBuilder): FileFacts {
	return {
		blankRows: 0,
		repeats: [],
		repeatCount: 0,
		known: [],
		knownCount: 0,
		overlong: [],
		overlongCount: 0,
		ignoredColumns: 0,
		lastColumn: 0,
		unclosedQuotes: [],
		mojibake: layout.head.rows.reduce((sum, row) => sum + countMojibake(row.join(' ')), 0),
		dates: layout.dates.map(({ column, evidence, order, sure }) => ({
			name: layout.headers[column] ?? '',
			evidence,
			order,
			sure,
		})),
		findings: builder.findings,
	};
}

interface RowCheck {
	check: Check;
	builder: RowBuilder;
	options: PreviewOptions;
	seen: Map<string, number>;
	layout: Layout;
}

function checkRow({ check, builder, options, seen, layout }: RowCheck, cells: string[], number: number): void {
	check.rows++;
	const built = builder.build(cells, number);
	if (built.kind === 'blank') check.facts.blankRows++;
	else if (built.kind === 'ready') {
		check.ready++;
		noteKey(check.facts, { key: String(built.asset.match_key), number, seen, isKnown: options.isKnown });
	} else {
		check.rejected++;
		const free = (options.listed ?? limits.rejectsListed) - check.rejects.length;
		if (free > 0) check.rejects.push(...built.rejects.slice(0, free));
	}
	noteWidth(check, layout, { cells, number });
}

interface KeyNote {
	key: string;
	number: number;
	seen: Map<string, number>;
	isKnown(matchKey: string): boolean;
}

function noteKey(facts: FileFacts, { key, number, seen, isKnown }: KeyNote): void {
	const first = seen.get(key);
	if (first === undefined) seen.set(key, number);
	else {
		facts.repeatCount++;
		if (facts.repeats.length < 20) facts.repeats.push({ row: number, first });
	}
	if (isKnown(key)) {
		facts.knownCount++;
		if (facts.known.length < 20) facts.known.push(number);
	}
}

function noteWidth(check: Check, layout: Layout, { cells, number }: { cells: string[]; number: number }): void {
	if (cells.length <= layout.headers.length) return;
	const width = filledWidth(cells);
	if (width <= layout.headers.length && width <= check.width) return;
	const { facts } = check;
	facts.overlongCount++;
	if (facts.overlong.length < 20) facts.overlong.push(number);
	check.width = Math.max(check.width, width);
	if (width > limits.columns) {
		facts.lastColumn = Math.max(facts.lastColumn, width);
		facts.ignoredColumns = facts.lastColumn - limits.columns;
	}
}

function describeColumns(layout: Layout, builder: RowBuilder, width: number): ImportColumn[] {
	const header = layout.headerRow === 0 ? [] : (layout.head.rows[layout.head.numbers.indexOf(layout.headerRow)] ?? []);
	const data = layout.head.rows.filter((_, at) => (layout.head.numbers[at] ?? 0) > layout.headerRow);
	return nameColumns(header, width).map((name, index) => {
		const guess = layout.guesses[index] ?? { target: null, confidence: 0 };
		const column: ImportColumn = {
			index,
			header: name,
			target: guess.target,
			confidence: guess.confidence,
			samples: samplesOf(data, index),
		};
		const dateStyle = layout.dateStyles[index];
		if (dateStyle !== undefined) {
			column.dateStyle = dateStyle;
			column.dateStylesSeen = { ...builder.findings.dateStyles.get(index) };
		}
		return column;
	});
}

/** The first few different values of a column. */
function samplesOf(data: readonly (readonly string[])[], column: number): string[] {
	const samples = new Set<string>();
	for (const row of data) {
		const cell = (row[column] ?? '').trim();
		if (cell !== '') samples.add(cell.slice(0, 200));
		if (samples.size === 5) break;
	}
	return [...samples];
}

function sampleRows(layout: Layout, width: number): string[][] {
	const data = layout.head.rows.filter((_, at) => (layout.head.numbers[at] ?? 0) > layout.headerRow);
	return data
		.slice(0, 20)
		.map((row) => Array.from({ length: width }, (_, column) => (row[column] ?? '').slice(0, 500)));
}
