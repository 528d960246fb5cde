import fs from 'node:fs';
import path from 'node:path';
import exceljs from 'exceljs';
import { cacheDir } from '../../build/paths.mjs';
import { createRandom, type Random } from '../../shared/domain/sample/random.ts';

export interface ImportFile {
	path: string;
	rows: number;
	columns: number;
	kind: 'csv' | 'xlsx';
}

/** The parts a client's export is made of; the rest of the columns is what such exports carry beside it. */
const known = [
	'Client Ref',
	'Family',
	'Country',
	'Title',
	'Application No',
	'Publication No',
	'Patent No',
	'Filing Date',
	'Grant Date',
	'Expiry Date',
	'Status',
	'Owner',
	'Cost Centre',
] as const;

const countries = ['EP', 'US', 'DE', 'FR', 'JP', 'CN', 'GB', 'KR'];
const words = ['pump', 'valve', 'sensor', 'housing', 'method', 'coating', 'antibody', 'salt', 'rotor', 'lens'];

/** Made once and kept: the same seed gives the same file. */
export async function importFile(
	kind: ImportFile['kind'],
	size: { rows: number; columns: number },
): Promise<ImportFile> {
	const folder = path.join(cacheDir(), 'bench-files');
	fs.mkdirSync(folder, { recursive: true });
	const file = path.join(folder, `v1-${size.rows}x${size.columns}.${kind}`);
	if (!fs.existsSync(file)) {
		process.stderr.write(`Making ${path.basename(file)} (once) ...\n`);
		const part = `${file}.part`;
		if (kind === 'csv') await writeCsv(part, size);
		else await writeXlsx(part, size);
		fs.renameSync(part, file);
	}
	return { path: file, kind, ...size };
}

function header(columns: number): string[] {
	return [...known, ...Array.from({ length: columns - known.length }, (_, index) => `Internal ${index + 1}`)];
}

function* rowsOf({ rows, columns }: { rows: number; columns: number }): Generator<string[]> {
	const random = createRandom(20_261_123);
	for (let number = 1; number <= rows; number++) {
		const row = caseCells(random, number);
		while (row.length < columns) row.push(extraCell(random, row.length));
		yield row;
	}
}

function caseCells(random: Random, number: number): string[] {
	const country = random.pick(countries);
	const filed = 2004 + random.int(0, 17);
	const title = `${capital(random.pick(words))} with ${random.pick(words)} and ${random.pick(words)}, ${number}`;
	return [
		`H-${String(number).padStart(6, '0')}`,
		`F-${String(Math.ceil(number / 5)).padStart(5, '0')}`,
		country,
		title,
		`${country}${filed}${String(100_000 + number)}`,
		`${country}${2_000_000 + number}A1`,
		`${country}${3_000_000 + number}B1`,
		day(filed, random),
		day(filed + 3, random),
		day(filed + 20, random),
		random.pick(['Granted', 'Pending', 'Lapsed']),
		'Halden Pharma AG (fictional)',
		`CC-${random.int(100, 139)}`,
	];
}

/** Numbers, short texts and empty cells, as such columns are. */
function extraCell(random: Random, column: number): string {
	if (column % 3 === 0) return String(random.int(0, 99_999));
	return column % 3 === 1 ? random.pick(words) : '';
}

function day(year: number, random: Random): string {
	return `${year}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`;
}

function capital(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}

async function writeCsv(file: string, size: { rows: number; columns: number }): Promise<void> {
	const out = fs.createWriteStream(file);
	const write = async (cells: string[]) => {
		const line = cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',');
		if (!out.write(`${line}\r\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
	};
	await write(header(size.columns));
	for (const row of rowsOf(size)) await write(row);
	await new Promise<void>((resolve) => out.end(() => resolve()));
}

async function writeXlsx(file: string, size: { rows: number; columns: number }): Promise<void> {
	const book = new exceljs.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings: true });
	const sheet = book.addWorksheet('Portfolio');
	sheet.addRow(header(size.columns)).commit();
	for (const row of rowsOf(size)) sheet.addRow(row.map(typed)).commit();
	await sheet.commit();
	await book.commit();
}

/** Excel holds dates and numbers as such. */
function typed(cell: string): string | number | Date | null {
	if (cell === '') return null;
	if (/^\d{4}-\d\d-\d\d$/.test(cell)) return new Date(`${cell}T00:00:00Z`);
	return /^\d+$/.test(cell) ? Number(cell) : cell;
}
