import * as Y from 'yjs';
import type { TestCore } from './core.ts';

/** Opens a note as the editor does, changes it, and appends what changed. */
export async function write(device: TestCore, id: string, change: (text: Y.XmlFragment) => void): Promise<void> {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Buffer.from((await device.ok('notes.get', { id })).state, 'base64'));
	const pieces: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => pieces.push(update));
	doc.transact(() => change(doc.getXmlFragment('default')));
	if (pieces.length === 0) return;
	const update = Buffer.from(Y.mergeUpdates(pieces)).toString('base64');
	await device.ok('notes.append', { id, update });
}

/** A block of text, such as a paragraph or a heading. */
export function block(text: string, name = 'paragraph', attributes: Record<string, unknown> = {}): Y.XmlElement {
	const element = new Y.XmlElement(name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value as string);
	element.insert(0, [new Y.XmlText(text)]);
	return element;
}

/** Adds a paragraph at the end. */
export function paragraph(text: string) {
	return (fragment: Y.XmlFragment): void => fragment.insert(fragment.length, [block(text)]);
}

/** The text inside the block at `index`. */
export function textAt(fragment: Y.XmlFragment, index: number): Y.XmlText {
	return (fragment.get(index) as Y.XmlElement).get(0) as Y.XmlText;
}
