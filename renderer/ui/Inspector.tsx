import type { ReactNode } from 'react';
import styles from './Inspector.module.css';

interface InspectorProps {
	label: string;
	children?: ReactNode;
	/** Stays at the foot: key hints. */
	foot?: ReactNode;
	/** For panels with fields in them. */
	wide?: boolean;
}

/** The panel at the right that follows the selection. */
export function Inspector({ label, children, foot, wide = false }: InspectorProps) {
	return (
		<aside
			data-wide={wide || undefined}
			className={wide ? `${styles.inspector} ${styles.wide}` : styles.inspector}
			aria-label={label}
		>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.content} tabIndex={0} aria-label={label}>
				{children}
			</section>
			{foot ? <footer className={styles.foot}>{foot}</footer> : null}
		</aside>
	);
}

export function InspectorHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
	return (
		<div className={styles.head}>
			<h2 className={styles.title}>{title}</h2>
			{children ? <p className="muted">{children}</p> : null}
		</div>
	);
}
