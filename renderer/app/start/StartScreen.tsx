import { lazy, Suspense } from 'react';
import type { StartState } from '../../../shared/contract/bridge.ts';
import { Mark } from '../Mark.tsx';
import styles from './StartScreen.module.css';

const Unlock = lazy(async () => ({ default: (await import('./Unlock.tsx')).Unlock }));
const ChoosePassphrase = lazy(async () => ({
	default: (await import('./ChoosePassphrase.tsx')).ChoosePassphrase,
}));
const KeepCode = lazy(async () => ({ default: (await import('../../features/security/KeepCode.tsx')).KeepCode }));
const Failed = lazy(async () => ({ default: (await import('./Failed.tsx')).Failed }));

type NotReady = Exclude<StartState, { state: 'ready' | 'opening' }>;

function Asked({ state }: { state: NotReady }) {
	switch (state.state) {
		case 'new':
			return <ChoosePassphrase key={state.why} state={state} />;
		case 'code':
			return (
				<div className={styles.card}>
					<KeepCode code={state.code} finish="Open the workbook" onDone={() => undefined} />
				</div>
			);
		case 'locked':
			return <Unlock key={state.way} state={state} />;
		case 'changing-key':
			return <ChangingKey />;
		case 'left':
			return <Left />;
		case 'failed':
			return <Failed state={state} />;
	}
}

function ChangingKey() {
	return (
		<div className={styles.card} role="status">
			<h1 className={styles.title}>Changing the key</h1>
			<p className={styles.reason}>
				The workbook is being written anew under another key. Leave the computer on. If it stops all the same, nothing
				is lost: the workbook opens under the one key or the other.
			</p>
		</div>
	);
}

function Left() {
	return (
		<div className={styles.card} role="status">
			<h1 className={styles.title}>This computer has left Fieldbook</h1>
			<p className={styles.reason}>
				Your office has ended its access. What you had not sent yet was handed in first; then everything Fieldbook kept
				on this computer was destroyed. If this surprises you, call your administrator. To begin anew, start Fieldbook
				again and sign in.
			</p>
		</div>
	);
}

/** Before the store is open: nothing for the moment it takes, what opens it, or why it cannot be opened. */
export function StartScreen({ state }: { state: Exclude<StartState, { state: 'ready' }> }) {
	if (state.state === 'opening')
		return <div className={styles.opening} role="status" aria-label="Opening the workbook" />;
	return (
		<main className={styles.screen}>
			<div className={styles.brand}>
				<Mark size={20} /> Fieldbook
			</div>
			<Suspense>
				<Asked state={state} />
			</Suspense>
		</main>
	);
}
