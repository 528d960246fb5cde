import { type ReactNode, useEffect } from 'react';
import { DamageBar } from '../features/backups/DamageBar.tsx';
import { keepFocus } from '../lib/keep-focus.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { Toasts } from '../ui/Toasts.tsx';
import styles from './Frame.module.css';
import { KeptWords } from './KeptWords.tsx';
import { Overlays } from './Overlays.tsx';
import { Rail } from './Rail.tsx';
import { useFrameCommands } from './use-frame-commands.ts';

/** What is always there: the rail, the page, short answers, and the overlays opened by key. */
export function Frame({ children }: { children: ReactNode }) {
	useFrameCommands();
	useEffect(keepFocus, []);
	return (
		<div className={styles.frame}>
			<Rail />
			<div className={styles.page}>
				<DamageBar />
				<KeptWords />
				<div className={styles.below}>
					<ErrorBoundary>{children}</ErrorBoundary>
				</div>
				<Toasts />
			</div>
			<Overlays />
		</div>
	);
}
