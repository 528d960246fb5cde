import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { HistoryLine } from '../../../shared/contract/models.ts';
import { useSend } from '../../lib/core.ts';
import { storedInWords } from '../../lib/dates.ts';
import { errorLine } from '../../lib/error-words.ts';
import { showToast, showUndo } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { WordDiff } from '../../ui/WordDiff.tsx';
import styles from './History.module.css';

type Side = 'before' | 'after';

function useRestore(line: HistoryLine) {
	const { send, pending } = useSend('history.restore');
	const restore = async (side: Side) => {
		const result = await send({ id: line.id, side });
		if (result.ok) showUndo(`${line.label} restored`);
		else showToast(errorLine(result.error, line.label), { tone: 'red' });
	};
	return { pending, restore: (side: Side) => void restore(side) };
}

/** The two values of a change. Each that does not stand now can be given to the field again. */
export function HistoryValues({ line }: { line: HistoryLine }) {
	const { pending, restore } = useRestore(line);
	if (line.long) return <LongValues line={line} pending={pending} onRestore={restore} />;
	const before = line.before ? storedInWords(line.before) : null;
	const after = line.after ? storedInWords(line.after) : null;
	const back = (side: Side, words: string) =>
		line.restorable[side] ? <BackButton words={words} disabled={pending} onClick={() => restore(side)} /> : null;
	return (
		<p className={styles.values}>
			{before ? (
				<span className={styles.value}>
					<del className={styles.before}>{before}</del>
					{back('before', before)}
				</span>
			) : null}
			{after ? (
				<span className={styles.value}>
					<ins className={styles.after}>{after}</ins>
					{back('after', after)}
				</span>
			) : (
				<span className="muted">cleared</span>
			)}
		</p>
	);
}

function BackButton({ words, disabled, onClick }: { words: string; disabled: boolean; onClick(): void }) {
	return (
		<button
			type="button"
			className={styles.back}
			title="Restore this value"
			aria-label={`Restore this value: ${words}`}
			disabled={disabled}
			onClick={onClick}
		>
			<IconArrowBackUp size={15} stroke={1.6} aria-hidden />
		</button>
	);
}

interface LongValuesProps {
	line: HistoryLine;
	pending: boolean;
	onRestore(side: Side): void;
}

/** A long text as one, with its words marked. */
function LongValues({ line, pending, onRestore }: LongValuesProps) {
	const [whole, setWhole] = useState(false);
	const { before, after, restorable } = line;
	const isLarge = (before ?? '').length + (after ?? '').length > 260;
	return (
		<div className={styles.long}>
			<p className={whole || !isLarge ? undefined : styles.clamped}>
				<WordDiff before={before ?? ''} after={after ?? ''} />
			</p>
			<p className={styles.actions}>
				{isLarge ? (
					<Button look="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
						{whole ? 'Show less' : 'Show the whole text'}
					</Button>
				) : null}
				{restorable.after ? (
					<Button look="quiet" disabled={pending} onClick={() => onRestore('after')}>
						Restore this text
					</Button>
				) : null}
				{restorable.before ? (
					<Button look="quiet" disabled={pending} onClick={() => onRestore('before')}>
						Restore the text before it
					</Button>
				) : null}
			</p>
		</div>
	);
}
