import type { Store } from '../../../../db/open-store.ts';
import type { ReceiptKind } from '../../../../shared/contract/sync-models.ts';
import { shortName } from './receipt-words.ts';

/** As many records are called by name in one line. */
const MOST_NAMED = 3;

/** A receipt in one line: what matters most is spelt out where it is one thing, and counted where it is more. */
export function summarise(store: Store, receiptId: number): string {
	const counts = store.statement('SELECT sent, received FROM receipt WHERE id = ?').get(receiptId) as {
		sent: number;
		received: number;
	};
	const parts: string[] = [];
	parts.push(...told(store, receiptId, ['merged', 'merged']));
	parts.push(...told(store, receiptId, ['decide', 'to decide']));
	parts.push(...told(store, receiptId, ['refused', 'refused']));
	parts.push(...told(store, receiptId, ['kept', 'kept after all']));
	parts.push(...told(store, receiptId, ['late', 'sent late']));
	parts.push(...told(store, receiptId, ['scope', 'accounts']));
	parts.push(...told(store, receiptId, ['checked', 'compared']));
	parts.push(...told(store, receiptId, ['file', 'files']));
	// What came of it matters more than what it was; where nothing came of it, what it was is said.
	const isAll = parts.length === 0;
	const moved = (
		[
			['sent', counts.sent],
			['received', counts.received],
		] as const
	)
		.filter(([, n]) => n > 0)
		.map(([kind, n]) => (isAll ? named(store, receiptId, { kind, n }) : `${n} ${kind}`));
	return [...moved, ...parts].join('; ');
}

/** "sent: I-503 (priority High)", "2 sent: I-503, I-504", "12 sent". */
function named(store: Store, receiptId: number, { kind, n }: { kind: ReceiptKind; n: number }): string {
	const lines = linesOf(store, receiptId, kind);
	const first = lines[0];
	if (!first || n > lines.length || n > MOST_NAMED) return `${n} ${kind}`;
	if (n === 1) return `${kind}: ${shortName(first.title)} (${first.detail})`;
	return `${n} ${kind}: ${[...new Set(lines.map(({ title }) => shortName(title)))].join(', ')}`;
}

function told(store: Store, receiptId: number, [kind, word]: [ReceiptKind, string]): string[] {
	const lines = linesOf(store, receiptId, kind);
	const first = lines[0];
	if (!first) return [];
	if (lines.length === 1) return [`${word}: ${shortName(first.title)} (${first.detail})`];
	const all = store
		.statement('SELECT count(*) FROM receipt_line WHERE receipt_id = ? AND kind = ?')
		.pluck()
		.get(receiptId, kind) as number;
	return [`${all} ${word}`];
}

function linesOf(store: Store, receiptId: number, kind: ReceiptKind): { title: string; detail: string }[] {
	return store
		.statement('SELECT title, detail FROM receipt_line WHERE receipt_id = ? AND kind = ? ORDER BY id LIMIT ?')
		.all(receiptId, kind, MOST_NAMED) as { title: string; detail: string }[];
}
