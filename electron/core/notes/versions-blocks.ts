import * as Y from 'yjs';
import { ROOT } from '../../../db/text-doc.ts';
import type { ComparedBlock, ComparedRun, Mark, NoteBlock, NoteRun } from '../../../shared/contract/kept-models.ts';
import { countWords, diffLists, diffWords, isAkin } from '../../../shared/domain/text-diff.ts';

type Node = Y.XmlElement | Y.XmlText | Y.XmlHook;
type Shape = Omit<NoteBlock, 'runs'>;

const marksOf: Readonly<Record<string, Mark>> = {
	bold: 'bold',
	italic: 'italic',
	strike: 'strike',
	underline: 'underline',
	code: 'code',
	link: 'link',
};

const plain: Shape = { kind: 'paragraph', level: 0, depth: 0, number: null, quote: false };

/** The blocks of a document in reading order. An element this version does not know is read as paragraphs. */
export function blocksOf(doc: Y.Doc): NoteBlock[] {
	const blocks: NoteBlock[] = [];
	for (const child of doc.getXmlFragment(ROOT).toArray()) addBlocks(blocks, child, plain);
	return blocks;
}

function addBlocks(blocks: NoteBlock[], node: Node, shape: Shape): void {
	if (!(node instanceof Y.XmlElement)) addRuns(blocks, [node], shape);
	else if (node.nodeName === 'bulletList' || node.nodeName === 'orderedList') addList(blocks, node, shape);
	else if (node.nodeName === 'horizontalRule') blocks.push({ ...shape, kind: 'rule', runs: [] });
	else addChildren(blocks, node, shapeIn(node, shape));
}

function shapeIn(node: Y.XmlElement, shape: Shape): Shape {
	if (node.nodeName === 'blockquote') return { ...shape, quote: true };
	if (node.nodeName === 'heading') return { ...shape, kind: 'heading', level: levelOf(node) };
	return node.nodeName === 'codeBlock' ? { ...shape, kind: 'code' } : shape;
}

/** The text of a block in one piece, and the blocks inside it. An empty paragraph is a block as well. */
function addChildren(blocks: NoteBlock[], node: Y.XmlElement, shape: Shape): void {
	const children = node.toArray();
	const isText = (child: Node) => !(child instanceof Y.XmlElement) || child.nodeName === 'hardBreak';
	if (children.every(isText)) addRuns(blocks, children, shape);
	else for (const child of children) addBlocks(blocks, child, shape);
}

function addList(blocks: NoteBlock[], list: Y.XmlElement, shape: Shape): void {
	const isNumbered = list.nodeName === 'orderedList';
	let number = Number((list.getAttributes() as Record<string, unknown>)['start'] ?? 1) || 1;
	for (const item of list.toArray()) {
		const first = blocks.length;
		const kind = isNumbered ? ('number' as const) : ('bullet' as const);
		const own: Shape = { ...shape, kind, depth: shape.depth + 1, number: isNumbered ? number++ : null };
		if (!(item instanceof Y.XmlElement)) addRuns(blocks, [item], own);
		else for (const child of item.toArray()) addItemPart(blocks, child, { own, isFirst: blocks.length === first });
	}
}

/** Only the first paragraph of an item has its mark; what follows in the item stands below it. */
function addItemPart(blocks: NoteBlock[], child: Node, { own, isFirst }: { own: Shape; isFirst: boolean }): void {
	const isParagraph = child instanceof Y.XmlElement && child.nodeName === 'paragraph';
	if (isParagraph && isFirst) addRuns(blocks, child.toArray(), own);
	else addBlocks(blocks, child, { ...own, kind: 'paragraph', number: null });
}

function addRuns(blocks: NoteBlock[], nodes: readonly Node[], shape: Shape): void {
	const runs: NoteRun[] = [];
	for (const node of nodes) {
		if (node instanceof Y.XmlText) for (const part of node.toDelta() as DeltaPart[]) pushRun(runs, runOf(part));
		else if (node instanceof Y.XmlElement && node.nodeName === 'hardBreak') pushRun(runs, { text: '\n', marks: [] });
	}
	blocks.push({ ...shape, runs });
}

interface DeltaPart {
	insert: unknown;
	attributes?: Record<string, unknown>;
}

function runOf({ insert, attributes = {} }: DeltaPart): NoteRun {
	// A mark that may overlap its like carries a tail behind two hyphens.
	const marks = Object.entries(attributes).flatMap(([name, value]) => {
		const mark = marksOf[name.split('--')[0] ?? ''];
		return mark && value !== null ? [mark] : [];
	});
	return { text: typeof insert === 'string' ? insert : ' ', marks: marks.sort() };
}

function pushRun(runs: NoteRun[], run: NoteRun): void {
	const last = runs.at(-1);
	if (last && last.marks.join() === run.marks.join()) last.text += run.text;
	else if (run.text !== '') runs.push(run);
}

function levelOf(heading: Y.XmlElement): number {
	const level = Number((heading.getAttributes() as Record<string, unknown>)['level'] ?? 1);
	return level >= 1 && level <= 6 ? level : 1;
}

const textOf = (block: NoteBlock) => block.runs.map((run) => run.text).join('');
const lookOf = ({ runs, number: _number, ...shape }: NoteBlock) => JSON.stringify([shape, runs]);

/** Two texts block by block: those that came and went, and inside those that changed the words that did. */
export function compareBlocks(before: readonly NoteBlock[], after: readonly NoteBlock[]): ComparedBlock[] {
	const compared: ComparedBlock[] = [];
	for (const run of diffLists(before.map(textOf), after.map(textOf))) {
		const was = before.slice(run.from, run.to);
		const is = after.slice(run.afterFrom, run.afterTo);
		if (run.same) compared.push(...is.map((block, at) => sameWords(was[at] as NoteBlock, block)));
		else compared.push(...compareChanged(was, is));
	}
	return compared;
}

function sameWords(was: NoteBlock, is: NoteBlock): ComparedBlock {
	return whole(is, lookOf(was) === lookOf(is) ? 'same' : 'look');
}

function whole(block: NoteBlock, change: 'same' | 'look' | 'added' | 'removed'): ComparedBlock {
	const kind = change === 'look' ? 'same' : change;
	return { ...block, change, runs: block.runs.map((run) => ({ ...run, kind })) };
}

/** Each new block beside the first old one, from where the last was found, that it could have been made of. */
function compareChanged(was: readonly NoteBlock[], is: readonly NoteBlock[]): ComparedBlock[] {
	const compared: ComparedBlock[] = [];
	let next = 0;
	for (const block of is) {
		const found = was.findIndex((old, at) => at >= next && isAkin(textOf(old), textOf(block)));
		if (found === -1) {
			compared.push(whole(block, 'added'));
			continue;
		}
		for (const gone of was.slice(next, found)) compared.push(whole(gone, 'removed'));
		compared.push(changedWords(was[found] as NoteBlock, block));
		next = found + 1;
	}
	for (const gone of was.slice(next)) compared.push(whole(gone, 'removed'));
	return compared;
}

function changedWords(was: NoteBlock, is: NoteBlock): ComparedBlock {
	const runs: ComparedRun[] = diffWords(textOf(was), textOf(is)).map((part) => ({ ...part, marks: [] }));
	return { ...is, change: 'words', runs };
}

/** Words that came and words that went, over all blocks. */
export function countChanges(blocks: readonly ComparedBlock[]): { added: number; removed: number } {
	const count = (kind: ComparedRun['kind']) =>
		blocks
			.flatMap((block) => block.runs)
			.filter((run) => run.kind === kind)
			.reduce((sum, run) => sum + countWords(run.text), 0);
	return { added: count('added'), removed: count('removed') };
}
