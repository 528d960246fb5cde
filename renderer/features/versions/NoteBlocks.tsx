import type { ComparedBlock, ComparedRun, Mark } from '../../../shared/contract/kept-models.ts';
import styles from './Versions.module.css';

const tags: Record<Mark, 'strong' | 'em' | 's' | 'u' | 'code' | 'span'> = {
	bold: 'strong',
	italic: 'em',
	strike: 's',
	underline: 'u',
	code: 'code',
	// An earlier text is read, not followed.
	link: 'span',
};

/** A text in its marks, from the innermost to the outermost. */
function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
	const [mark, ...rest] = marks;
	if (!mark) return text;
	const Tag = tags[mark];
	return (
		<Tag className={mark === 'link' ? styles.link : undefined}>
			<Marked text={text} marks={rest} />
		</Tag>
	);
}

function Run({ run }: { run: ComparedRun }) {
	if (run.kind === 'added')
		return (
			<ins>
				<Marked {...run} />
			</ins>
		);
	if (run.kind === 'removed')
		return (
			<del>
				<Marked {...run} />
			</del>
		);
	return <Marked {...run} />;
}

/** The sign before an item of a list. */
function signOf(block: ComparedBlock): string | null {
	if (block.kind === 'number') return `${block.number ?? 1}.`;
	return block.kind === 'bullet' ? '•' : null;
}

/** One block of an earlier text, with what came and went in it marked. */
export function NoteBlockText({ block }: { block: ComparedBlock }) {
	if (block.kind === 'rule') return <hr className={styles.rule} />;
	const sign = signOf(block);
	const isEmpty = block.runs.every((run) => run.text === '');
	const look = [
		styles.block,
		block.quote ? styles.quote : '',
		block.kind === 'code' ? styles.code : '',
		block.kind === 'heading' ? styles[`h${Math.min(block.level, 3)}`] : '',
		block.change === 'added' ? styles.added : '',
		block.change === 'removed' ? styles.removed : '',
	];
	const Words = block.kind === 'heading' ? 'h4' : 'p';
	return (
		<div className={look.filter(Boolean).join(' ')} style={{ marginInlineStart: Math.max(0, block.depth - 1) * 20 }}>
			{sign ? <span className={styles.sign}>{sign}</span> : null}
			<Words className={styles.words}>
				{isEmpty
					? ' '
					: block.runs.map((run, index) => {
							const key = `${index}${run.kind}`;
							return <Run key={key} run={run} />;
						})}
				{block.change === 'look' ? <span className={styles.note}>look changed</span> : null}
			</Words>
		</div>
	);
}
