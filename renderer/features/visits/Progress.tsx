import styles from './Visit.module.css';

/** How much of a checklist is done, in words with a bar. */
export function Progress({ done, total }: { done: number; total: number }) {
	if (total === 0) return <span className="muted">no checklist</span>;
	return (
		<span className={styles.progress}>
			<span className={styles.bar} aria-hidden>
				<span className={done === total ? styles.full : undefined} style={{ width: `${(done / total) * 100}%` }} />
			</span>
			<span className="figures">
				{done} of {total}
			</span>
		</span>
	);
}
