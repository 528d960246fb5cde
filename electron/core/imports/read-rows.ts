import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { CoreError } from '../../../shared/contract/errors.ts';
import { createCsvParser } from '../../../shared/domain/importing/csv-parser.ts';
import { createDecoder } from './encoding.ts';
import { limits } from './limits.ts';
import type { Pace } from './pace.ts';
import { SheetRows } from './sheet-rows.ts';
import { readWorkbook, SharedStrings, type Workbook } from './workbook-parts.ts';
import { createXmlScanner, type XmlHandler } from './xml-scan.ts';
import { openZip, type ZipFile } from './zip-file.ts';

/** Some rows of a file in order, as text. `numbers` are their row numbers from 1, as a person sees them. */
export interface RowBatch {
	rows: string[][];
	numbers: number[];
}

export interface TableFile {
	kind: 'csv' | 'xlsx';
	/** Names of the visible sheets; empty for a CSV. */
	sheets: string[];
	/** Every row of the file or of one sheet, in batches small enough to keep the thread free. */
	rows(choice: RowChoice): AsyncGenerator<RowBatch>;
	/** Share of the file read so far, 0 to 1; null where only reading to the end tells. */
	share(): number | null;
	/** Rows where a quotation mark was never closed, of the last reading. */
	unclosed(): readonly number[];
}

export interface RowChoice {
	encoding: string;
	delimiter: string | null;
	sheet: string | null;
}

/** Rows of a CSV, streamed: memory stays flat whatever the size. */
export function openCsv(path: string, sizeBytes: number, pace: Pace): TableFile {
	let read = 0;
	let unclosed: readonly number[] = [];
	async function* rows(choice: RowChoice): AsyncGenerator<RowBatch> {
		const decoder = createDecoder(choice.encoding);
		const parser = createCsvParser(choice.delimiter ?? ',');
		const stream = createReadStream(path, { highWaterMark: 64 * 1024 });
		unclosed = parser.unclosed;
		let record = 0;
		const batch = (found: string[][]): RowBatch => {
			const first = record + 1;
			record += found.length;
			if ((found[0]?.length ?? 0) > limits.columnsRefused) throw tooWide();
			return { rows: found, numbers: found.map((_, index) => first + index) };
		};
		read = 0;
		try {
			for await (const piece of stream as AsyncIterable<Buffer>) {
				read += piece.length;
				yield batch(parser.push(decoder.write(piece)));
				await pace.step();
			}
			const last = parser.push(decoder.end());
			yield batch([...last, ...parser.end()]);
		} catch (error) {
			throw error instanceof CoreError ? error : readFailed(error);
		} finally {
			stream.destroy();
		}
	}
	return {
		kind: 'csv',
		sheets: [],
		rows,
		share: () => (sizeBytes === 0 ? 1 : read / sizeBytes),
		unclosed: () => unclosed,
	};
}

const tooWide = () =>
	new CoreError(
		'file_too_wide',
		`The file has more than ${limits.columnsRefused} columns, which is no list of cases. Is the delimiter right?`,
	);

function readFailed(error: unknown): CoreError {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === undefined) throw error;
	if (code === 'ENOENT') return new CoreError('file_gone', 'The file is no longer where it was.');
	return new CoreError('io_error', `The file could not be read to its end (${code ?? 'unknown reason'}).`);
}

/** Rows of a workbook. Its directory, styles and shared texts are read first; then one sheet is streamed. */
export async function openXlsx(path: string, pace: Pace): Promise<TableFile> {
	const zip = await openZip(path);
	const book = await readWorkbook(zip);
	const visible = book.sheets.filter((sheet) => !sheet.hidden);
	const offered = visible.length > 0 ? visible : book.sheets;
	let strings: Promise<string[]> | undefined;
	async function* rows(choice: RowChoice): AsyncGenerator<RowBatch> {
		const sheet = offered.find(({ name }) => name === choice.sheet) ?? offered[0];
		if (!sheet) throw new CoreError('file_no_rows', 'The workbook has no sheet with cells.');
		strings ??= readStrings(zip, book, pace);
		const handler = new SheetRows({ strings: await strings, styles: book.styles, from1904: book.from1904 });
		for await (const _ of scanPart(zip, sheet.part, handler)) {
			if (handler.rows.length > 0) yield handler.take();
			await pace.step();
		}
		yield handler.take();
	}
	return { kind: 'xlsx', sheets: offered.map((sheet) => sheet.name), rows, share: () => null, unclosed: () => [] };
}

async function readStrings(zip: ZipFile, book: Workbook, pace: Pace): Promise<string[]> {
	const handler = new SharedStrings();
	if (!book.sharedStringsPart || !zip.has(book.sharedStringsPart)) return handler.strings;
	for await (const _ of scanPart(zip, book.sharedStringsPart, handler)) await pace.step();
	return handler.strings;
}

/** Characters handed to the scanner at a time: a few milliseconds of work. */
const SLICE = 64 * 1024;

async function* scanPart(zip: ZipFile, part: string, handler: XmlHandler): AsyncGenerator<undefined> {
	const scanner = createXmlScanner(handler);
	const decoder = new StringDecoder('utf8');
	for await (const piece of zip.pieces(part)) {
		for (let at = 0; at < piece.length; at += SLICE) {
			scanner.push(decoder.write(piece.subarray(at, at + SLICE)));
			yield undefined;
		}
	}
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(path: string, pace: Pace): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
		hash.update(piece);
		await pace.step();
	}
	return hash.digest('hex');
}
