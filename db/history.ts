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
