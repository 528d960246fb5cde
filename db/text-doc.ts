import * as Y from 'yjs';
import type { Store } from './open-store.ts';

/** The Yjs root that the editor binds to. */
export const ROOT = 'default';

export interface TextState {
	/** The whole document as one Yjs update. */
	state: Uint8Array;
	text: string;
	/** True when a stored update could not be decoded and was left out. */
	damaged: boolean;
}

const cacheSize = 8;
const caches = new WeakMap<Store, Map<string, Y.Doc>>();

/** The document of a record's field as stored, decodable parts only. */
export function readTextDoc(store: Store, rowId: string, field: string): TextState {
	const doc = loadDoc(store, rowId, field);
	const bad = store
		.statement('SELECT count(*) AS n FROM text_update WHERE row_id = ? AND field = ? AND bad = 1')
		.get(rowId, field) as { n: number };
	return { state: Y.encodeStateAsUpdate(doc), text: plainText(doc), damaged: bad.n > 0 };
}

/** Adds an update to the cached document and returns the new plain text; undefined when the bytes are not an update. */
export function addToTextDoc(
	store: Store,
	key: { rowId: string; field: string },
	update: Uint8Array,
): string | undefined {
	const doc = loadDoc(store, key.rowId, key.field);
	try {
		Y.applyUpdate(doc, update);
	} catch {
		forgetTextDocs(store);
		return undefined;
	}
	return plainText(doc);
}

/** Drops the cached documents: after a rollback they may hold what the store does not. */
export function forgetTextDocs(store: Store): void {
	caches.delete(store);
}

function loadDoc(store: Store, rowId: string, field: string): Y.Doc {
	const cache = caches.get(store) ?? new Map<string, Y.Doc>();
	caches.set(store, cache);
	const key = `${rowId} ${field}`;
	const cached = cache.get(key);
	if (cached) return cached;
	const doc = new Y.Doc();
	const rows = store
		.statement('SELECT bytes FROM text_update WHERE row_id = ? AND field = ? AND bad = 0 ORDER BY id')
		.all(rowId, field) as { bytes: Uint8Array }[];
	Y.transact(doc, () => {
		for (const row of rows) Y.applyUpdate(doc, row.bytes);
	});
	cache.set(key, doc);
	if (cache.size > cacheSize) cache.delete(cache.keys().next().value as string);
	return doc;
}

/** The words of a document, one line per block. */
export function plainText(doc: Y.Doc): string {
	const lines: string[] = [];
	walk(doc.getXmlFragment(ROOT), lines);
	return lines
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
}

function walk(node: Y.XmlFragment | Y.XmlElement, lines: string[]): void {
	let line = '';
	for (const child of node.toArray()) {
		if (child instanceof Y.XmlText) {
			line += (child.toDelta() as { insert: unknown }[])
				.map((part) => (typeof part.insert === 'string' ? part.insert : ' '))
				.join('');
		} else if (child instanceof Y.XmlElement) {
			if (child.nodeName === 'hardBreak') line += '\n';
			else walk(child, lines);
		}
	}
	if (line !== '') lines.push(line);
}
