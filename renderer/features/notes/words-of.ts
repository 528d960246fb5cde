import * as Y from 'yjs';

/** The words of a note's document, one line per block, to be copied as text. */
export function wordsOf(doc: Y.Doc): string {
	const lines: string[] = [];
	gather(doc.getXmlFragment('default'), lines);
	return lines.join('\n').trim();
}

function gather(node: Y.XmlFragment | Y.XmlElement, lines: string[]): void {
	let line = '';
	for (const child of node.toArray()) {
		if (child instanceof Y.XmlText) line += wordsIn(child);
		else if (child instanceof Y.XmlElement && child.nodeName === 'hardBreak') line += '\n';
		else if (child instanceof Y.XmlElement) gather(child, lines);
	}
	if (line !== '') lines.push(line);
}

function wordsIn(text: Y.XmlText): string {
	const parts = text.toDelta() as { insert: unknown }[];
	return parts.map(({ insert }) => (typeof insert === 'string' ? insert : ' ')).join('');
}
