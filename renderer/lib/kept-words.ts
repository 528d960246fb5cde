import { useSyncExternalStore } from 'react';
import { markUnsaved } from './unsaved.ts';

/** Words that could not be saved, of a part of the screen that has gone. */
export interface KeptWords {
	id: number;
	/** What they were typed into: "Root cause". */
	what: string;
	words: string;
	/** The record had left this computer; otherwise it could not be written to. */
	isGone: boolean;
}

let kept: readonly KeptWords[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const asUnsaved = {};

function set(next: readonly KeptWords[]): void {
	kept = next;
	// A closing window asks before it lets them go.
	markUnsaved(asUnsaved, next.length > 0);
	for (const listener of listeners) listener();
}

/** Keeps words on the screen until the person has copied them or lets them go. */
export function keepWords(what: string, words: string, { isGone }: { isGone: boolean }): void {
	if (words.trim() === '' || kept.some((other) => other.words === words && other.what === what)) return;
	set([...kept, { id: nextId++, what, words, isGone }]);
}

export function letWordsGo(id: number): void {
	set(kept.filter((words) => words.id !== id));
}

export function useKeptWords(): readonly KeptWords[] {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => kept,
	);
}
