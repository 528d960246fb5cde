import type { Store } from '../../../../db/open-store.ts';
import type { Unit } from '../../../../db/unit.ts';
import type { ReceiptKind, ReceiptLine } from '../../../../shared/contract/sync-models.ts';

/** Lines of one kind written out in one receipt; the rest is counted. */
export const MOST_LINES = 200;
const MOST_RECEIPTS = 2000;
const KEEP_MS = 400 * 86_400_000;

/** A receipt that is being written. */
export interface OpenReceipt {
	id: number;
	/** What there was beyond its lines, by kind. */
	more: Partial<Record<ReceiptKind, number>>;
}

/** Begins a receipt in the unit's transaction, and lets go of the oldest. `startedAt` is UTC. */
export function beginReceipt({ store, at, touched }: Unit, startedAt: string): OpenReceipt {
	prune(store, at);
	const { lastInsertRowid } = store
		.statement(
			`INSERT INTO receipt (started_at, finished_at, sent, received, merged, to_decide, refused, bytes_up, bytes_down, more, summary)
			VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0, '{}', '')`,
		)
		.run(startedAt, at);
	touched.add('receipt');
	return { id: Number(lastInsertRowid), more: {} };
}

/** The receipt as it stands; undefined when it is not there, or is not the one that was begun then. */
export function readReceipt(store: Store, id: number, startedAt: string): OpenReceipt | undefined {
	const row = store.statement('SELECT id, more FROM receipt WHERE id = ? AND started_at = ?').get(id, startedAt) as
		| { id: number; more: string }
		| undefined;
	return row && { id: row.id, more: JSON.parse(row.more) as OpenReceipt['more'] };
}

/** Adds lines, or counts those of which there are enough of their kind. */
export function writeLines(store: Store, { id, more }: OpenReceipt, lines: readonly ReceiptLine[]): void {
	const written = new Map<ReceiptKind, number>();
	for (const line of lines) {
		const before = written.get(line.kind) ?? countLines(store, id, line.kind);
		if (before >= MOST_LINES) more[line.kind] = (more[line.kind] ?? 0) + 1;
		else insertLine(store, id, line);
		written.set(line.kind, before + 1);
	}
}

function insertLine(store: Store, id: number, line: ReceiptLine): void {
	store
		.statement(
			`INSERT INTO receipt_line (receipt_id, kind, entity, row_id, account_name, title, detail, by_name)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		)
		.run(id, line.kind, line.entity, line.rowId, line.accountName, line.title, line.detail, line.byName);
}

/** Lines of one kind that are written out. */
export function countLines(store: Store, id: number, kind: ReceiptKind): number {
	return store
		.statement('SELECT count(*) FROM receipt_line WHERE receipt_id = ? AND kind = ?')
		.pluck()
		.get(id, kind) as number;
}

/** Writes what has changed about the receipt as a whole. */
export function refreshReceipt(
	{ store, at, touched }: Unit,
	{ id, more }: OpenReceipt,
	traffic: { up: number; down: number },
): void {
	store
		.statement('UPDATE receipt SET finished_at = ?, bytes_up = ?, bytes_down = ?, more = ? WHERE id = ?')
		.run(at, traffic.up, traffic.down, JSON.stringify(more), id);
	touched.add('receipt');
}

/** Receipts are kept for 400 days, and no more than 2,000 of them: they are words for people, and nothing is decided by them. */
function prune(store: Store, at: string): void {
	const before = new Date(Date.parse(at) - KEEP_MS).toISOString();
	const newest = (store.statement('SELECT max(id) FROM receipt').pluck().get() as number | null) ?? 0;
	const old = 'SELECT id FROM receipt WHERE id <= @last OR finished_at < @before';
	const bounds = { last: newest - MOST_RECEIPTS + 1, before };
	store.statement(`DELETE FROM receipt_line WHERE receipt_id IN (${old})`).run(bounds);
	store.statement(`DELETE FROM receipt WHERE id IN (${old})`).run(bounds);
}
