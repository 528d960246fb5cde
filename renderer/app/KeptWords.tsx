import { copyText } from '../lib/copy-text.ts';
import { letWordsGo, useKeptWords } from '../lib/kept-words.ts';
import { Button } from '../ui/Button.tsx';
import styles from './KeptWords.module.css';

/** Above every page: words that could not be saved because what they were typed into has gone, until they were copied. */
export function KeptWords() {
	const kept = useKeptWords();
	return kept.map(({ id, what, words, isGone }) => (
		<section key={id} className={styles.kept} data-screen-only aria-label={`Not saved: ${what}`}>
			<p className={styles.why} role="alert">
				<span className="strong">Not saved: {what}.</span>{' '}
				{isGone
					? 'It has left this computer while you typed. What was saved before went to the office.'
					: 'It could not be written down here.'}{' '}
				These are your words; copy them to where they belong.
			</p>
			<textarea className={styles.words} readOnly rows={2} value={words} aria-label={`Your words in ${what}`} />
			<div className={styles.actions}>
				<Button look="primary" onClick={() => void copyText(words, 'Copied as text')}>
					Copy as text
				</Button>
				<Button onClick={() => letWordsGo(id)}>Let them go</Button>
			</div>
		</section>
	));
}
