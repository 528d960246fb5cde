import type { Store } from '../../../../db/open-store.ts';
import type { ReceiptKind } from '../../../../shared/contract/sync-models.ts';

/** A receipt in one line: what matters most is spelt out where it is one thing, and counted where it is more. */
export function summarise(store: Store, receiptId: number): string {
	const counts = store.statement('SELECT sent, received FROM receipt WHERE id = ?').get(receiptId) as {
		sent: number;
		received: number;
	};
	const parts: string[] = [];
	if (counts.sent > 0) parts.push(`${counts.sent} sent`);
	if (counts.received > 0) parts.push(`${counts.received} received`);
	parts.push(...told(store, receiptId, ['merged', 'merged']));
	parts.push(...told(store, receiptId, ['decide', 'to decide']));
	parts.push(...told(store, receiptId, ['refused', 'refused']));
	parts.push(...told(store, receiptId, ['kept', 'kept after all']));
	parts.push(...told(store, receiptId, ['late', 'sent late']));
	parts.push(...told(store, receiptId, ['scope', 'accounts']));
	parts.push(...told(store, receiptId, ['file', 'files']));
	return parts.join('; ');
}

function told(store: Store, receiptId: number, [kind, word]: [ReceiptKind, string]): string[] {
	const lines = store
		.statement('SELECT title, detail FROM receipt_line WHERE receipt_id = ? AND kind = ? ORDER BY id LIMIT 3')
		.all(receiptId, kind) as { title: string; detail: string }[];
	const first = lines[0];
	if (!first) return [];
	if (lines.length === 1) return [`${word}: ${first.title} (${first.detail})`];
	const all = store
		.statement('SELECT count(*) FROM receipt_line WHERE receipt_id = ? AND kind = ?')
		.pluck()
		.get(receiptId, kind) as number;
	return [`${all} ${word}`];
}
