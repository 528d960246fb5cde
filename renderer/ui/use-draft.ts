import { useEffect, useRef, useState } from 'react';
import type { CallError, CallResult } from '../../shared/contract/errors.ts';
import { errorLine } from '../lib/error-words.ts';
import { keepWords } from '../lib/kept-words.ts';
import { showToast } from '../lib/toasts.ts';
import { useUnsaved } from '../lib/unsaved.ts';

export interface Draft {
	/** What stands in the input: the draft while it differs from what is stored. */
	value: unknown;
	failed: boolean;
	/** A new text while typing; it is saved when the keys rest, or when the field is left. */
	type(value: unknown): void;
	/** Saves the draft if it differs; a value given is saved at once. `seen` is what stood there when its typing began. */
	save(value?: unknown, seen?: unknown): void;
	/** Puts back what stood there before the typing began. */
	discard(): void;
}

type SaveState = { at: 'rest' | 'saving' | 'saved' } | { at: 'failed'; error: CallError };

/** What somebody else made of the field while it was being typed in. The words typed stay until the person says otherwise. */
export interface Meanwhile {
	/** Theirs. */
	value: unknown;
	/** What stood in the field here when it came. */
	mine: unknown;
	/** Words typed without having seen theirs have gone into the store: the office keeps both until somebody decides. */
	isKept: boolean;
}

/** A draft outlives its saving: the words under the cursor change only when the person says so. */
interface Typed {
	value: unknown;
	/** Core has this very value. */
	saved: boolean;
	/** Nobody is typing in it any more. */
	left: boolean;
	/** Something typed since the field was entered has reached the store. */
	sent: boolean;
	/** What stood there when the typing began. */
	first: unknown;
	/** What the person knows to be under the words: what they began on, and later what was saved of it. */
	base: unknown;
	/** What the store may still answer until it has caught up: the value before, and those sent. */
	ours: readonly unknown[];
}

/** How long the keys rest before a text is saved: a crash costs a few words, not an afternoon's. */
const restMs = 800;
const savedShownMs = 3000;

/** True while what the store answers is what was there before, or what was typed. */
function isOurs(typed: Typed, stored: unknown): boolean {
	return typed.value === stored || typed.ours.includes(stored);
}

function stands(typed: Typed | null, stored: unknown): typed is Typed {
	return typed !== null && (!typed.saved || !typed.left || isOurs(typed, stored));
}

/** Typing goes on in `on`, or begins in a field that shows `stored`. */
function typeOn(on: Typed | null, value: unknown, stored: unknown): Typed {
	const isSame = on !== null && !on.left;
	const first = isSame ? on.first : on ? on.value : stored;
	const ours = on && on.ours.length > 0 ? on.ours : [stored];
	const base = on ? on.base : stored;
	return { value, saved: false, left: false, sent: isSame && on.sent, first, base, ours };
}

const isBlank = (value: unknown) => typeof value === 'string' && value.trim() === '';

/** Sends a value, with what its editor had seen under it. */
type OnSave = ((value: unknown, seen: unknown) => Promise<CallResult<unknown>>) | undefined;

/** What is being typed into a field, and its way into the store. `words` names a field whose words must outlive it when they cannot be saved. */
export function useDraft(stored: unknown, onSave: OnSave, words: string | null = null) {
	const { draft, put, newest, meanwhile, setMeanwhile } = useTyped(stored);
	const { state, setState, send, sending, forget } = useSending(onSave, { put, newest, setMeanwhile, words });
	const later = useLater();
	const isStored = (typed: Typed) => typed.value === stored && !typed.sent && !sending();
	const sendNewest = () => {
		const now = newest();
		if (now && !now.saved && !isStored(now)) send(now.value);
	};
	const drop = () => {
		later.plan(null);
		forget();
		put(null);
		setState({ at: 'rest' });
	};
	return {
		value: stands(draft, stored) ? draft.value : stored,
		failed: state.at === 'failed',
		state,
		meanwhile,
		type: (value: unknown) => {
			const now = newest();
			put(typeOn(stands(now, stored) ? now : null, value, stored));
			// A reason given stays until something was saved.
			setState((before) => (before.at === 'failed' ? before : { at: 'rest' }));
			// Only a value that is required is ever blank here: it is on its way to another, so nobody is told off yet.
			later.plan(isBlank(value) ? null : sendNewest);
		},
		save: (given?: unknown, seen: unknown = stored) => {
			later.plan(null);
			const now = given === undefined ? newest() : { ...typeOn(null, given, stored), base: seen };
			if (!now) return;
			if (given !== undefined && seen !== stored) setMeanwhile({ value: stored, mine: given, isKept: false });
			if (!isStored(now)) {
				put({ ...now, left: true });
				if (!now.saved) send(now.value);
				return;
			}
			put(null);
			setState({ at: 'rest' });
		},
		discard: () => {
			const now = newest();
			const undoes = now !== null && !now.left && (now.sent || sending()) && meanwhile === null;
			drop();
			if (!meanwhile?.isKept) setMeanwhile(null);
			if (!undoes) return;
			put({ ...now, value: now.first, saved: false, left: true });
			send(now.first);
		},
		/** Settles what came meanwhile: theirs stands already; one's own, now that theirs was seen, becomes an ordinary edit on it. */
		settle: (choice: 'mine' | 'theirs') => {
			const now = newest();
			if (!meanwhile) return;
			if (choice === 'theirs') drop();
			setMeanwhile(null);
			if (choice === 'theirs') return;
			later.plan(null);
			const value = now ? now.value : meanwhile.mine;
			const first = now ? now.first : meanwhile.value;
			put({ value, saved: false, left: now?.left ?? true, sent: true, first, base: meanwhile.value, ours: [stored] });
			send(value);
		},
		/** It was settled elsewhere: what stands in the store is what counts, except for words typed since. */
		letGo: () => {
			const now = newest();
			if (now?.saved) put(null);
			setMeanwhile(null);
		},
	};
}

export type FieldDraft = ReturnType<typeof useDraft>;

function useTyped(stored: unknown) {
	const [draft, setDraft] = useState<Typed | null>(null);
	const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
	// Leaving a field by Esc asks for a save before the page is drawn anew; only this knows that the draft has gone.
	const held = useRef<Typed | null>(null);
	const [own] = useState(() => ({
		newest: () => held.current,
		put: (next: Typed | null) => {
			held.current = next;
			setDraft(next);
		},
	}));
	useEffect(() => {
		if (!draft) return;
		if (!isOurs(draft, stored)) {
			if (draft.left && draft.saved) return own.put(null);
			// Somebody else's. It is told beside the field, and the words in it stay.
			setMeanwhile((now) => ({ value: stored, mine: draft.value, isKept: now?.isKept ?? false }));
			own.put({ ...draft, ours: [...draft.ours, stored] });
		} else if (!draft.saved) return;
		else if (draft.left && (draft.value === stored || meanwhile)) own.put(null);
		else if (draft.value === stored && draft.ours.length > 0) own.put({ ...draft, ours: [] });
	}, [draft, stored, meanwhile, own]);
	return { draft, meanwhile, setMeanwhile, ...own };
}

interface Holder {
	put(next: Typed | null): void;
	newest(): Typed | null;
	setMeanwhile(change: (now: Meanwhile | null) => Meanwhile | null): void;
	words: string | null;
}

/** What could not be saved of a field that has gone from the screen stays on it as text, or is at least told of. */
function keepUnsaved(words: string | null, value: unknown, error: CallError): void {
	if (words === null || typeof value !== 'string') showToast(`Not saved. ${errorLine(error)}`, { tone: 'red' });
	else keepWords(words, value, { isGone: error.code === 'not_found' });
}

function useSending(onSave: OnSave, { put, newest, setMeanwhile, words }: Holder) {
	const [state, setState] = useState<SaveState>({ at: 'rest' });
	const turn = useRef(0);
	const underWay = useRef<{ value: unknown } | null>(null);
	const shown = useRef(true);
	useUnsaved(state.at === 'failed');
	const failed = useRef<CallError | null>(null);
	useEffect(() => {
		failed.current = state.at === 'failed' ? state.error : null;
	}, [state]);
	useEffect(() => {
		shown.current = true;
		return () => {
			shown.current = false;
			const now = newest();
			// The page is left with words that the store did not take.
			if (failed.current && now && !now.saved) keepUnsaved(words, now.value, failed.current);
		};
	}, [newest, words]);
	useEffect(() => {
		if (state.at !== 'saved') return;
		const timer = setTimeout(() => setState({ at: 'rest' }), savedShownMs);
		return () => clearTimeout(timer);
	}, [state]);
	const send = async (value: unknown) => {
		// Enter saves and the blur that follows asks again: the same value goes out once.
		if (underWay.current && underWay.current.value === value) return;
		const mine = ++turn.current;
		underWay.current = { value };
		const before = newest();
		if (before) put({ ...before, ours: [...before.ours, value] });
		setMeanwhile((now) => now && { ...now, mine: value, isKept: true });
		setState((now) => (now.at === 'failed' ? now : { at: 'saving' }));
		const result = await onSave?.(value, before?.base);
		if (mine !== turn.current || !result) return;
		underWay.current = null;
		// The page was left meanwhile: its words cannot stay in their field.
		if (!shown.current && !result.ok) keepUnsaved(words, value, result.error);
		if (!result.ok) return setState({ at: 'failed', error: result.error });
		const now = newest();
		// What was typed meanwhile is not saved yet, and "Saved" must not be said of it.
		const isAll = now === null || now.value === value;
		if (now) put({ ...now, sent: true, saved: isAll, base: value });
		setState({ at: isAll ? 'saved' : 'rest' });
	};
	const forget = () => {
		turn.current += 1;
		underWay.current = null;
	};
	return {
		state,
		setState,
		send: (value: unknown) => void send(value),
		sending: () => underWay.current !== null,
		forget,
	};
}

/** One thing to do when the keys have rested; done at once when the field goes off the screen before. */
function useLater() {
	const waits = useRef<{ timer: ReturnType<typeof setTimeout>; run(): void } | null>(null);
	useEffect(
		() => () => {
			clearTimeout(waits.current?.timer);
			waits.current?.run();
		},
		[],
	);
	const plan = (act: (() => void) | null) => {
		clearTimeout(waits.current?.timer);
		if (!act) {
			waits.current = null;
			return;
		}
		const run = () => {
			waits.current = null;
			act();
		};
		waits.current = { run, timer: setTimeout(run, restMs) };
	};
	return { plan };
}
