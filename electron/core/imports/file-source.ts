import { open } from 'node:fs/promises';
import type { ImportSettings } from '../../../shared/contract/models.ts';
import { guessDelimiter, guessHeaderRow } from '../../../shared/domain/importing/guess-layout.ts';
import { matchHeader } from '../../../shared/domain/importing/header-words.ts';
import { createDecoder, scanText } from './encoding.ts';
import { detectFileKind } from './file-kind.ts';
import type { Pace } from './pace.ts';
import { hashFile, openCsv, openXlsx, type RowBatch, type RowChoice, type TableFile } from './read-rows.ts';

/** A file opened for import: what it is, and how it is read unless a person says otherwise. */
export interface FileSource {
	table: TableFile;
	choice: RowChoice;
	sizeBytes: number;
	sha256: string;
}

/** Opens a file by its content, guessing what `wanted` leaves open. Throws CoreError in plain words for what cannot be read. */
export async function openSource(path: string, wanted: Partial<ImportSettings>, pace: Pace): Promise<FileSource> {
	const { kind, sizeBytes } = await detectFileKind(path);
	if (kind === 'csv') {
		const scan = await scanText(path, pace);
		const encoding = wanted.encoding ?? scan.encoding;
		const delimiter = wanted.delimiter ?? guessDelimiter(await readStart(path, encoding));
		const choice = { encoding, delimiter, sheet: null };
		return { table: openCsv(path, sizeBytes, pace), choice, sizeBytes, sha256: scan.sha256 };
	}
	const table = await openXlsx(path, pace);
	const sheet = wanted.sheet ?? (await chooseSheet(table));
	return {
		table,
		choice: { encoding: 'utf-8', delimiter: null, sheet },
		sizeBytes,
		sha256: await hashFile(path, pace),
	};
}

/** Opens a file with settings that are complete. */
export async function reopenSource(
	path: string,
	settings: ImportSettings,
	pace: Pace,
): Promise<Omit<FileSource, 'sha256'>> {
	const { kind, sizeBytes } = await detectFileKind(path);
	const table = kind === 'csv' ? openCsv(path, sizeBytes, pace) : await openXlsx(path, pace);
	return { table, choice: settings, sizeBytes };
}

const START = 256 * 1024;

async function readStart(path: string, encoding: string): Promise<string> {
	const handle = await open(path, 'r');
	try {
		const buffer = Buffer.alloc(START);
		const { bytesRead } = await handle.read(buffer, 0, START, 0);
		return createDecoder(encoding).write(buffer.subarray(0, bytesRead));
	} finally {
		await handle.close();
	}
}

/** The first rows, at least `wanted` of them when the file has as many. */
export async function readHead(table: TableFile, choice: RowChoice, wanted: number): Promise<RowBatch> {
	const head: RowBatch = { rows: [], numbers: [] };
	for await (const batch of table.rows(choice)) {
		for (const row of batch.rows) head.rows.push(row);
		for (const number of batch.numbers) head.numbers.push(number);
		if (head.rows.length >= wanted) break;
	}
	return head;
}

/** The sheet that looks most like a list of cases; among equals the first with rows. */
async function chooseSheet(table: TableFile): Promise<string | null> {
	let best: { name: string; score: number } | null = null;
	for (const name of table.sheets.slice(0, 20)) {
		const { rows } = await readHead(table, { encoding: 'utf-8', delimiter: null, sheet: name }, 60);
		const header = rows[guessHeaderRow(rows)] ?? [];
		const known = header.filter((cell) => matchHeader(cell) !== null).length;
		const score = known * 10 + (rows.length > 1 ? 2 : 0) + (rows.length > 0 ? 1 : 0);
		if (score > (best?.score ?? 0)) best = { name, score };
	}
	return best?.name ?? table.sheets[0] ?? null;
}
