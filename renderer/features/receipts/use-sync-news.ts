import { useEffect, useRef } from 'react';
import type { ReceiptRow, SyncStatus } from '../../../shared/contract/sync-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { showToast } from '../../lib/toasts.ts';
import { newsOf } from './receipt-words.ts';

let askedAt = Number.NEGATIVE_INFINITY;
const askedMs = 60_000;

/** The person asked for this sync, so its receipt is told however small it is. */
export function expectNews(): void {
	askedAt = performance.now();
}

/**
 * Is this receipt worth a word? Sync goes on all day: it speaks up when something was merged, refused or is to decide,
 * when it was asked for, and when it brings home what was done away from the network.
 */
export function isNews(row: ReceiptRow, known: { asked: boolean; wasAway: boolean }): boolean {
	if (row.merged + row.toDecide + row.refused > 0) return true;
	if (row.problem !== null) return false;
	return known.asked || (known.wasAway && row.sent > 0);
}

/** Away: this computer had something to send and nobody to send it to. */
function isAway(status: SyncStatus | undefined): boolean {
	return status !== undefined && status.unsent > 0 && (status.state === 'offline' || status.state === 'paused');
}

/** After a sync, one quiet line with the way to its receipt. Never a dialog. */
export function useSyncNews(): void {
	const status = useAnswer('sync.status', {}).data;
	const newest = useAnswer('receipts.list', { text: '', offset: 0, limit: 1 }).data;
	const seen = useRef<number | null>(null);
	const wasAway = useRef(false);
	useEffect(() => {
		if (isAway(status)) wasAway.current = true;
	}, [status]);
	useEffect(() => {
		if (newest === undefined) return;
		const row = newest[0];
		const before = seen.current;
		seen.current = row?.id ?? 0;
		if (before === null || !row || row.id <= before) return;
		const known = { asked: performance.now() - askedAt < askedMs, wasAway: wasAway.current };
		if (row.problem === null) {
			askedAt = Number.NEGATIVE_INFINITY;
			wasAway.current = false;
		}
		if (isNews(row, known)) showToast(newsOf(row), { link: { to: places.receipt(row.id), word: 'Receipt' } });
	}, [newest]);
}
