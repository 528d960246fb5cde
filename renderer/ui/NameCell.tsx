import type { ReactNode } from 'react';
import styles from './NameCell.module.css';

/** A name in weight and something quiet beside it, which gives way whole when there is no room for both. */
export function NameCell({ name, beside }: { name: ReactNode; beside?: ReactNode }) {
	return (
		<span className={styles.cell}>
			<span className={styles.name} title={typeof name === 'string' ? name : undefined}>
				{name}
			</span>
			{beside ? <span className={styles.beside}>{beside}</span> : null}
		</span>
	);
}
