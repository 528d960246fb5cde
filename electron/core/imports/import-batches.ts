import { basename } from 'node:path';
import type { ImportRow, ImportSettings } from '../../../shared/contract/models.ts';
import type { ActionContext, QueryContext } from '../handler.ts';
import type { Remembered } from './file-layout.ts';

interface BatchStart {
	batchId: string;
	label: string;
	accountId: string;
	path: string;
	settings: ImportSettings;
	sha256: string;
}

/** Writes the batch before any of its records, so that a crash leaves a trace to clean up by. */
export async function startBatch(context: ActionContext, start: BatchStart): Promise<void> {
	const { settings } = start;
	const values = {
		account_id: start.accountId,
		file_name: basename(start.path),
		sha256: start.sha256,
		sheet: settings.sheet,
		encoding: settings.encoding,
		delimiter: settings.delimiter,
		started_at: context.now().toISOString(),
		status: 'RUNNING',
	};
	await context.write({ label: start.label, origin: 'import', batchId: start.batchId }, (command) =>
		command.apply({ kind: 'create', entity: 'import_batch', id: start.batchId, values }),
	);
}

interface BatchEnd {
	batchId: string;
	label: string;
	rows: number;
	ok: number;
	rejected: number;
}

export async function finishBatch(context: ActionContext, end: BatchEnd): Promise<void> {
	const patch = {
		rows_read: end.rows,
		rows_ok: end.ok,
		rows_rejected: end.rejected,
		finished_at: context.now().toISOString(),
		status: 'COMMITTED',
	};
	await context.write({ label: end.label, origin: 'import', batchId: end.batchId }, (command) =>
		command.apply({ kind: 'set', entity: 'import_batch', id: end.batchId, patch }),
	);
}

/** The client's imports, newest first. */
export async function listBatches({ db }: QueryContext, accountId: string): Promise<ImportRow[]> {
	const rows = await db
		.selectFrom('import_batch')
		.select(['id', 'file_name', 'status', 'rows_ok', 'rows_rejected', 'started_at'])
		.where('account_id', '=', accountId)
		.where('deleted_at', 'is', null)
		.orderBy('started_at', 'desc')
		.limit(200)
		.execute();
	return rows.map((row) => ({
		id: row.id,
		file_name: row.file_name,
		status: row.status,
		rows_ok: row.rows_ok ?? 0,
		rows_rejected: row.rows_rejected ?? 0,
		started_at: row.started_at ?? '',
		undoable: row.status === 'COMMITTED',
	}));
}

/** When this very file was imported for this account before, newest first. */
export async function earlierImports(context: ActionContext, accountId: string, sha256: string): Promise<string[]> {
	const rows = await context.read(({ db }) =>
		db
			.selectFrom('import_batch')
			.select('started_at')
			.where('account_id', '=', accountId)
			.where('sha256', '=', sha256)
			.where('status', '=', 'COMMITTED')
			.where('deleted_at', 'is', null)
			.orderBy('started_at', 'desc')
			.execute(),
	);
	return rows.map((row) => row.started_at ?? '');
}

/** Match keys of the account's cases. */
export async function knownKeys(context: ActionContext, accountId: string): Promise<Set<string>> {
	const rows = await context.read(({ db }) =>
		db
			.selectFrom('patent_asset')
			.select('match_key')
			.where('account_id', '=', accountId)
			.where('deleted_at', 'is', null)
			.where('match_key', 'is not', null)
			.execute(),
	);
	return new Set(rows.map((row) => row.match_key as string));
}

/** What was confirmed for this client's files with these columns; null when there is nothing (or nothing readable). */
export async function recallMapping(
	context: ActionContext,
	accountId: string,
	key: string,
): Promise<Remembered | null> {
	const row = await context.read(({ db }) =>
		db
			.selectFrom('mapping_profile')
			.select('settings')
			.where('account_id', '=', accountId)
			.where('header_key', '=', key)
			.where('deleted_at', 'is', null)
			.orderBy('updated_at', 'desc')
			.executeTakeFirst(),
	);
	if (!row) return null;
	try {
		const { mapping, dateStyles } = JSON.parse(row.settings) as Remembered;
		return Array.isArray(mapping) ? { mapping, dateStyles: dateStyles ?? {} } : null;
	} catch {
		return null;
	}
}

/** Remembers a confirmed mapping for the client's next file of the same columns. */
export async function rememberMapping(
	context: ActionContext,
	profile: { accountId: string; headerKey: string; settings: ImportSettings },
): Promise<void> {
	const { accountId, headerKey, settings } = profile;
	const kept = { mapping: settings.mapping, dateStyles: settings.dateStyles };
	await context.write({ label: 'Import mapping remembered', origin: 'import' }, async (command) => {
		const known = await command.trx
			.selectFrom('mapping_profile')
			.select('id')
			.where('account_id', '=', accountId)
			.where('header_key', '=', headerKey)
			.where('deleted_at', 'is', null)
			.executeTakeFirst();
		if (known) {
			await command.apply({ kind: 'set', entity: 'mapping_profile', id: known.id, patch: { settings: kept } });
			return;
		}
		const name = headerKey.split('\u001f').slice(0, 4).join(', ').slice(0, 200) || 'Columns';
		const values = { account_id: accountId, name, header_key: headerKey, settings: kept };
		await command.apply({ kind: 'create', entity: 'mapping_profile', id: command.newId(), values });
	});
}
