import { CoreError } from '../../../shared/contract/errors.ts';
import type { ActionContext, CommandContext } from '../handler.ts';

/** Records removed in one transaction. */
const PER_WRITE = 2000;

/**
 * Removes every record of an import, renewals before cases, and marks the import undone. Can be called again when it was
 * broken off. Answers how many records it removed.
 */
export async function removeBatch(context: ActionContext, batchId: string): Promise<number> {
	const erased = await context.write({ label: 'Import undone', origin: 'import', batchId }, async (command) => {
		const count = await command.eraseBatch(batchId);
		if (count !== undefined) await markUndone(command, batchId);
		return count;
	});
	return erased ?? context.bulk(() => deleteBatch(context, batchId));
}

/** Deletes one by one what the server may know, so that other laptops follow. */
async function deleteBatch(context: ActionContext, batchId: string): Promise<number> {
	const total = await countLeft(context, batchId);
	let removed = 0;
	for (const entity of ['renewal_event', 'patent_asset'] as const) {
		for (;;) {
			if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
			const ids = await nextIds(context, entity, batchId);
			if (ids.length === 0) break;
			await context.write({ label: 'Import undone', origin: 'import', batchId }, async (command) => {
				for (const id of ids) await command.apply({ kind: 'delete', entity, id });
			});
			removed += ids.length;
			context.progress({ stage: 'undoing', done: removed, total });
			await context.breathe();
		}
	}
	await context.write({ label: 'Import undone', origin: 'import', batchId }, (command) => markUndone(command, batchId));
	return removed;
}

function markUndone(command: CommandContext, batchId: string): Promise<void> {
	return command.apply({ kind: 'set', entity: 'import_batch', id: batchId, patch: { status: 'ROLLED_BACK' } });
}

function nextIds(context: ActionContext, entity: 'renewal_event' | 'patent_asset', batchId: string): Promise<string[]> {
	return context.read(async ({ db }) => {
		const rows = await db
			.selectFrom(entity)
			.select('id')
			.where('import_batch_id', '=', batchId)
			.where('deleted_at', 'is', null)
			.limit(PER_WRITE)
			.execute();
		return rows.map((row) => row.id);
	});
}

function countLeft(context: ActionContext, batchId: string): Promise<number> {
	return context.read(async ({ db }) => {
		let total = 0;
		for (const entity of ['renewal_event', 'patent_asset'] as const) {
			const row = await db
				.selectFrom(entity)
				.select(({ fn }) => fn.countAll<number>().as('rows'))
				.where('import_batch_id', '=', batchId)
				.where('deleted_at', 'is', null)
				.executeTakeFirstOrThrow();
			total += row.rows;
		}
		return total;
	});
}

/**
 * Removes what imports of this laptop left behind when the app ended in the middle of them. Imports that run on another
 * laptop of the same account are not touched. To be called at every start; answers how many imports were cleaned up.
 */
export async function recoverImports(context: ActionContext): Promise<number> {
	const batches = await context.read(({ db }) =>
		db
			.selectFrom('import_batch')
			.select('import_batch.id')
			.where('import_batch.status', '=', 'RUNNING')
			.where(({ exists, selectFrom }) =>
				exists(
					selectFrom('outbox_op')
						.select('outbox_op.op_no')
						.where('outbox_op.entity', '=', 'import_batch')
						.where('outbox_op.kind', '=', 'create')
						.whereRef('outbox_op.row_id', '=', 'import_batch.id'),
				),
			)
			.execute(),
	);
	for (const { id } of batches) await removeBatch(context, id);
	return batches.length;
}
