import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { StartState } from '../../../shared/contract/bridge.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './StartScreen.module.css';

type Asked = Extract<StartState, { state: 'passphrase' }>;

/** How many characters are missing, counted as main counts them. */
function missing(state: Asked, text: string): number {
	return state.create ? Math.max(0, state.minLength - [...text.normalize('NFKC')].length) : 0;
}

function problemOf(state: Asked, words: { first: string; again: string }): string | null {
	// While one is being made nothing can be opened wrongly: the reason above says what was not right.
	if (state.wrong && !state.create && words.first === '')
		return 'That passphrase does not open this workbook. Nothing was changed; try again.';
	if (!state.create || words.first === '') return null;
	const left = missing(state, words.first);
	if (left > 0) return `${left} more ${left === 1 ? 'character' : 'characters'}: four or five plain words are good.`;
	return words.again !== '' && words.again !== words.first ? 'The two are not the same yet.' : null;
}

/** Asks for the passphrase, or for a new one. */
export function Unlock({ state }: { state: Asked }) {
	const [words, setWords] = useState({ first: '', again: '' });
	const [busy, setBusy] = useState(false);
	const box = useRef<HTMLInputElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each new answer from main starts afresh
	useEffect(() => {
		setBusy(false);
		setWords({ first: '', again: '' });
		box.current?.focus();
	}, [state]);
	const problem = problemOf(state, words);
	const isSame = !state.create || words.again === words.first;
	const ready = words.first !== '' && missing(state, words.first) === 0 && isSame;
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (!ready || busy) return;
		setBusy(true);
		void window.fieldbook.unlock(words.first);
	};
	return (
		<form className={styles.card} onSubmit={submit}>
			<h1 className={styles.title}>{state.create ? 'Choose a passphrase' : 'Unlock your workbook'}</h1>
			<p className={styles.reason}>{state.reason}</p>
			<label className={styles.label} htmlFor="passphrase">
				Passphrase
			</label>
			<input
				ref={box}
				id="passphrase"
				type="password"
				autoComplete="off"
				className={styles.box}
				value={words.first}
				aria-invalid={state.wrong && words.first === ''}
				aria-describedby="passphrase-problem"
				onChange={(event) => setWords({ ...words, first: event.target.value })}
			/>
			{state.create ? (
				<>
					<label className={styles.label} htmlFor="passphrase-again">
						Once more
					</label>
					<input
						id="passphrase-again"
						type="password"
						autoComplete="off"
						className={styles.box}
						value={words.again}
						onChange={(event) => setWords({ ...words, again: event.target.value })}
					/>
				</>
			) : null}
			<p
				id="passphrase-problem"
				className={state.wrong && words.first === '' ? `${styles.problem} red` : styles.problem}
				role="status"
			>
				{busy ? 'Opening the workbook' : problem}
			</p>
			<Button type="submit" look="primary" disabled={!ready || busy} className={styles.submit}>
				{state.create ? 'Create the workbook' : 'Unlock'}
			</Button>
			<p className={styles.foot}>
				<IconLock size={14} stroke={1.6} aria-hidden />
				{state.create
					? 'It is the only key. Nobody can open the workbook without it, and it cannot be recovered.'
					: 'Encrypted on this computer. The passphrase never leaves it.'}
			</p>
		</form>
	);
}
