import * as Y from 'yjs';
import { call } from '../../lib/core.ts';
import { keepWords } from '../../lib/kept-words.ts';
import { beforeLeaving, markUnsaved } from '../../lib/unsaved.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { dropEmpty } from './drop-empty.ts';
import { NoteSaver, type SaveState } from './note-saver.ts';
import { wordsOf } from './words-of.ts';

/** What others wrote, and what the store already holds, carries this origin, so that it is not sent back. */
export const REMOTE = 'remote';

/** A note whose text is in this window: its document and what of it is not saved yet. Lives outside React. */
export interface OpenNote {
	readonly id: string;
	readonly doc: Y.Doc;
	readonly saver: NoteSaver;
	state(): SaveState;
	subscribe(listener: () => void): () => void;
	/** Takes in the document as stored; what is here and what is there merge. */
	receive(state: string): void;
}

const open = new Map<string, OpenNote>();
const holders = new WeakMap<OpenNote, number>();

function create(id: string): OpenNote {
	const doc = new Y.Doc();
	const listeners = new Set<() => void>();
	let state: SaveState = { at: 'rest' };
	const saver = new NoteSaver({
		send: (update) => call('notes.append', { id, update: toBase64(update) }),
		merge: (updates) => Y.mergeUpdates(updates),
		now: () => new Date(),
		onState: (next) => {
			state = next;
			if (next.at === 'failed' || next.at === 'saved') markUnsaved(doc, next.at === 'failed');
			for (const listener of listeners) listener();
		},
	});
	doc.on('update', (update: Uint8Array, origin: unknown) => {
		if (origin !== REMOTE) saver.add(update);
	});
	return {
		id,
		doc,
		saver,
		state: () => state,
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		receive: (stored) => Y.applyUpdate(doc, fromBase64(stored), REMOTE),
	};
}

/** The open note `id`: the same one while it is on screen or has something unsaved, so that no words are left behind. */
export function openNote(id: string): OpenNote {
	const known = open.get(id);
	if (known) return known;
	const note = create(id);
	open.set(id, note);
	return note;
}

/** Holds a note while it is on screen; the answer lets go of it. What is unsaved then is sent, and kept until it is. */
export function holdNote(note: OpenNote): () => void {
	holders.set(note, (holders.get(note) ?? 0) + 1);
	open.set(note.id, note);
	return () => {
		holders.set(note, (holders.get(note) ?? 1) - 1);
		void letGo(note);
	};
}

async function letGo(note: OpenNote): Promise<void> {
	await note.saver.flush();
	if (holders.get(note) !== 0) return;
	const state = note.state();
	// It will never be taken: the note is not on this computer any more.
	const isGone = state.at === 'failed' && state.error.code === 'not_found';
	if (note.saver.dirty && !isGone) return;
	note.saver.stop();
	if (open.get(note.id) === note) open.delete(note.id);
	if (isGone) {
		markUnsaved(note.doc, false);
		keepWords('A note', wordsOf(note.doc), { isGone });
		return;
	}
	await dropEmpty(note.id, () => open.has(note.id));
}

function hurryAll(): void {
	for (const note of open.values()) note.saver.hurry();
}

// The window may go at any time: hidden, closed or reloaded. What is typed is on its way before that.
beforeLeaving(hurryAll);
window.addEventListener('beforeunload', hurryAll);
window.addEventListener('pagehide', hurryAll);
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && hurryAll());
