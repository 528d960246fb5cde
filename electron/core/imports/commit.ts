import { hash } from 'node:crypto';
import { basename } from 'node:path';
import type { Created } from '../../../db/apply-change.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { ImportReject, ImportResult, ImportSettings } from '../../../shared/contract/models.ts';
import { nameColumns } from '../../../shared/domain/importing/guess-layout.ts';
import { type BuiltRow, compileRowBuilder, type RowBuilder } from '../../../shared/domain/importing/row-builder.ts';
import { identifiers, targetByKey } from '../../../shared/domain/importing/targets.ts';
import type { ActionContext } from '../handler.ts';
import { newId } from '../ids.ts';
import { headerKey } from './file-layout.ts';
import { readHead, reopenSource } from './file-source.ts';
import { finishBatch, rememberMapping, startBatch } from './import-batches.ts';
import { limits } from './limits.ts';
import { createPace } from './pace.ts';
import type { RowChoice, TableFile } from './read-rows.ts';
import { removeBatch } from './remove-batch.ts';

export interface ImportOrder {
	path: string;
	accountId: string;
	settings: ImportSettings;
	sha256: string;
	/** Rows expected, for the progress; null when not known. */
	expected: number | null;
}

/** Rows of the file written in one transaction: short enough that other work gets its turn. */
const ROWS_PER_WRITE = 4000;

/**
 * Imports a file: the batch first (running), then its records in transactions of 4,000 rows, then the batch again
 * (committed). When it is cancelled or fails midway what was written is removed again; after a crash `recoverImports`
 * does that at the next start. Throws CoreError.
 */
export async function importFile(context: ActionContext, order: ImportOrder): Promise<ImportResult> {
	const started = performance.now();
	if (!order.settings.mapping.some((target) => target !== null && identifiers.includes(target))) {
		throw new CoreError('bad_input', 'No column says which case a row is about.');
	}
	const { table, choice } = await reopenSource(order.path, order.settings, createPace(context));
	const headers = await readHeaders(table, choice, order.settings);
	const batchId = newId();
	const label = `Import of ${basename(order.path)}`;
	await startBatch(context, { ...order, batchId, label });
	const run = new ImportRun(context, { order, batchId, label, headers });
	try {
		await context.bulk(() => run.writeAll(table, choice));
		await finishBatch(context, { batchId, label, rows: run.rows, ok: run.ready, rejected: run.rejected });
	} catch (error) {
		// On a full disk taking back fails too; the next start tries again. The first reason is the one to tell.
		await removeBatch({ ...context, signal: new AbortController().signal }, batchId).catch(() => undefined);
		throw error;
	}
	const profile = { accountId: order.accountId, headerKey: headerKey(headers), settings: order.settings };
	// The import stands: failing now would say that nothing was imported.
	await rememberMapping(context, profile).catch(() => undefined);
	return { ...run.result(), ms: Math.round(performance.now() - started) };
}

/** Names of the mapped columns. */
export async function readHeaders(table: TableFile, choice: RowChoice, settings: ImportSettings): Promise<string[]> {
	const width = settings.mapping.length;
	if (settings.headerRow === 0) return nameColumns([], width);
	const head = await readHead(table, choice, settings.headerRow);
	return nameColumns(head.rows[head.numbers.indexOf(settings.headerRow)] ?? [], width);
}

/** Today as a local date of this laptop. */
export function localDay(now: Date): string {
	const month = String(now.getMonth() + 1).padStart(2, '0');
	return `${now.getFullYear()}-${month}-${String(now.getDate()).padStart(2, '0')}`;
}

interface RunOptions {
	order: ImportOrder;
	batchId: string;
	label: string;
	headers: string[];
}

class ImportRun {
	rows = 0;
	ready = 0;
	rejected = 0;
	private readonly rejects: ImportReject[] = [];
	private assets: Created[] = [];
	private renewals: Created[] = [];
	private assetCount = 0;
	private renewalCount = 0;
	private readonly context: ActionContext;
	private readonly options: RunOptions;
	private readonly builder: RowBuilder;
	/** Cases by their values, so that a file with one row per annuity makes one case of them. */
	private readonly assetIds: Map<string, string> | null;

	constructor(context: ActionContext, options: RunOptions) {
		this.context = context;
		this.options = options;
		const { settings } = options.order;
		this.builder = compileRowBuilder({ ...settings, headers: options.headers, today: localDay(context.now()) });
		const withRenewals = settings.mapping.some((key) => key !== null && targetByKey(key)?.entity === 'renewal_event');
		this.assetIds = withRenewals ? new Map() : null;
	}

	async writeAll(table: TableFile, choice: RowChoice): Promise<void> {
		const { headerRow } = this.options.order.settings;
		let unwritten = 0;
		for await (const { rows, numbers } of table.rows(choice)) {
			for (let index = 0; index < rows.length; index++) {
				const number = numbers[index] ?? 0;
				if (number <= headerRow) continue;
				this.rows++;
				unwritten++;
				this.take(this.builder.build(rows[index] ?? [], number));
				if (unwritten < ROWS_PER_WRITE) continue;
				await this.flush();
				unwritten = 0;
			}
		}
		await this.flush();
	}

	private take(built: BuiltRow): void {
		if (built.kind === 'rejected') {
			this.rejected++;
			if (this.rejects.length < limits.rejectsListed) this.rejects.push(...built.rejects);
		} else if (built.kind === 'ready') {
			this.ready++;
			const assetId = this.takeAsset(built.asset);
			if (built.renewal) this.takeRenewal(assetId, built.renewal);
		}
	}

	private takeAsset(values: Record<string, unknown>): string {
		let signature: string | undefined;
		if (this.assetIds) {
			signature = hash('sha1', JSON.stringify({ ...values, source_row: 0 }), 'base64');
			const known = this.assetIds.get(signature);
			if (known !== undefined) return known;
		}
		const id = newId();
		if (signature !== undefined) this.assetIds?.set(signature, id);
		values.account_id = this.options.order.accountId;
		values.import_batch_id = this.options.batchId;
		this.assets.push({ id, values });
		this.assetCount++;
		return id;
	}

	private takeRenewal(assetId: string, values: Record<string, unknown>): void {
		values.account_id = this.options.order.accountId;
		values.asset_id = assetId;
		values.import_batch_id = this.options.batchId;
		this.renewals.push({ id: newId(), values });
		this.renewalCount++;
	}

	private async flush(): Promise<void> {
		const { assets, renewals } = this;
		this.assets = [];
		this.renewals = [];
		if (this.context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
		if (assets.length + renewals.length > 0) {
			const { batchId, label } = this.options;
			await this.context.write({ label, origin: 'import', batchId }, async (command) => {
				if (assets.length > 0) await command.applyCreates('patent_asset', assets);
				if (renewals.length > 0) await command.applyCreates('renewal_event', renewals);
			});
		}
		this.context.progress({ stage: 'writing', done: this.rows, total: this.options.order.expected });
		await this.context.breathe();
	}

	result(): Omit<ImportResult, 'ms'> {
		return {
			batchId: this.options.batchId,
			rows: this.rows,
			assets: this.assetCount,
			renewals: this.renewalCount,
			rejected: this.rejected,
			rejects: this.rejects,
		};
	}
}
