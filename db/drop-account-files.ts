import type { Store } from './open-store.ts';
import type { Unit } from './unit.ts';

/** Holds for an attachment (by its table's name in the query) whose bytes only this laptop has. */
export function isUnsentFile(table: string): string {
	return `(${table}.deleted_at IS NULL AND EXISTS (SELECT 1 FROM blob_queue q
		WHERE q.sha256 = ${table}.sha256 AND q.direction = 'up' AND q.account_id = ${table}.account_id)
		AND NOT EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = ${table}.id AND o.refused IS NOT NULL))`;
}

/** Files of an account that only this laptop has: the account may not leave it before they are sent. */
export function countUnsentFiles(store: Store, accountId: string): number {
	const { n } = store
		.statement(
			`SELECT count(DISTINCT a.sha256) AS n FROM attachment a
			WHERE a.account_id = ? AND a.deleted_at IS NULL AND ${isUnsentFile('a')}`,
		)
		.get(accountId) as { n: number };
	return n;
}

/**
 * Lets go of an account's files, in the transaction in which the account leaves, before or after its records go. A file
 * that another account has too stays. The bytes are removed from the disk right after, or at the next start.
 */
export function dropAccountFiles(unit: Unit, accountId: string): void {
	const { store } = unit;
	store.statement('DELETE FROM blob_queue WHERE account_id = ?').run(accountId);
	store
		.statement(
			`DELETE FROM offline_choice WHERE (kind = 'account' AND id = @id)
			OR (kind = 'visit' AND id IN (SELECT id FROM visit WHERE account_id = @id))`,
		)
		.run({ id: accountId });
	store
		.statement(
			`UPDATE blob SET state = 'absent', bytes_here = 0
			WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = blob.sha256 AND a.account_id <> ?)`,
		)
		.run(accountId);
	unit.touched.add('blob');
	unit.touched.add('attachment');
}
