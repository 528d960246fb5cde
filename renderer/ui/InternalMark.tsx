import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './Marks.module.css';

/** The closed eye: never shown to a client. */
export function InternalMark({ word = false }: { word?: boolean }) {
	return (
		<span className={styles.internal} title="Internal only: never shown to a client">
			<IconEyeOff size={14} stroke={1.6} aria-hidden />
			{word ? 'Internal' : <span className="hidden-text">Internal</span>}
		</span>
	);
}

/** Internal content on its tint, with the mark. */
export function InternalBox({ children }: { children: ReactNode }) {
	return (
		<div className={styles.box}>
			<InternalMark word />
			{children}
		</div>
	);
}
