import type { Store } from './open-store.ts';
import type { Unit } from './unit.ts';

/** Files of an account that only this laptop has: the account may not leave it before they are sent. */
export function countUnsentFiles(store: Store, accountId: string): number {
	const { n } = store
		.statement(
			`SELECT count(DISTINCT q.sha256) AS n FROM blob_queue q
			JOIN attachment a ON a.sha256 = q.sha256 AND a.account_id = q.account_id AND a.deleted_at IS NULL
			WHERE q.direction = 'up' AND q.account_id = ?
				AND NOT EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = a.id AND o.refused IS NOT NULL)`,
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
