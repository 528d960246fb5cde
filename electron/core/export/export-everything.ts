import path from 'node:path';
import { storeError } from '../../../db/store-error.ts';
import type { ExportResult } from '../../../shared/contract/backup-models.ts';
import type { Entity } from '../../../shared/entities/define.ts';
import { entities } from '../../../shared/entities/registry.ts';
import type { ActionContext } from '../handler.ts';
import { writeError } from '../write-error.ts';
import { columnsOf } from './columns.ts';
import { exportFiles } from './export-files.ts';
import { writeHistory, writeNoteTexts, writeReceipts, writeUnsent } from './export-rest.ts';
import { type Exporting, type ExportOrder, heedCancel, records, writeLines } from './exporting.ts';
import { writeWhole } from './part-file.ts';
import { readmeText } from './readme-text.ts';
import { writeWorkbook } from './write-workbook.ts';
import { ZipWriter } from './zip-writer.ts';

/** Between two reports of how far it has come. */
const TELL_MS = 100;

/**
 * Writes everything, or one account, into one zip of open formats. It appears whole or not at all; where the store is
 * damaged it holds what can be read, and says what could not be. Throws `disk_full`, `io_error` or `cancelled`.
 */
export async function exportEverything(context: ActionContext, order: ExportOrder): Promise<ExportResult> {
	const started = performance.now();
	const total = await context.read(async () => countRows(context)).catch(() => null);
	const result = { rows: 0, files: 0, filesElsewhere: 0 };
	const unreadable = new Set<string>();
	let done = 0;
	let toldAt = 0;
	const tell = (rows: number) => {
		done += rows;
		if (performance.now() < toldAt + TELL_MS) return;
		toldAt = performance.now();
		// Records are read twice: as lines and as sheets.
		context.progress({ stage: 'exporting', done, total: total === null ? null : Math.max(total * 2, done) });
	};
	try {
		const bytes = await writeWhole(context, order.target, async (write) => {
			const zip = new ZipWriter(write, context.now());
			const exporting: Exporting = { ...order, context, zip, unreadable, ids: new Set(), tell, result };
			await writeAll(exporting);
			await zip.finish();
			heedCancel(exporting);
		});
		const ms = Math.round(performance.now() - started);
		return { name: path.basename(order.target), ...result, unreadable: [...unreadable], bytes, ms };
	} catch (error) {
		throw storeError(writeError(error));
	}
}

async function writeAll(exporting: Exporting): Promise<void> {
	const { context, zip, withFiles } = exporting;
	const kinds = Object.values(entities).filter((entity) => !exporting.accountId || isOfAccounts(entity));
	for (const entity of kinds) await writeRecords(exporting, entity);
	await writeNoteTexts(exporting);
	await writeHistory(exporting);
	await writeUnsent(exporting);
	await writeReceipts(exporting);
	const names = await nameRefs(exporting);
	const sheets = kinds.map((entity) => ({
		name: entity.plural,
		columns: columnsOf(entity, names),
		rows: () => records(exporting, entity),
	}));
	await zip.add('Workbook.xlsx', (write) => writeWorkbook(new ZipWriter(write, context.now()), sheets));
	if (withFiles) await exportFiles(exporting);
	const text = readmeText(exporting, context.now());
	await zip.add('Read me.txt', (write) => write(Buffer.from(text, 'utf8')));
}

function isOfAccounts({ name, fields }: Entity): boolean {
	return name === 'account' || name === 'app_user' || 'account_id' in fields;
}

async function writeRecords(exporting: Exporting, entity: Entity): Promise<void> {
	const { accountId, ids, result } = exporting;
	result.rows += await writeLines(exporting, `records/${entity.plural}.jsonl`, async (add) => {
		for await (const batch of records(exporting, entity)) {
			for (const record of batch) {
				await add(record);
				if (accountId) ids.add(record.id);
			}
		}
	});
}

/** Names of clients and people, which sheets show instead of their ids. */
async function nameRefs({ context }: Exporting): Promise<Map<string, string>> {
	const { store } = context;
	const sql = 'SELECT id, name FROM account UNION ALL SELECT id, name FROM app_user';
	const rows = await context
		.read(async () => store.raw.prepare(sql).all() as { id: string; name: string }[])
		// Where these cannot be read, the ids stand.
		.catch(() => []);
	return new Map(rows.map(({ id, name }) => [id, name]));
}

function countRows({ store }: ActionContext): number {
	return Object.values(entities).reduce(
		(sum, { table }) => sum + Number(store.raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get()),
		0,
	);
}
