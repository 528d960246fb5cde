import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

interface TabsProps<V extends string> {
	label: string;
	tabs: readonly { value: V; word: string; tail?: ReactNode }[];
	value: V;
	onChange(value: V): void;
}

/** The parts of one page. */
export function Tabs<V extends string>({ label, tabs, value, onChange }: TabsProps<V>) {
	return (
		<nav className={styles.tabs} aria-label={label}>
			{tabs.map((tab) => (
				<button
					key={tab.value}
					type="button"
					aria-current={tab.value === value ? 'page' : undefined}
					className={tab.value === value ? `${styles.tab} ${styles.on}` : styles.tab}
					onClick={() => onChange(tab.value)}
				>
					{tab.word}
					{tab.tail ? <span className={styles.tail}>{tab.tail}</span> : null}
				</button>
			))}
		</nav>
	);
}
