import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeRow } from '../../../db/codec.ts';
import { storeError } from '../../../db/store-error.ts';
import { readTextDoc } from '../../../db/text-doc.ts';
import type { ExportResult } from '../../../shared/contract/backup-models.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { Entity } from '../../../shared/entities/define.ts';
import { entities } from '../../../shared/entities/registry.ts';
import { writeError } from '../files/write-error.ts';
import type { ActionContext } from '../handler.ts';
import { columnsOf } from './columns.ts';
import { exportFiles } from './export-files.ts';
import { JsonLines } from './json-lines.ts';
import { readTable } from './read-table.ts';
import { readmeText } from './readme-text.ts';
import { writeWorkbook } from './write-workbook.ts';

export interface ExportOrder {
	/** The folder to make. */
	target: string;
	accountId: string | null;
	withFiles: boolean;
}

/** What every part of an export shares. */
export interface Exporting extends ExportOrder {
	context: ActionContext;
	/** Where it is written until it is whole. */
	part: string;
	unreadable: Set<string>;
	/** Ids of the records that are in it, when it is of one account. */
	ids: Set<string>;
	tell(rows: number): void;
	result: { rows: number; files: number; filesElsewhere: number };
}

/**
 * Writes everything, or one account, into a folder in open formats. The folder appears whole or not at all; where the
 * store is damaged it holds what can be read, and says what could not be. Throws `disk_full`, `io_error` or `cancelled`.
 */
export async function exportEverything(context: ActionContext, order: ExportOrder): Promise<ExportResult> {
	const started = performance.now();
	const target = await freePlace(order.target);
	const part = `${target}.part`;
	const total = await context.read(async () => countRows(context)).catch(() => null);
	const result = { rows: 0, files: 0, filesElsewhere: 0 };
	let done = 0;
	const exporting: Exporting = {
		...order,
		context,
		part,
		unreadable: new Set(),
		ids: new Set(),
		tell: (rows) => {
			done += rows;
			// Records are read twice: as lines and as sheets.
			context.progress({ stage: 'exporting', done, total: total === null ? null : Math.max(total * 2, done) });
		},
		result,
	};
	try {
		await mkdir(part, { mode: 0o700 });
		await writeAll(exporting);
		if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
		await rename(part, target);
	} catch (error) {
		await rm(part, { recursive: true, force: true });
		throw storeError(writeError(error));
	}
	const unreadable = [...exporting.unreadable];
	const ms = Math.round(performance.now() - started);
	return { name: path.basename(target), ...result, unreadable, bytes: await sizeOf(target), ms };
}

async function writeAll(exporting: Exporting): Promise<void> {
	const { context, part, withFiles } = exporting;
	await mkdir(path.join(part, 'records'), { mode: 0o700 });
	const kinds = Object.values(entities).filter((entity) => !exporting.accountId || isOfAccounts(entity));
	for (const entity of kinds) await writeRecords(exporting, entity);
	await writeNoteBodies(exporting);
	await writeRest(exporting);
	const names = await nameRefs(exporting);
	await writeWorkbook(
		path.join(part, 'Workbook.xlsx'),
		kinds.map((entity) => ({
			name: entity.plural,
			columns: columnsOf(entity, names),
			rows: () => records(exporting, entity),
		})),
	);
	if (withFiles) await exportFiles(exporting);
	await writeFile(path.join(part, 'Read me.txt'), readmeText(exporting, context.now()), { mode: 0o600 });
}

function isOfAccounts({ name, fields }: Entity): boolean {
	return name === 'account' || name === 'app_user' || 'account_id' in fields;
}

/** An entity's records in batches, as they are known everywhere else; text documents as their text. */
export async function* records(
	exporting: Exporting,
	entity: Entity,
): AsyncGenerator<(Record<string, unknown> & { id: string })[]> {
	const { context, accountId, unreadable, tell } = exporting;
	const column = entity.name === 'account' ? 'id' : 'account_id' in entity.fields ? 'account_id' : null;
	const where = accountId && column ? { where: `${column} = ?`, values: [accountId] } : {};
	const reading = {
		read: <T>(work: () => T) => context.read(async () => work()),
		signal: context.signal,
		onUnreadable: () => void unreadable.add(entity.plural),
	};
	for await (const rows of readTable(context.store, { table: entity.table, ...where }, reading)) {
		yield rows.flatMap((row) => {
			try {
				return [{ ...decodeRow<Record<string, unknown> & { id: string }>(entity, row), ...textsOf(entity, row) }];
			} catch {
				unreadable.add(entity.plural);
				return [];
			}
		});
		tell(rows.length);
		await context.breathe();
	}
	if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
}

function textsOf(entity: Entity, row: Record<string, unknown>): Record<string, unknown> {
	const docs = Object.entries(entity.fields).filter(([, { kind }]) => kind === 'text-doc');
	return Object.fromEntries(docs.map(([name]) => [name, row[name] ?? null]));
}

async function writeRecords(exporting: Exporting, entity: Entity): Promise<void> {
	await writeLines(exporting, `records/${entity.plural}.jsonl`, async (lines) => {
		for await (const batch of records(exporting, entity)) {
			for (const record of batch) {
				await lines.add(record);
				if (exporting.accountId) exporting.ids.add(record.id);
			}
		}
		exporting.result.rows += lines.lines;
	});
}

/** Each text document: its words, and the Yjs state from which every version of it can be read. */
async function writeNoteBodies(exporting: Exporting): Promise<void> {
	const { context, accountId, ids, unreadable } = exporting;
	const { store } = context;
	const all = await context.read(async () => readSafely(() => store.raw.prepare(DOCS).all() as Doc[], []));
	await writeLines(exporting, 'Note texts.jsonl', async (lines) => {
		for (const { entity, row_id, field } of all) {
			if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
			if (accountId && !ids.has(row_id)) continue;
			const doc = await context.read(async () => readSafely(() => readTextDoc(store, row_id, field), undefined));
			if (!doc) unreadable.add('Note texts');
			else {
				const yjs = Buffer.from(doc.state).toString('base64');
				await lines.add({ entity, id: row_id, field, text: doc.text, isDamaged: doc.damaged, yjs });
			}
		}
	});
}

interface Doc {
	entity: string;
	row_id: string;
	field: string;
}

const DOCS = 'SELECT DISTINCT entity, row_id, field FROM text_update ORDER BY row_id';

function readSafely<T>(work: () => T, otherwise: T): T {
	try {
		return work();
	} catch {
		return otherwise;
	}
}

/** The history of fields, and what the office does not have yet. */
async function writeRest(exporting: Exporting): Promise<void> {
	const { context, accountId, ids, unreadable } = exporting;
	const reading = (what: string) => ({
		read: <T>(work: () => T) => context.read(async () => work()),
		signal: context.signal,
		onUnreadable: () => void unreadable.add(what),
	});
	await writeLines(exporting, 'History.jsonl', async (lines) => {
		for await (const rows of readTable(context.store, { table: 'history' }, reading('History')))
			for (const row of rows) if (!accountId || ids.has(String(row.row_id))) await lines.add(row);
	});
	await writeLines(exporting, 'Unsent changes.jsonl', async (lines) => {
		const unsent = { table: 'outbox', where: 'sent_at IS NULL' };
		for await (const groups of readTable(context.store, unsent, reading('Unsent changes')))
			for (const group of groups) {
				const ops = await context.read(async () =>
					readSafely(() => context.store.statement(OPS).all(group.group_no) as { row_id: string; op: string }[], []),
				);
				if (accountId && !ops.some(({ row_id }) => ids.has(row_id))) continue;
				await lines.add({ ...group, operations: ops.map(({ op }) => readSafely<unknown>(() => JSON.parse(op), op)) });
			}
	});
}

const OPS = 'SELECT row_id, op FROM outbox_op WHERE group_no = ? ORDER BY op_no';

async function writeLines(
	{ part, context }: Exporting,
	name: string,
	fill: (lines: JsonLines) => Promise<void>,
): Promise<void> {
	const lines = await JsonLines.create(path.join(part, name));
	let isWhole = false;
	try {
		await fill(lines);
		if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
		isWhole = true;
	} finally {
		await lines.close(isWhole);
	}
}

/** Names of clients and people, which sheets show instead of their ids. */
async function nameRefs({ context }: Exporting): Promise<Map<string, string>> {
	const { store } = context;
	return context.read(async () => {
		const sql = 'SELECT id, name FROM account UNION ALL SELECT id, name FROM app_user';
		const rows = readSafely(() => store.raw.prepare(sql).all() as { id: string; name: string }[], []);
		return new Map(rows.map(({ id, name }) => [id, name]));
	});
}

function countRows({ store }: ActionContext): number {
	return Object.values(entities).reduce(
		(sum, { table }) => sum + Number(store.raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get()),
		0,
	);
}

/** Nothing that is there is written over: "Export", "Export 2", ... */
async function freePlace(target: string): Promise<string> {
	for (let no = 1; ; no += 1) {
		const place = no === 1 ? target : `${target} ${no}`;
		if (!(await stat(place).catch(() => undefined)) && !(await stat(`${place}.part`).catch(() => undefined)))
			return place;
	}
}

async function sizeOf(folder: string): Promise<number> {
	const found = await readdir(folder, { recursive: true, withFileTypes: true });
	const sizes = await Promise.all(
		found.filter((entry) => entry.isFile()).map((entry) => stat(path.join(entry.parentPath, entry.name))),
	);
	return sizes.reduce((sum, { size }) => sum + size, 0);
}
