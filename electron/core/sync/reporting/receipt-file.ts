import type { Unit } from '../../../../db/unit.ts';
import type { ReceiptLine } from '../../../../shared/contract/sync-models.ts';
import { beginReceipt, type OpenReceipt, readReceipt, refreshReceipt, writeLines } from './receipt-store.ts';
import { summarise } from './receipt-summary.ts';
import { accountName } from './receipt-words.ts';

/** Files that arrive within so long of each other are on one receipt. */
const TOGETHER_MS = 600_000;

interface Travelled {
	sha256: string;
	account_id: string;
	direction: 'up' | 'down';
	/** Bytes. */
	size: number;
}

/** Notes, in the transaction that settles it, that a file has arrived whole at the office or here. */
export function noteFile(unit: Unit, file: Travelled): void {
	const { store } = unit;
	const named = store
		.statement('SELECT id, file_name FROM attachment WHERE sha256 = ? AND account_id = ? ORDER BY id LIMIT 1')
		.get(file.sha256, file.account_id) as { id: string; file_name: string } | undefined;
	const receipt = latestOfFiles(unit) ?? beginReceipt(unit, unit.at);
	const line: ReceiptLine = {
		kind: 'file',
		entity: 'attachment',
		rowId: named?.id ?? null,
		accountName: accountName(store, file.account_id),
		title: named?.file_name ?? 'A file',
		detail: file.direction === 'up' ? 'is at the office' : 'is on this laptop',
		byName: null,
	};
	writeLines(store, receipt, [line]);
	const before = store.statement('SELECT bytes_up AS up, bytes_down AS down FROM receipt WHERE id = ?').get(receipt.id);
	const traffic = before as { up: number; down: number };
	traffic[file.direction] += file.size;
	refreshReceipt(unit, receipt, traffic);
	store.statement('UPDATE receipt SET summary = ? WHERE id = ?').run(summarise(store, receipt.id), receipt.id);
}

/** The newest receipt, when it is one of files alone and of just now. */
function latestOfFiles({ store, at }: Unit): OpenReceipt | undefined {
	const last = store
		.statement(
			`SELECT id, started_at, finished_at FROM receipt r WHERE id = (SELECT max(id) FROM receipt)
			AND NOT EXISTS (SELECT 1 FROM receipt_line l WHERE l.receipt_id = r.id AND l.kind <> 'file')`,
		)
		.get() as { id: number; started_at: string; finished_at: string } | undefined;
	const isRecent = last && Math.abs(Date.parse(at) - Date.parse(last.finished_at)) < TOGETHER_MS;
	return isRecent ? readReceipt(store, last.id, last.started_at) : undefined;
}
