import { applyChange } from './apply-change.ts';
import { noteAssets, noteFigures } from './figures.ts';
import { readMeta } from './meta.ts';
import type { Unit } from './unit.ts';

const tables = ['renewal_event', 'patent_asset'] as const;

/**
 * Takes back every record of an import, inside the caller's transaction. Rows the server cannot have seen go without a
 * trace; once a push has carried any of them, each is deleted like any other record, so that other laptops follow.
 */
export function removeBatch(unit: Unit, batchId: string): number {
	const { store } = unit;
	const sentThrough = Number(readMeta(store, 'sent_through') ?? 0);
	const first = store.statement('SELECT min(group_no) AS no FROM outbox WHERE batch_id = ?').get(batchId) as {
		no: number | null;
	};
	const unseen = first.no !== null && first.no > sentThrough;
	return unseen ? erase(unit, batchId) : bury(unit, batchId);
}

function erase(unit: Unit, batchId: string): number {
	const { store } = unit;
	let removed = 0;
	for (const table of tables) {
		const accounts = store
			.statement(
				`SELECT account_id, count(*) AS n FROM ${table} WHERE import_batch_id = ? AND deleted_at IS NULL GROUP BY account_id`,
			)
			.all(batchId) as { account_id: string; n: number }[];
		store
			.statement(
				`DELETE FROM search_text WHERE rowid IN (SELECT d.id FROM search_doc d JOIN ${table} t ON t.id = d.row_id WHERE t.import_batch_id = ?)`,
			)
			.run(batchId);
		store
			.statement(`DELETE FROM search_doc WHERE row_id IN (SELECT id FROM ${table} WHERE import_batch_id = ?)`)
			.run(batchId);
		removed += store.statement(`DELETE FROM ${table} WHERE import_batch_id = ?`).run(batchId).changes;
		for (const { account_id, n } of accounts) {
			if (table === 'patent_asset') noteAssets(unit, account_id, -n);
			noteFigures(unit, table, account_id);
		}
		unit.touched.add(table);
	}
	// The groups stay, empty: their numbers must have no gap.
	store
		.statement(
			"DELETE FROM outbox_op WHERE kind = 'range' AND group_no IN (SELECT group_no FROM outbox WHERE batch_id = ?)",
		)
		.run(batchId);
	return removed;
}

function bury(unit: Unit, batchId: string): number {
	let removed = 0;
	for (const table of tables) {
		const rows = unit.store
			.statement(`SELECT id FROM ${table} WHERE import_batch_id = ? AND deleted_at IS NULL`)
			.all(batchId) as { id: string }[];
		for (const { id } of rows) {
			// One group holds at most 500 operations; the next one starts a new group of the same unit.
			if (unit.opNo >= 500) unit.groupNo = undefined;
			applyChange(unit, { kind: 'delete', entity: table, id });
			removed += 1;
		}
	}
	return removed;
}
