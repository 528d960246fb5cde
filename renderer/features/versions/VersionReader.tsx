import { useState } from 'react';
import type { NoteVersion } from '../../../shared/contract/kept-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { counted } from '../../lib/numbers.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import styles from './Versions.module.css';
import { BesideText, InlineText, ReadText } from './VersionText.tsx';
import { versionName } from './version-words.ts';

const against = [
	{ value: 'before', word: 'What it changed' },
	{ value: 'now', word: 'Against now' },
	{ value: 'text', word: 'The text' },
] as const;

const layouts = [
	{ value: 'inline', word: 'In one text' },
	{ value: 'beside', word: 'Side by side' },
] as const;

/** The newest version has nothing newer to be held against. */
const againstNothing = against.filter((option) => option.value !== 'now');

type Against = (typeof against)[number]['value'];
type Layout = (typeof layouts)[number]['value'];

interface VersionReaderProps {
	id: string;
	version: NoteVersion;
	/** The version before it; undefined for the first. */
	before: NoteVersion | undefined;
	newest: NoteVersion;
}

/** One version: what it changed, how it differs from the text now, or the text itself. */
export function VersionReader({ id, version, before, newest }: VersionReaderProps) {
	const [shown, setShown] = useState<Against>('before');
	const [layout, setLayout] = useState<Layout>('inline');
	const isNow = version.version === newest.version;
	const view = isNow && shown === 'now' ? 'before' : shown;
	const range =
		view === 'now'
			? { from: version.version, to: newest.version }
			: { from: before?.version ?? 0, to: version.version };
	return (
		<div className={styles.reader}>
			<div className={styles.bar}>
				<Choices<Against> label="Show" options={isNow ? againstNothing : against} value={view} onChange={setShown} />
				{view === 'text' ? null : (
					<Choices<Layout> label="Layout" options={layouts} value={layout} onChange={setLayout} />
				)}
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.page} tabIndex={0} aria-label={versionName(version)}>
				{version.aside ? <Aside words={version.aside} /> : null}
				{view === 'text' ? (
					<Text id={id} version={version.version} />
				) : (
					<Comparison
						id={id}
						range={range}
						layout={layout}
						names={
							view === 'now'
								? ['This version', 'Now']
								: [before ? 'The version before' : 'Before it began', 'This version']
						}
					/>
				)}
			</section>
		</div>
	);
}

function Text({ id, version }: { id: string; version: number }) {
	const answer = useAnswer('notes.version', { id, version }, { keep: true });
	return <Answer of={answer}>{(found) => <ReadText blocks={found.blocks} />}</Answer>;
}

interface ComparisonProps {
	id: string;
	range: { from: number; to: number };
	layout: Layout;
	names: [string, string];
}

function Comparison({ id, range, layout, names }: ComparisonProps) {
	const answer = useAnswer('notes.compare', { id, ...range }, { keep: true });
	return (
		<Answer of={answer}>
			{({ blocks, added, removed }) => (
				<>
					<p className={styles.sum}>
						{added + removed === 0
							? 'The words are the same.'
							: `${counted(added, 'word')} added, ${counted(removed, 'word')} removed.`}
					</p>
					{layout === 'inline' ? (
						<InlineText blocks={blocks} />
					) : (
						<BesideText blocks={blocks} before={names[0]} after={names[1]} />
					)}
				</>
			)}
		</Answer>
	);
}

/** Words that were written into a part which somebody else had deleted: they stand in no version here. */
function Aside({ words }: { words: string }) {
	const [copied, setCopied] = useState(false);
	const copy = async () => {
		await navigator.clipboard.writeText(words);
		setCopied(true);
	};
	return (
		<div className={styles.aside}>
			<p>
				<span className="strong">Written into a part that had been deleted meanwhile.</span> These words never stood in
				the text here. Copy what is still needed.
			</p>
			<blockquote>{words}</blockquote>
			<Button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy the words'}</Button>
		</div>
	);
}
