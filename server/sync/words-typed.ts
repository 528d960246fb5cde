import type { ContentType, Doc, Item } from 'yjs';

type Yjs = typeof import('yjs');

/** Longer updates are not looked into; they stay whole where they are kept. */
const LONGEST = 1_400_000;

/**
 * The words that the updates `typed` add to a text document, as they read now, so that a person can read what somebody
 * typed without the document; a line for each paragraph. `rest`: the document's other updates, as far as they are known,
 * which say where the words stand. All are base64. Null for updates that cannot be read.
 */
export async function wordsTyped(typed: readonly string[], rest: readonly string[] = []): Promise<string | null> {
	if (lengthOf(typed) > LONGEST) return null;
	const yjs = await import('yjs');
	try {
		const mine = typed.map((update) => Buffer.from(update, 'base64'));
		const spans = spansOf(yjs, mine);
		const doc = new yjs.Doc({ gc: false });
		for (const update of lengthOf(rest) > LONGEST * 4 ? [] : rest) addKnown(yjs, doc, update);
		for (const update of mine) yjs.applyUpdate(doc, update);
		// What it stands in is not all here: then in the order of writing.
		if (doc.store.pendingStructs) return inOrderOfWriting(yjs, yjs.mergeUpdates(mine));
		const words = { text: '' };
		for (const root of doc.share.values()) readOn(yjs, root, { words, spans });
		return words.text;
	} catch {
		return null;
	}
}

const lengthOf = (updates: readonly string[]) => updates.reduce((sum, { length }) => sum + length, 0);

function addKnown({ applyUpdate }: Yjs, doc: Doc, update: string): void {
	try {
		applyUpdate(doc, Buffer.from(update, 'base64'));
	} catch {
		// One that nobody can read is in no laptop's document either.
	}
}

/** What the updates wrote: client to the clocks of each stretch, the end not included. */
type Spans = Map<number, Array<[number, number]>>;

function spansOf({ decodeUpdate, Item }: Yjs, updates: readonly Uint8Array[]): Spans {
	const spans: Spans = new Map();
	for (const struct of updates.flatMap((update) => decodeUpdate(update).structs)) {
		if (!(struct instanceof Item)) continue;
		const { client, clock } = struct.id;
		const own = spans.get(client) ?? [];
		spans.set(client, own);
		own.push([clock, clock + struct.length]);
	}
	return spans;
}

interface Reading {
	words: { text: string };
	spans: Spans;
}

function readOn(yjs: Yjs, type: ContentType['type'], reading: Reading): void {
	const { words, spans } = reading;
	for (let item: Item | null = type._start; item; item = item.right) {
		if (item.deleted) continue;
		const { client, clock } = item.id;
		if (item.content instanceof yjs.ContentString) {
			const own = spans.get(client) ?? [];
			const isOwn = (at: number) => own.some(([from, to]) => at >= from && at < to);
			const { str } = item.content;
			for (let nth = 0; nth < str.length; nth += 1) if (isOwn(clock + nth)) words.text += str[nth];
		} else if (item.content instanceof yjs.ContentType) {
			if (words.text !== '' && !words.text.endsWith('\n')) words.text += '\n';
			readOn(yjs, item.content.type, reading);
		}
	}
}

function inOrderOfWriting({ decodeUpdate, Item, ContentString, ContentType }: Yjs, update: Uint8Array): string {
	let text = '';
	for (const struct of decodeUpdate(update).structs) {
		if (!(struct instanceof Item)) continue;
		const { content } = struct;
		if (content instanceof ContentString) text += content.str;
		else if (content instanceof ContentType && text !== '' && !text.endsWith('\n')) text += '\n';
	}
	return text;
}
