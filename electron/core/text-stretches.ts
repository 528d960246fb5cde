import * as Y from 'yjs';
import { ROOT } from '../../db/text-doc.ts';
import { countWords } from '../../shared/domain/text-diff.ts';
import { parseVersion } from '../../shared/sync/version.ts';
import { type Aside, collectAside, decodeUpdate } from './text-aside.ts';

/** A stored piece of a text document, in the order in which it came to this laptop. */
export interface StoredUpdate {
	id: number;
	bytes: Uint8Array;
	hlc: string;
	bad: number;
}

/** Writing of one laptop without a pause: what is offered as one version. */
export interface Stretch {
	/** The last update of it; the text with everything up to here is the version. */
	version: number;
	device: string;
	fromMs: number;
	atMs: number;
	words: number;
	/** Set when the stretch put an earlier version back: when that version was written (UTC), and the writer's number in Yjs. */
	restored: { at: string; client: number } | null;
	/** What was written into a part that had been deleted meanwhile. */
	aside: Aside;
}

/** A pause that ends a stretch. */
const PAUSE_MS = 5 * 60_000;

/** Where a restoring notes itself in the document, so that every laptop can tell it from typing. */
export const RESTORINGS = 'restorings';

/**
 * The versions of a text, the oldest first: a new one begins with another laptop's writing, after a pause of five
 * minutes, and with and after the restoring of an earlier version. Pieces that cannot be read are left out. `here` is
 * the short name of this laptop, whose own typing is never found in a deleted part.
 */
export function readStretches(updates: readonly StoredUpdate[], here: string): Stretch[] {
	const doc = new Y.Doc();
	const count = followWords(doc);
	const stretches: Stretch[] = [];
	for (const update of updates) {
		const next = stretchOf(update);
		const last = stretches.at(-1);
		const isNew = !last || !goesOn(last, next, update.bytes);
		// Before what begins a new stretch is in it: counting looks at every block that has changed since.
		if (isNew && last) last.words = count();
		if (!addUpdate(doc, update)) continue;
		if (isNew) stretches.push(next);
		else extend(last, next);
		if (next.device !== here) collectAside(doc, update.bytes, (isNew ? next : last).aside);
	}
	const last = stretches.at(-1);
	if (last) last.words = count();
	return stretches;
}

/** The document with the updates up to and with `version`. */
export function docAt(updates: readonly StoredUpdate[], version: number): Y.Doc {
	const doc = new Y.Doc();
	Y.transact(doc, () => {
		for (const update of updates) if (update.id <= version) addUpdate(doc, update);
	});
	return doc;
}

/** Adds a stored piece; false for one that cannot be read, which changes nothing. */
export function addUpdate(doc: Y.Doc, update: StoredUpdate, origin?: unknown): boolean {
	if (update.bad) return false;
	try {
		Y.applyUpdate(doc, update.bytes, origin);
		return true;
	} catch {
		return false;
	}
}

function stretchOf({ id, hlc, bytes }: StoredUpdate): Stretch {
	const { ms = 0, device = '' } = parseVersion(hlc) ?? {};
	return {
		version: id,
		device,
		fromMs: ms,
		atMs: ms,
		words: 0,
		restored: restoredIn(bytes),
		aside: { letters: [], deleted: [] },
	};
}

/** Clocks are only asked how far apart two pieces are: the order is that of their coming. */
function goesOn(last: Stretch, next: Stretch, bytes: Uint8Array): boolean {
	if (last.device !== next.device || next.restored) return false;
	// A restoring of a long text comes in several pieces of the same hand.
	if (last.restored) return decodeUpdate(bytes)?.structs[0]?.id.client === last.restored.client;
	return Math.abs(next.atMs - last.atMs) < PAUSE_MS;
}

function extend(last: Stretch, next: Stretch): void {
	last.version = next.version;
	last.atMs = next.atMs;
}

function restoredIn(bytes: Uint8Array): Stretch['restored'] {
	if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(RESTORINGS)) return null;
	for (const struct of decodeUpdate(bytes)?.structs ?? []) {
		if (!(struct instanceof Y.Item) || (struct.parent as unknown) !== RESTORINGS) continue;
		const value: unknown = struct.content.getContent()[0];
		if (typeof value === 'string') return { at: value, client: struct.id.client };
	}
	return null;
}

/** Counts the words of a document as it grows, looking again only at blocks that changed. */
function followWords(doc: Y.Doc): () => number {
	const root = doc.getXmlFragment(ROOT);
	const known = new Map<unknown, number>();
	doc.on('afterTransaction', (transaction: Y.Transaction) => {
		for (const type of transaction.changed.keys()) known.delete(topBlock(root, type));
	});
	return () => {
		let words = 0;
		for (const block of root.toArray()) {
			const here = known.get(block) ?? countWords(wordsOf(block));
			known.set(block, here);
			words += here;
		}
		return words;
	};
}

function topBlock(root: Y.XmlFragment, type: unknown): unknown {
	let at = type as { parent: unknown };
	while (at.parent && at.parent !== root) at = at.parent as { parent: unknown };
	return at;
}

/** The words of a node without their look. */
export function wordsOf(node: Y.XmlElement | Y.XmlText | Y.XmlHook): string {
	if (node instanceof Y.XmlText)
		return (node.toDelta() as { insert: unknown }[])
			.map((part) => (typeof part.insert === 'string' ? part.insert : ' '))
			.join('');
	// Text nodes of one paragraph run on; blocks inside a block do not.
	if (node instanceof Y.XmlElement)
		return node
			.toArray()
			.map((child) => (child instanceof Y.XmlText ? wordsOf(child) : ` ${wordsOf(child)} `))
			.join('');
	return '';
}
