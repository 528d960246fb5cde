import { useSyncExternalStore } from 'react';
import { clockTime } from '../../lib/dates.ts';
import { errorWords } from '../../lib/error-words.ts';
import { Button } from '../../ui/Button.tsx';
import type { OpenNote } from './open-notes.ts';
import styles from './SaveLine.module.css';

const exact = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The truth about the words on screen: on their way, on disk since when, or not saved and why. */
export function SaveLine({ note }: { note: OpenNote }) {
	const state = useSyncExternalStore(note.subscribe, note.state);
	switch (state.at) {
		case 'rest':
			return <p className={styles.line}>On this laptop</p>;
		case 'saving':
			return (
				<p className={styles.line} aria-live="off">
					Saving…
				</p>
			);
		case 'saved':
			return <p className={styles.line}>Saved on this laptop {exact.format(state.when)}</p>;
		case 'failed':
			return (
				<p className={`${styles.line} red`} role="alert">
					Not saved since {clockTime(state.since.toISOString())}
					{state.error.code === 'not_found' ? null : <Button onClick={() => void note.saver.flush()}>Try again</Button>}
				</p>
			);
	}
}

/** When saving fails: what happened, and that the words are still here. */
export function SaveTrouble({ note }: { note: OpenNote }) {
	const state = useSyncExternalStore(note.subscribe, note.state);
	// A note that has left this computer is told of by its page.
	if (state.at !== 'failed' || state.error.code === 'not_found') return null;
	const words = errorWords(state.error.code);
	return (
		<div className={styles.trouble} role="alert">
			<p>
				<span className="strong">{words.title}.</span> What you typed is still on the screen and is saved with the next
				try. Keep this window open. {words.next}
			</p>
		</div>
	);
}
