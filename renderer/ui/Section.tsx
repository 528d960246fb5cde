import type { ReactNode } from 'react';
import styles from './Section.module.css';

interface SectionProps {
	title: ReactNode;
	/** Beside the title, muted: a count, an "as of". */
	note?: ReactNode;
	/** At the right end of the title line. */
	action?: ReactNode;
	children: ReactNode;
}

/** A titled part of a page or an inspector. */
export function Section({ title, note, action, children }: SectionProps) {
	return (
		<section className={styles.section}>
			<div className={styles.line}>
				<h2 className={styles.title}>{title}</h2>
				{note ? <span className={styles.note}>{note}</span> : null}
				{action ? <span className={styles.action}>{action}</span> : null}
			</div>
			{children}
		</section>
	);
}

/** A bordered surface that holds a list or a form. `flush` leaves the padding to the content. */
export function Panel({ flush = false, children }: { flush?: boolean; children: ReactNode }) {
	return <div className={flush ? styles.panel : `${styles.panel} ${styles.padded}`}>{children}</div>;
}
