import { useSyncExternalStore } from 'react';

export interface Toast {
	id: number;
	text: string;
	tone: 'plain' | 'red';
	/** Offers Undo: runs `undo.last`, which takes back the newest change whatever it was. */
	undo: boolean;
	/** Says what was taken back. */
	undone: boolean;
	/** Where more about it is found. */
	link: { to: string; word: string } | null;
	/** A newer one about the same takes its place. */
	topic: string | null;
}

/** Long enough to read and to reach Undo by keyboard. */
const shownMs = 10_000;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
	toasts = next;
	for (const listener of listeners) listener();
}

export function closeToast(id: number): void {
	set(toasts.filter((toast) => toast.id !== id));
}

export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
	const toast: Toast = {
		id: nextId++,
		text,
		tone: 'plain',
		undo: false,
		undone: false,
		link: null,
		topic: null,
		...options,
	};
	// Undo always takes back the newest change, so an older toast must not offer it, or speak of it, any more.
	const newest = toast.undo || toast.undone;
	const current = newest ? toasts.filter((other) => !other.undo && !other.undone) : toasts;
	const kept = toast.topic ? current.filter((other) => other.topic !== toast.topic) : current;
	set([...kept.slice(-2), toast]);
	setTimeout(() => closeToast(toast.id), shownMs);
}

/** "Issue deleted" with an Undo button. */
export function showUndo(text: string): void {
	showToast(text, { undo: true });
}

const newer = new Set<() => void>();

/** Hears of every edit that Ctrl+Z would now take back first. */
export function onNewerEdit(listener: () => void): void {
	newer.add(listener);
}

/** Something newer has been done: a toast still on the screen must not offer to take back what it no longer would. */
export function retireUndo(): void {
	for (const listener of newer) listener();
	if (toasts.some((toast) => toast.undo || toast.undone)) set(toasts.filter((toast) => !toast.undo && !toast.undone));
}

export function useToasts(): readonly Toast[] {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => toasts,
	);
}
