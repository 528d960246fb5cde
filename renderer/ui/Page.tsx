import type { ReactNode } from 'react';
import styles from './Page.module.css';

/** A page: header above, content below, and beside it, when given, the inspector. */
export function Page({ header, aside, children }: { header: ReactNode; aside?: ReactNode; children: ReactNode }) {
	return (
		<div className={styles.page}>
			{header}
			<div className={styles.below}>
				<main className={styles.main}>{children}</main>
				{aside}
			</div>
		</div>
	);
}

/** The reading part of a page: padded and scrolling. `wide` fills the window, otherwise lines stay readable. */
export function PageBody({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.body} tabIndex={0} aria-label="Page">
			<div className={wide ? undefined : styles.measure}>{children}</div>
		</section>
	);
}
