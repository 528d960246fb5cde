import { Fragment, useState } from 'react';
import type { ComparedBlock, NoteBlock } from '../../../shared/contract/kept-models.ts';
import { counted } from '../../lib/numbers.ts';
import { Button } from '../../ui/Button.tsx';
import { NoteBlockText } from './NoteBlocks.tsx';
import styles from './Versions.module.css';

/** Unchanged blocks kept in sight around a change. */
const around = 2;
/** Fewer than this many in a row are not worth folding. */
const worthFolding = 4;

/** A text as it was. */
export function ReadText({ blocks }: { blocks: readonly NoteBlock[] }) {
	const whole = blocks.map(
		(block): ComparedBlock => ({
			...block,
			change: 'same',
			runs: block.runs.map((run) => ({ ...run, kind: 'same' })),
		}),
	);
	return <Blocks blocks={whole} />;
}

/** Two texts in one, with what went and what came marked. */
export function InlineText({ blocks }: { blocks: readonly ComparedBlock[] }) {
	const [open, setOpen] = useState(false);
	const parts = open ? [{ isFolded: false, blocks }] : foldUnchanged(blocks);
	let at = 0;
	return (
		<>
			{parts.map((part) => {
				at += part.blocks.length;
				return (
					<Fragment key={at}>
						{part.isFolded ? (
							<Button look="quiet" className={styles.fold} onClick={() => setOpen(true)}>
								{counted(part.blocks.length, 'unchanged paragraph')}
							</Button>
						) : (
							<Blocks blocks={part.blocks} />
						)}
					</Fragment>
				);
			})}
		</>
	);
}

interface Part {
	isFolded: boolean;
	blocks: readonly ComparedBlock[];
}

function foldUnchanged(blocks: readonly ComparedBlock[]): Part[] {
	const isNear = (index: number) =>
		blocks.slice(Math.max(0, index - around), index + around + 1).some((block) => block.change !== 'same');
	const parts: Part[] = [];
	let start = 0;
	for (let end = 1; end <= blocks.length; end += 1) {
		if (end < blocks.length && isNear(end) === isNear(start)) continue;
		const run = blocks.slice(start, end);
		parts.push({ isFolded: !isNear(start) && run.length >= worthFolding, blocks: run });
		start = end;
	}
	return parts;
}

function Blocks({ blocks }: { blocks: readonly ComparedBlock[] }) {
	// Blocks have no names of their own, and a text shown does not change.
	return blocks.map((block, index) => {
		const key = `${index}${block.change}`;
		return <NoteBlockText key={key} block={block} />;
	});
}

interface BesideTextProps {
	blocks: readonly ComparedBlock[];
	before: string;
	after: string;
}

/** The two texts beside each other, each block beside what became of it. */
export function BesideText({ blocks, before, after }: BesideTextProps) {
	return (
		<div className={styles.beside}>
			<h3 className={styles.column}>{before}</h3>
			<h3 className={styles.column}>{after}</h3>
			{blocks.map((block, index) => {
				const key = `${index}${block.change}`;
				return (
					<Fragment key={key}>
						<div>{block.change === 'added' ? null : <NoteBlockText block={without(block, 'added')} />}</div>
						<div>{block.change === 'removed' ? null : <NoteBlockText block={without(block, 'removed')} />}</div>
					</Fragment>
				);
			})}
		</div>
	);
}

function without(block: ComparedBlock, kind: 'added' | 'removed'): ComparedBlock {
	return { ...block, runs: block.runs.filter((run) => run.kind !== kind) };
}
