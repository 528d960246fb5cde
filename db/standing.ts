import type { Store } from './open-store.ts';

/** What the office says of a field while an edit of it here is unanswered. `value` null with field `*`: not deleted. */
export interface Standing {
	/** As JSON; null for an empty field. For `*`: when it was deleted. */
	value: string | null;
	version: string | null;
}

/**
 * Keeps the office's value of a field whose own edit here is not answered yet. The laptop shows its own value until then;
 * if that edit is taken back instead of being sent, this is what stands, and the server will not send it again.
 */
export function keepStanding(
	store: Store,
	{ rowId, field }: { rowId: string; field: string },
	standing: Standing,
): void {
	store
		.statement('INSERT OR REPLACE INTO standing (row_id, field, value, version) VALUES (?, ?, ?, ?)')
		.run(rowId, field, standing.value, standing.version);
}

/** What the office says of a field, if it said anything since the edit was made. */
export function readStanding(store: Store, rowId: string, field: string): Standing | undefined {
	return store.statement('SELECT value, version FROM standing WHERE row_id = ? AND field = ?').get(rowId, field) as
		| Standing
		| undefined;
}

/** The same, and takes it out. */
export function takeStanding(store: Store, rowId: string, field: string): Standing | undefined {
	const found = readStanding(store, rowId, field);
	if (found) store.statement('DELETE FROM standing WHERE row_id = ? AND field = ?').run(rowId, field);
	return found;
}

/** Forgets what was kept for the edits of a group the server has answered, except where a further edit is still unanswered. */
export function forgetStanding(store: Store, groupNo: number): void {
	const rows = store.statement('SELECT DISTINCT row_id FROM outbox_op WHERE group_no = ?').pluck().all(groupNo);
	for (const rowId of rows) {
		store
			.statement(
				`DELETE FROM standing WHERE row_id = @row AND NOT EXISTS (SELECT 1 FROM outbox_op p
				WHERE p.row_id = @row AND p.pending = 1 AND (p.fields LIKE '% ' || standing.field || ' %'
					OR (standing.field = '*' AND p.kind IN ('delete', 'undelete'))))`,
			)
			.run({ row: rowId });
	}
}
