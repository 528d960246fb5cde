import { diffWords } from '../../shared/domain/text-diff.ts';
import styles from './WordDiff.module.css';

/** A text with what went and what came marked, against the text before it. */
export function WordDiff({ before, after }: { before: string; after: string }) {
	return (
		<span className={styles.text}>
			{diffWords(before, after).map((part, index) => {
				const key = `${index}${part.kind}`;
				if (part.kind === 'added') return <ins key={key}>{part.text}</ins>;
				if (part.kind === 'removed') return <del key={key}>{part.text}</del>;
				return <span key={key}>{part.text}</span>;
			})}
		</span>
	);
}
