import type { ReactNode } from 'react';
import styles from './Stack.module.css';

/** Parts of a page under one another. */
export function Stack({ children }: { children: ReactNode }) {
	return <div className={styles.stack}>{children}</div>;
}

/** Parts side by side, under one another when there is no room. */
export function Columns({ children }: { children: ReactNode }) {
	return <div className={styles.columns}>{children}</div>;
}
