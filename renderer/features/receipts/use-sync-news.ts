import { useEffect, useRef } from 'react';
import type { ReceiptRow, SyncStatus } from '../../../shared/contract/sync-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { showToast } from '../../lib/toasts.ts';
import { newsOf, staysOrLate } from './receipt-words.ts';

/** A receipt grows while its sync goes on; it is told once it has rested for so long. */
const restMs = 1200;
const askedMs = 60_000;
let askedAt = Number.NEGATIVE_INFINITY;

/** The person asked for this sync, so its receipt is told however small it is. */
export function expectNews(): void {
	askedAt = performance.now();
}

/**
 * Is this receipt worth a word? Sync goes on all day: it speaks up when something was merged, refused or is to decide,
 * when something stays that was deleted here or came too late for its account, when it was asked for, and when it brings home what was done away from the network.
 */
export function isNews(row: ReceiptRow, known: { asked: boolean; wasAway: boolean }): boolean {
	if (row.merged + row.toDecide + row.refused > 0 || staysOrLate(row).length > 0) return true;
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
	const isUnderWay = status?.state === 'syncing';
	const told = useRef<number | null>(null);
	const wasAway = useRef(false);
	useEffect(() => {
		if (isAway(status)) wasAway.current = true;
	}, [status]);
	useEffect(() => {
		if (newest === undefined) return;
		const row = newest[0];
		// What was there at the start has been told before.
		if (told.current === null) told.current = row?.id ?? 0;
		if (!row || row.id <= told.current || isUnderWay) return;
		const timer = setTimeout(() => {
			told.current = row.id;
			tell(row, { asked: performance.now() - askedAt < askedMs, wasAway: wasAway.current });
			if (row.problem !== null) return;
			askedAt = Number.NEGATIVE_INFINITY;
			wasAway.current = false;
		}, restMs);
		return () => clearTimeout(timer);
	}, [newest, isUnderWay]);
}

function tell(row: ReceiptRow, known: { asked: boolean; wasAway: boolean }): void {
	if (!isNews(row, known)) return;
	showToast(newsOf(row), { topic: 'sync', link: { to: places.receipt(row.id), word: 'Receipt' } });
}
