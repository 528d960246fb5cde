import type { Unit } from './unit.ts';

export interface HistoryEntry {
	entity: string;
	rowId: string;
	field: string;
	before: unknown;
	after: unknown;
	/** Whoever made the edit; the unit's user unless another device sent it. */
	by?: string | null;
	at?: string;
	version?: string | null;
}

/** Saves of one stretch of typing within this time are one line of history and one step of undo. */
const JOIN_MS = 5 * 60_000;

/**
 * Lets a further save of a text take the place of the line before, when that line is the record's newest, by the same
 * person, and minutes old. False when there is none to join.
 */
export function joinHistory(unit: Unit, entry: HistoryEntry): boolean {
	const last = unit.store
		.statement('SELECT id, at, by, field, origin, undone FROM history WHERE row_id = ? ORDER BY id DESC LIMIT 1')
		.get(entry.rowId) as
		| { id: number; at: string; by: string; field: string; origin: string; undone: number }
		| undefined;
	const isSame = last?.field === entry.field && last.by === unit.userId && last.origin === 'local' && last.undone === 0;
	if (!isSame || Date.parse(unit.at) - Date.parse(last.at) > JOIN_MS) return false;
	unit.store
		.statement('UPDATE history SET at = ?, group_no = ?, after = ?, version = ? WHERE id = ?')
		.run(unit.at, unit.groupNo ?? null, toJson(entry.after), entry.version ?? null, last.id);
	unit.touched.add('history');
	return true;
}

/** Notes one field's change. Values are kept as JSON so that any of them can be restored. */
export function recordHistory(unit: Unit, entry: HistoryEntry): void {
	unit.store
		.statement(
			'INSERT INTO history (at, by, group_no, entity, row_id, field, before, after, origin, version, undone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)',
		)
		.run(
			entry.at ?? unit.at,
			entry.by === undefined ? unit.userId : entry.by,
			unit.origin === 'remote' ? null : (unit.groupNo ?? null),
			entry.entity,
			entry.rowId,
			entry.field,
			toJson(entry.before),
			toJson(entry.after),
			unit.origin,
			entry.version ?? null,
		);
	unit.touched.add('history');
}

function toJson(value: unknown): string | null {
	return value === undefined || value === null ? null : JSON.stringify(value);
}
