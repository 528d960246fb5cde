import styles from './Marks.module.css';

export type Tone = 'red' | 'amber' | 'green' | 'accent' | 'muted';

/** A dot never stands alone: the word says what the colour means. */
export function StatusDot({ tone, word }: { tone: Tone; word: string }) {
	return (
		<span className={styles.status}>
			<span className={`${styles.dot} ${styles[tone]}`} aria-hidden />
			{word}
		</span>
	);
}
