import { noteAssets, noteFigures } from './figures.ts';
import type { Unit } from './unit.ts';

const tables = ['renewal_event', 'patent_asset'] as const;

/**
 * Takes back every record of an import without a trace, inside the caller's transaction, when the server cannot have seen
 * any of them; undefined, with nothing done, once a push has carried some or somebody has edited one. Returns how many records went.
 */
export function eraseBatch(unit: Unit, batchId: string): number | undefined {
	const { store } = unit;
	const groups = store
		.statement('SELECT count(*) AS n, count(wire_no) AS sent FROM outbox WHERE batch_id = ?')
		.get(batchId) as { n: number; sent: number };
	if (groups.n === 0 || groups.sent > 0 || isEdited(unit, batchId)) return undefined;
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
	store
		.statement(
			"DELETE FROM outbox_op WHERE kind = 'range' AND group_no IN (SELECT group_no FROM outbox WHERE batch_id = ?)",
		)
		.run(batchId);
	settleEmptied(unit, batchId);
	return removed;
}

/** True when somebody has worked on a record of the import since: that edit must have a record to belong to. */
function isEdited({ store }: Unit, batchId: string): boolean {
	return tables.some((table) =>
		store
			.statement(
				`SELECT 1 FROM outbox_op WHERE pending = 1 AND row_id IN (SELECT id FROM ${table} WHERE import_batch_id = ?) LIMIT 1`,
			)
			.get(batchId),
	);
}

/** Groups with nothing left in them have nothing to be sent for. The rows stay, so that their numbers are not given out again. */
function settleEmptied(unit: Unit, batchId: string): void {
	unit.store
		.statement(
			'UPDATE outbox SET sent_at = ? WHERE batch_id = ? AND sent_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.group_no = outbox.group_no)',
		)
		.run(unit.at, batchId);
}
