import * as Y from 'yjs';
import type { Random } from './random.ts';

/** One stretch of typing in a note whose state is `state`: words in or out somewhere. Returns the update (base64). */
export function typeSomewhere(state: string, words: string, random: Random): string {
	const doc = new Y.Doc();
	doc.clientID = 1 + random.int(2 ** 31);
	Y.applyUpdate(doc, Buffer.from(state, 'base64'));
	const before = Y.encodeStateVector(doc);
	const fragment = doc.getXmlFragment('default');
	const texts = fragment
		.toArray()
		.flatMap((node) => (node instanceof Y.XmlElement ? node.toArray() : []))
		.filter((node) => node instanceof Y.XmlText);
	const text = texts.length > 0 ? random.pick(texts) : undefined;
	const wish = random.next();
	if (!text || wish < 0.3) {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(words)]);
		fragment.insert(random.int(fragment.length + 1), [paragraph]);
	} else if (wish < 0.5 && text.length > 4) {
		const from = random.int(text.length - 2);
		text.delete(from, 1 + random.int(text.length - from - 1));
	} else text.insert(random.int(text.length + 1), words);
	return Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64');
}

/** The words of a document made of these updates, one line per paragraph. */
export function textOf(updates: Iterable<string>): string {
	const doc = new Y.Doc();
	for (const update of updates) Y.applyUpdate(doc, Buffer.from(update, 'base64'));
	return doc
		.getXmlFragment('default')
		.toArray()
		.map((node) => (node instanceof Y.XmlElement ? node.toArray().map(wordsOf).join('') : ''))
		.filter((line) => line !== '')
		.join('\n')
		.trim();
}

function wordsOf(node: unknown): string {
	return node instanceof Y.XmlText
		? (node.toDelta() as { insert: unknown }[]).map((part) => String(part.insert)).join('')
		: '';
}
