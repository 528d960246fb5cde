import { useSyncExternalStore } from 'react';
import type { CallError } from '../../../shared/contract/errors.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { keyWords } from '../../lib/commands.ts';
import { call } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { onNewerEdit, showToast, showUndo } from '../../lib/toasts.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** As long as the Undo of its toast is offered. */
const heldMs = 10_000;

let held: { row: OutboxRow; timer: ReturnType<typeof setTimeout> } | null = null;
/** The change taken back in earnest, while nothing newer was done. */
let gone: OutboxRow | null = null;
const listeners = new Set<() => void>();

function put(next: typeof held): void {
	clearTimeout(held?.timer);
	held = next;
	for (const listener of listeners) listener();
}

/**
 * Takes a change off the list, and takes it back in earnest when Undo is no longer offered: what was only ever on this
 * computer could not be had again afterwards. Core does not send it meanwhile. It can be had again from any page; a window
 * that closes before leaves the change where it was.
 */
export function holdBack(row: OutboxRow): void {
	settleHeld();
	put({ row, timer: setTimeout(settleHeld, heldMs) });
	void call('outbox.hold', { group: row.group, held: true }).then((result) => {
		if (result.ok || held?.row !== row) return;
		put(null);
		sayNotTakenBack(row, result.error);
	});
	const how = row.handedOver ? '. The office may have it already, so a new change undoes it.' : '';
	showUndo(`Taken back: ${row.title}${how}`);
}

/** The Undo of it: the change stands in its place again. */
export function releaseHeld(): void {
	if (!held) return;
	const { row } = held;
	put(null);
	showToast(`Waits again: ${row.title}`, { undone: true });
	void call('outbox.hold', { group: row.group, held: false });
}

/** Ctrl+Z after a change was taken back: brings it back, or says that it is too late. False when it is about something else. */
export function undoTakeBack(): boolean {
	if (held) releaseHeld();
	else if (gone) {
		const again = `${keyWords('mod+z')} once more undoes what was done before that.`;
		showToast(`${quoted(gone.title)} was taken back for good; its words are in its history. ${again}`);
		gone = null;
	} else return false;
	return true;
}

/** Takes back in earnest what is held, now. */
function settleHeld(): void {
	if (!held) return;
	const { row } = held;
	put(null);
	gone = row;
	void call('outbox.undo', { group: row.group }).then((result) => {
		if (result.ok) return;
		if (gone === row) gone = null;
		void call('outbox.hold', { group: row.group, held: false });
		sayNotTakenBack(row, result.error);
	});
}

function sayNotTakenBack(row: OutboxRow, error: CallError): void {
	const why = error.code === 'not_found' ? 'It was sent meanwhile. Change the record again instead.' : errorLine(error);
	showToast(`${quoted(row.title)} was not taken back. ${why}`, { tone: 'red' });
}

// Ctrl+Z belongs to the newest thing done.
onNewerEdit(() => {
	settleHeld();
	gone = null;
});

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
