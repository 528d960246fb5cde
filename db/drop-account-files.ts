import type { Store } from './open-store.ts';
import type { Unit } from './unit.ts';

/**
 * Holds for an attachment (by its table's name in the query) whose bytes only this laptop has: they are to be sent, or the
 * server has refused the record and nobody has dismissed that yet.
 */
export function isUnsentFile(table: string): string {
	return `(${table}.deleted_at IS NULL AND EXISTS (SELECT 1 FROM blob_queue q
		WHERE q.sha256 = ${table}.sha256 AND q.direction = 'up' AND q.account_id = ${table}.account_id))`;
}

/** Holds for an attachment that the server has refused to take, until the person dismisses or mends that. */
export function isRefusedFile(table: string): string {
	return `EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = ${table}.id AND o.kind = 'create' AND o.refused IS NOT NULL)`;
}

/** Holds for an attachment that was refused and of which that was dismissed: the office has never had it, nor will. */
export function isDismissedFile(table: string): string {
	return `(EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = ${table}.id AND o.kind = 'create' AND o.settled = 1)
		AND NOT EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = ${table}.id AND o.kind = 'create' AND o.settled IS NULL))`;
}

/** Files of an account that are still to be sent: the account may not leave before they are. One that was refused holds nothing up. */
export function countUnsentFiles(store: Store, accountId: string): number {
	const { n } = store
		.statement(
			`SELECT count(DISTINCT a.sha256) AS n FROM attachment a
			WHERE a.account_id = ? AND ${isUnsentFile('a')} AND NOT ${isRefusedFile('a')}`,
		)
		.get(accountId) as { n: number };
	return n;
}

/** The person has dismissed refusals: a file that was among them is nobody's to send any more. In the caller's transaction. */
export function forgetRefusedUploads(store: Store): void {
	store
		.statement(
			`DELETE FROM blob_queue WHERE direction = 'up'
			AND EXISTS (SELECT 1 FROM attachment a WHERE ${sameFile} AND ${isDismissedFile('a')})
			AND NOT EXISTS (SELECT 1 FROM attachment a WHERE ${sameFile} AND a.deleted_at IS NULL AND NOT ${isDismissedFile('a')})`,
		)
		.run();
}

const sameFile = 'a.sha256 = blob_queue.sha256 AND a.account_id = blob_queue.account_id';

/**
 * Lets go of an account's files, in the transaction in which the account leaves, before its records go. A file that another
 * account has too stays, and so does one that was refused: its bytes are nowhere else. The bytes of the others are removed
 * from the disk right after, or at the next start.
 */
export function dropAccountFiles(unit: Unit, accountId: string): void {
	const { store } = unit;
	const spared = `a.deleted_at IS NULL AND ${isRefusedFile('a')}`;
	store
		.statement(
			`DELETE FROM blob_queue WHERE account_id = ?
			AND NOT EXISTS (SELECT 1 FROM attachment a WHERE ${sameFile} AND ${spared})`,
		)
		.run(accountId);
	store
		.statement(
			`DELETE FROM offline_choice WHERE (kind = 'account' AND id = @id)
			OR (kind = 'visit' AND id IN (SELECT id FROM visit WHERE account_id = @id))`,
		)
		.run({ id: accountId });
	store
		.statement(
			`UPDATE blob SET state = 'absent', bytes_here = 0
			WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = blob.sha256 AND (a.account_id <> ? OR (${spared})))`,
		)
		.run(accountId);
	unit.touched.add('blob');
	unit.touched.add('attachment');
}
