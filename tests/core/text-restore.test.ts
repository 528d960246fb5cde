import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { blocksOf } from '../../electron/core/notes/versions-blocks.ts';
import { restoringUpdates, undoingUpdates } from '../../electron/core/text-restore.ts';
import type { StoredUpdate } from '../../electron/core/text-stretches.ts';
import { block, textAt } from '../support/typing.ts';

const at = '2026-11-24T09:00:00.000Z';
const root = (doc: Y.Doc) => doc.getXmlFragment('default');

interface Line {
	text: string;
	heading: boolean;
	bold: boolean;
}

const lines = fc.array(
	fc.record({
		text: fc
			.array(fc.constantFrom('cost', 'centre', 'blank', 'in', 'the', 'file', 'é', '大阪', '😀'), { maxLength: 6 })
			.map((words) => words.join(' ')),
		heading: fc.boolean(),
		bold: fc.boolean(),
	}),
	{ maxLength: 7 },
);

/** A document of these lines, made in one piece. */
function docOf(content: readonly Line[]): Y.Doc {
	const doc = new Y.Doc();
	const fragment = root(doc);
	doc.transact(() => {
		for (const [index, line] of content.entries()) {
			const name = line.heading ? 'heading' : 'paragraph';
			fragment.insert(index, [block(line.text, name, line.heading ? { level: 2 } : {})]);
			if (line.bold) textAt(fragment, index).format(0, line.text.length, { bold: {} });
		}
	});
	return doc;
}

const copyOf = (doc: Y.Doc) => {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
};

describe('putting an earlier text back', () => {
	it('makes any text read as any other, and undoing it makes it read as before', () => {
		fc.assert(
			fc.property(lines, lines, (now, wanted) => {
				const doc = docOf(now);
				const before = blocksOf(doc);
				const target = docOf(wanted);
				const start = Y.encodeStateAsUpdate(doc);
				const updates = restoringUpdates(copyOf(doc), target, at);
				for (const update of updates) Y.applyUpdate(doc, update);
				expect(blocksOf(doc)).toEqual(blocksOf(target));
				const stored = [start, ...updates].map((bytes, index): StoredUpdate => ({ id: index, bytes, hlc: '', bad: 0 }));
				for (const update of undoingUpdates(stored, ({ id }) => id > 0)) Y.applyUpdate(doc, update);
				expect(blocksOf(doc)).toEqual(before);
			}),
			{ numRuns: 600 },
		);
	});

	it('undone beneath what was written since brings back every word and takes none of the newer ones', () => {
		fc.assert(
			fc.property(lines, lines, (now, wanted) => {
				const doc = docOf(now);
				const start = Y.encodeStateAsUpdate(doc);
				const restoring = restoringUpdates(copyOf(doc), docOf(wanted), at);
				for (const update of restoring) Y.applyUpdate(doc, update);
				const since = Y.encodeStateVector(doc);
				root(doc).insert(root(doc).length, [block('Written since.')]);
				const pieces = [start, ...restoring, Y.encodeStateAsUpdate(doc, since)];
				const stored = pieces.map((bytes, index): StoredUpdate => ({ id: index, bytes, hlc: '', bad: 0 }));
				const isRestoring = ({ id }: StoredUpdate) => id > 0 && id <= restoring.length;
				for (const update of undoingUpdates(stored, isRestoring)) Y.applyUpdate(doc, update);
				const words = blocksOf(doc).map((part) => part.runs.map((run) => run.text).join(''));
				expect(words.toSorted()).toEqual([...now.map((line) => line.text), 'Written since.'].toSorted());
			}),
			{ numRuns: 300 },
		);
	});

	it('touches nothing that both texts have: somebody’s typing in it stands wherever it was', () => {
		fc.assert(
			fc.property(lines, fc.nat(), (content, where) => {
				fc.pre(content.length > 1);
				const kept = { text: 'A paragraph that both texts have.', heading: false, bold: false };
				const place = where % content.length;
				const now = docOf(content.toSpliced(place, 0, kept));
				const other = copyOf(now);
				const text = textAt(root(other), place);
				text.insert(text.length, ' Typed meanwhile.');
				for (const update of restoringUpdates(copyOf(now), docOf([kept]), at)) Y.applyUpdate(now, update);
				Y.applyUpdate(now, Y.encodeStateAsUpdate(other));
				expect(root(now).toString()).toContain('A paragraph that both texts have. Typed meanwhile.');
			}),
			{ numRuns: 300 },
		);
	});

	it('takes a paragraph for what it was made of, not for its neighbour', () => {
		const plain = (text: string) => ({ text, heading: false, bold: false });
		const now = docOf([plain('Two providers asked to quote.'), plain('The receipt goes out on Tuesday.')]);
		const other = copyOf(now);
		textAt(root(other), 1).insert(0, 'Sure: ');
		const target = docOf([plain('The receipt goes out on Wednesday.')]);
		for (const update of restoringUpdates(copyOf(now), target, at)) Y.applyUpdate(now, update);
		Y.applyUpdate(now, Y.encodeStateAsUpdate(other));
		expect(blocksOf(now).map((part) => part.runs.map((run) => run.text).join(''))).toEqual([
			'Sure: The receipt goes out on Wednesday.',
		]);
	});

	it('is nothing for two texts that read alike', () => {
		const content = [{ text: 'The same', heading: true, bold: true }];
		expect(restoringUpdates(docOf(content), docOf(content), at)).toEqual([]);
	});
});
