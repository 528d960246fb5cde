import type { Store } from './open-store.ts';
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

/** The newest line of each record that somebody typed here since the store was opened, by its version. */
const typed = new WeakMap<Store, Map<string, string>>();

/** Notes that the record's newest line is typing, which what is typed next may continue. */
export function noteTyped(unit: Unit, entry: HistoryEntry): void {
	const lines = typed.get(unit.store) ?? new Map<string, string>();
	typed.set(unit.store, lines);
	if (entry.version) lines.set(entry.rowId, entry.version);
}

interface LastLine {
	id: number;
	at: string;
	by: string | null;
	field: string;
	origin: string;
	undone: number;
	version: string | null;
	after: string | null;
	isUnsent: number;
}

/**
 * Lets a further save of a text take the place of the line before, when that is the record's newest, typed by the same
 * person minutes ago, still what stands, and not handed to the server: nothing that was more than a step of typing goes
 * from the history. False when there is none to join.
 */
export function joinHistory(unit: Unit, entry: HistoryEntry): boolean {
	const last = unit.store
		.statement(
			`SELECT id, at, by, field, origin, undone, version, after, EXISTS (SELECT 1 FROM outbox o
				WHERE o.group_no = h.group_no AND o.wire_no IS NULL AND o.sent_at IS NULL) AS isUnsent
			FROM history h WHERE row_id = ? ORDER BY id DESC LIMIT 1`,
		)
		.get(entry.rowId) as LastLine | undefined;
	if (!last || !isStretch(unit, entry, last)) return false;
	unit.store
		.statement('UPDATE history SET at = ?, group_no = ?, after = ?, version = ? WHERE id = ?')
		.run(unit.at, unit.groupNo ?? null, toJson(entry.after), entry.version ?? null, last.id);
	unit.touched.add('history');
	return true;
}

function isStretch(unit: Unit, entry: HistoryEntry, last: LastLine): boolean {
	const isTyped = last.version !== null && typed.get(unit.store)?.get(entry.rowId) === last.version;
	const isOwn = last.by === unit.userId && last.origin === 'local' && last.undone === 0;
	const stands = last.field === entry.field && last.after === toJson(entry.before);
	return isTyped && isOwn && stands && last.isUnsent === 1 && Date.parse(unit.at) - Date.parse(last.at) <= JOIN_MS;
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
