import * as Y from 'yjs';
import { ROOT } from '../../db/text-doc.ts';
import { diffLists, isAkin, splitWords } from '../../shared/domain/text-diff.ts';
import { addUpdate, RESTORINGS, type StoredUpdate, wordsOf } from './text-stretches.ts';

type Node = Y.XmlElement | Y.XmlText | Y.XmlHook;
type Parent = Y.XmlFragment | Y.XmlElement;

/** Above so many pairs of blocks the first of a kind is taken for kin: comparing words would take too long. */
const MOST_PAIRS = 2500;
/** Pieces stay well below what the server takes as one text update. */
const MOST_BYTES = 1_000_000;

/**
 * The Yjs updates that make `doc` read as `target` does, in the smallest steps that can be found: what both have is left
 * alone, so that somebody's typing in it meanwhile stands. `doc` is changed along. Empty when the two read alike.
 * `writtenAt` is when the version was written (UTC); it is noted in the document.
 */
export function restoringUpdates(doc: Y.Doc, target: Y.Doc, writtenAt: string): Uint8Array[] {
	const pieces: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => pieces.push(update));
	doc.getMap(RESTORINGS).set(String(doc.clientID), writtenAt);
	matchChildren(doc.getXmlFragment(ROOT), target.getXmlFragment(ROOT));
	return pieces.length > 1 ? joinPieces(pieces) : [];
}

/** Takes back what the updates `isTakenBack` names did to the text, and nothing that was written since. */
export function undoingUpdates(
	updates: readonly StoredUpdate[],
	isTakenBack: (update: StoredUpdate) => boolean,
): Uint8Array[] {
	const first = updates.findIndex(isTakenBack);
	if (first === -1) return [];
	return updates.slice(first).every(isTakenBack) ? undoLatest(updates, first) : undoBeneath(updates, isTakenBack);
}

/** Nothing has been written since: the text is to read as it did before, its look included. */
function undoLatest(updates: readonly StoredUpdate[], first: number): Uint8Array[] {
	const [doc, target] = [new Y.Doc(), new Y.Doc()];
	for (const update of updates) addUpdate(doc, update);
	for (const update of updates.slice(0, first)) addUpdate(target, update);
	const pieces: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => pieces.push(update));
	matchChildren(doc.getXmlFragment(ROOT), target.getXmlFragment(ROOT));
	return joinPieces(pieces);
}

/** Words that went come back and words that came go, each in its place among what was written since. */
function undoBeneath(updates: readonly StoredUpdate[], isTakenBack: (update: StoredUpdate) => boolean): Uint8Array[] {
	// Without cleaning up, so that what the updates deleted is still there to come back.
	const doc = new Y.Doc({ gc: false });
	const origin = {};
	const undoing = new Y.UndoManager(doc.getXmlFragment(ROOT), {
		trackedOrigins: new Set([origin]),
		captureTimeout: Number.MAX_SAFE_INTEGER,
	});
	for (const update of updates) addUpdate(doc, update, isTakenBack(update) ? origin : undefined);
	const pieces: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => pieces.push(update));
	while (undoing.undo()) {
		// One step for each stretch of them.
	}
	undoing.destroy();
	return joinPieces(pieces);
}

/** As few updates as the size of one allows. */
function joinPieces(pieces: readonly Uint8Array[]): Uint8Array[] {
	const joined: Uint8Array[] = [];
	let waiting: Uint8Array[] = [];
	let bytes = 0;
	for (const piece of pieces) {
		if (waiting.length > 0 && bytes + piece.length > MOST_BYTES) {
			joined.push(Y.mergeUpdates(waiting));
			waiting = [];
			bytes = 0;
		}
		waiting.push(piece);
		bytes += piece.length;
	}
	if (waiting.length > 0) joined.push(Y.mergeUpdates(waiting));
	return joined;
}

function matchChildren(parent: Parent, target: Parent): void {
	const was = parent.toArray() as Node[];
	const is = target.toArray() as Node[];
	let at = 0;
	for (const run of diffLists(was.map(look), is.map(look))) {
		if (run.same) at += run.to - run.from;
		else at = matchRun(parent, at, { was: was.slice(run.from, run.to), is: is.slice(run.afterFrom, run.afterTo) });
	}
}

/** Turns the children from `start` on into the wanted ones: those akin by their words, the others by coming and going. */
function matchRun(parent: Parent, start: number, { was, is }: { was: Node[]; is: Node[] }): number {
	const isShort = was.length * is.length <= MOST_PAIRS;
	const isKin = (old: Node, wanted: Node) =>
		isOfKind(old, wanted) && (!isShort || isAkin(wordsOf(old), wordsOf(wanted)));
	let at = start;
	let next = 0;
	for (const [index, wanted] of is.entries()) {
		const old = was[next];
		let found = was.findIndex((node, place) => place >= next && isKin(node, wanted));
		// Nobody else will want what stands next, so it is made into what is wanted here.
		const isFree = old && isOfKind(old, wanted) && !is.some((later, place) => place > index && isKin(old, later));
		if (found === -1 && isFree) found = next;
		if (found === -1) parent.insert(at, [copyOf(wanted)]);
		else {
			if (found > next) parent.delete(at, found - next);
			matchNode(was[found] as Node, wanted);
			next = found + 1;
		}
		at += 1;
	}
	if (was.length > next) parent.delete(at, was.length - next);
	return at;
}

function isOfKind(one: Node, other: Node): boolean {
	if (one instanceof Y.XmlElement && other instanceof Y.XmlElement) return one.nodeName === other.nodeName;
	return one instanceof Y.XmlText && other instanceof Y.XmlText;
}

function matchNode(node: Node, target: Node): void {
	if (node instanceof Y.XmlText && target instanceof Y.XmlText) matchText(node, target);
	if (!(node instanceof Y.XmlElement && target instanceof Y.XmlElement)) return;
	const wanted = target.getAttributes() as Record<string, unknown>;
	const had = node.getAttributes() as Record<string, unknown>;
	for (const name of Object.keys(had)) if (!Object.hasOwn(wanted, name)) node.removeAttribute(name);
	for (const [name, value] of Object.entries(wanted))
		if (JSON.stringify(had[name]) !== JSON.stringify(value)) node.setAttribute(name, value as string);
	matchChildren(node, target);
}

interface Token {
	/** What is compared: a word, a space, a sign, or a thing that is no text. */
	key: string;
	insert: string | object;
	attributes: Record<string, unknown>;
}

function tokensOf(text: Y.XmlText): Token[] {
	return (text.toDelta() as { insert: string | object; attributes?: Record<string, unknown> }[]).flatMap(
		({ insert, attributes = {} }): Token[] =>
			typeof insert === 'string'
				? splitWords(insert).map((word) => ({ key: word, insert: word, attributes }))
				: [{ key: `\0${JSON.stringify(insert)}`, insert, attributes }],
	);
}

const lengthOf = ({ insert }: Token) => (typeof insert === 'string' ? insert.length : 1);

/** Word by word: words that stay keep their place in the document, whatever look they are given. */
function matchText(text: Y.XmlText, target: Y.XmlText): void {
	const was = tokensOf(text);
	const is = tokensOf(target);
	const delta: Record<string, unknown>[] = [];
	for (const run of diffLists(
		was.map((token) => token.key),
		is.map((token) => token.key),
	)) {
		const gone = was.slice(run.from, run.to);
		const come = is.slice(run.afterFrom, run.afterTo);
		if (run.same) {
			for (const [at, token] of come.entries()) {
				const attributes = changedLook(gone[at]?.attributes ?? {}, token.attributes);
				delta.push({ retain: lengthOf(token), ...(attributes ? { attributes } : {}) });
			}
			continue;
		}
		// What comes is put before what goes, so that it takes no look from it.
		for (const { insert, attributes } of come) delta.push({ insert, attributes });
		if (gone.length > 0) delta.push({ delete: gone.reduce((sum, token) => sum + lengthOf(token), 0) });
	}
	if (delta.some((part) => 'insert' in part || 'delete' in part || 'attributes' in part)) text.applyDelta(delta);
}

/** The marks to set and, as null, those to take off; undefined when the look is the same. */
function changedLook(
	had: Record<string, unknown>,
	wanted: Record<string, unknown>,
): Record<string, unknown> | undefined {
	const names = [...new Set([...Object.keys(had), ...Object.keys(wanted)])];
	const changed = names.filter((name) => JSON.stringify(had[name] ?? null) !== JSON.stringify(wanted[name] ?? null));
	return changed.length > 0 ? Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null])) : undefined;
}

/** A node's whole look as text: two that have the same are the same to a reader. */
function look(node: Node): string {
	if (node instanceof Y.XmlText) return JSON.stringify(node.toDelta());
	if (!(node instanceof Y.XmlElement)) return '?';
	const attributes = Object.entries(node.getAttributes()).sort(([one], [other]) => (one < other ? -1 : 1));
	return JSON.stringify([node.nodeName, attributes, (node.toArray() as Node[]).map(look)]);
}

/** A copy for another place or document; attributes that are no text, such as a heading's level, included. */
function copyOf(node: Node): Y.XmlElement | Y.XmlText {
	if (!(node instanceof Y.XmlElement)) {
		const text = new Y.XmlText();
		if (node instanceof Y.XmlText) text.applyDelta(node.toDelta());
		return text;
	}
	const element = new Y.XmlElement(node.nodeName);
	for (const [name, value] of Object.entries(node.getAttributes())) element.setAttribute(name, value as string);
	element.insert(0, (node.toArray() as Node[]).map(copyOf));
	return element;
}
