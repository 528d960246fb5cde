import { useSyncExternalStore } from 'react';
import { call } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { showToast, showUndo } from '../../lib/toasts.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** As long as the Undo of its toast is offered. */
const heldMs = 10_000;

let held: { row: OutboxRow; timer: ReturnType<typeof setTimeout> } | null = null;
const listeners = new Set<() => void>();

function put(next: typeof held): void {
	clearTimeout(held?.timer);
	held = next;
	for (const listener of listeners) listener();
}

/**
 * Takes a change off the list, and takes it back in earnest when Undo is no longer offered: what was only ever on this
 * computer could not be had again afterwards. A window that closes before leaves the change where it was.
 */
export function holdBack(row: OutboxRow): void {
	settleHeld();
	put({ row, timer: setTimeout(settleHeld, heldMs) });
	const how = row.handedOver ? '. The office may have it already, so a new change undoes it.' : '';
	showUndo(`Taken back: ${row.title}${how}`);
}

/** The Undo of it: the change stands in its place again. */
export function releaseHeld(): void {
	if (!held) return;
	showToast(`Waits again: ${held.row.title}`, { undone: true });
	put(null);
}

/** Takes back in earnest what is held, now. */
export function settleHeld(): void {
	if (!held) return;
	const { row } = held;
	put(null);
	void call('outbox.undo', { group: row.group }).then((result) => {
		if (result.ok) return;
		const why =
			result.error.code === 'not_found'
				? 'It was sent meanwhile. Change the record again instead.'
				: errorLine(result.error);
		showToast(`“${row.title}” was not taken back. ${why}`, { tone: 'red' });
	});
}

/** The id of the row that is off the list for now. */
export function useHeldId(): string | null {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => held?.row.id ?? null,
	);
}
