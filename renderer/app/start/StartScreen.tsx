import { lazy, Suspense } from 'react';
import type { StartState } from '../../../shared/contract/bridge.ts';
import { Mark } from '../Mark.tsx';
import styles from './StartScreen.module.css';

const Unlock = lazy(async () => ({ default: (await import('./Unlock.tsx')).Unlock }));
const Failed = lazy(async () => ({ default: (await import('./Failed.tsx')).Failed }));

/** Before the store is open: nothing for the moment it takes, the passphrase, or why it cannot be opened. */
export function StartScreen({ state }: { state: Exclude<StartState, { state: 'ready' }> }) {
	if (state.state === 'opening')
		return <div className={styles.opening} role="status" aria-label="Opening the workbook" />;
	return (
		<main className={styles.screen}>
			<div className={styles.brand}>
				<Mark size={20} /> Fieldbook
			</div>
			<Suspense>{state.state === 'passphrase' ? <Unlock state={state} /> : <Failed state={state} />}</Suspense>
		</main>
	);
}
