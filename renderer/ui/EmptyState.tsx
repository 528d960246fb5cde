import type { ReactNode } from 'react';
import styles from './States.module.css';

/** An empty list: what belongs here, and one way to put it there. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
	return (
		<div className={styles.state}>
			<p className={styles.title}>{title}</p>
			{children ? <p className="muted">{children}</p> : null}
			{action ? <div className={styles.actions}>{action}</div> : null}
		</div>
	);
}
