import type { Column } from './columns.ts';
import { cellXml, columnName } from './sheet-cells.ts';
import { sheetEnd, sheetStart, workbookParts } from './workbook-parts.ts';
import type { ZipWriter } from './zip-writer.ts';

/** Rows a sheet can hold beside its header; those beyond go on the next one. */
const MOST_ROWS = 1_048_575;

export interface SheetSource {
	name: string;
	columns: Column[];
	/** Records in batches. */
	rows(): AsyncIterable<Record<string, unknown>[]>;
}

/** Writes a workbook of one sheet per source, streamed. Throws what the sources and the zip throw. */
export async function writeWorkbook(
	zip: ZipWriter,
	sources: readonly SheetSource[],
	mostRows = MOST_ROWS,
): Promise<void> {
	const names: string[] = [];
	for (const source of sources) await writeSheets(zip, source, { names, mostRows });
	for (const [path, xml] of workbookParts(names)) await zip.add(path, (write) => write(Buffer.from(xml, 'utf8')));
	await zip.finish();
}

async function writeSheets(
	zip: ZipWriter,
	{ name, columns, rows }: SheetSource,
	{ names, mostRows }: { names: string[]; mostRows: number },
): Promise<void> {
	const source = rows()[Symbol.asyncIterator]();
	let waiting: Record<string, unknown>[] = [];
	let isDone = false;
	const next = async (most: number) => {
		if (waiting.length === 0 && !isDone) {
			const batch = await source.next();
			isDone = batch.done === true;
			waiting = batch.done ? [] : batch.value;
		}
		return waiting.splice(0, most);
	};
	for (let part = 1; part === 1 || waiting.length > 0 || !isDone; part += 1) {
		names.push(sheetName(name, part));
		await zip.add(`xl/worksheets/sheet${names.length}.xml`, async (write) => {
			for await (const xml of sheetXml(columns, { next, mostRows })) await write(Buffer.from(xml, 'utf8'));
		});
		// Only a further batch tells whether there is a further sheet.
		if (!isDone && waiting.length === 0) waiting = await next(Number.POSITIVE_INFINITY);
	}
}

/** Excel takes 31 characters and none of these. */
function sheetName(name: string, part: number): string {
	const plain = name.replace(/[[\]:*?/\\']/g, ' ');
	return part === 1 ? plain.slice(0, 31) : `${plain.slice(0, 27)} ${part}`;
}

async function* sheetXml(
	columns: readonly Column[],
	{ next, mostRows }: { next(most: number): Promise<Record<string, unknown>[]>; mostRows: number },
): AsyncGenerator<string> {
	yield sheetStart(columns.map(({ width }) => width));
	const header = columns.map(({ label }, index) => headerXml(label, `${columnName(index)}1`));
	yield `<row r="1">${header.join('')}</row>`;
	const letters = columns.map((_, index) => columnName(index));
	let row = 1;
	for (;;) {
		const batch = await next(mostRows - (row - 1));
		if (batch.length === 0) break;
		let xml = '';
		for (const record of batch) {
			row += 1;
			xml += `<row r="${row}">${columns.map((column, index) => cellXml(column.cell(record), `${letters[index]}${row}`)).join('')}</row>`;
		}
		yield xml;
		if (row - 1 >= mostRows) break;
	}
	yield sheetEnd(`A1:${columnName(columns.length - 1)}${row}`);
}

/** Style 5 is the header's. */
function headerXml(label: string, place: string): string {
	return cellXml({ kind: 'text', value: label }, place).replace('s="1"', 's="5"');
}
