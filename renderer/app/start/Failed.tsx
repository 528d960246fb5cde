import type { StartState } from '../../../shared/contract/bridge.ts';
import type { ErrorCode } from '../../../shared/contract/errors.ts';
import { WayBack } from '../../features/backups/WayBack.tsx';
import { errorWords } from '../../lib/error-words.ts';
import { CopyDetails } from '../../ui/ErrorState.tsx';
import styles from './StartScreen.module.css';

const NO_BACKUP =
	'There is no backup of it yet. Leave the file where it is and ask your administrator for help. What the server has acknowledged is safe on the server.';

/** The store could not be opened: what happened, what is safe, what to do next. */
export function Failed({ state }: { state: Extract<StartState, { state: 'failed' }> }) {
	const words = errorWords(state.code);
	const isLost = state.code === 'store_damaged' && !state.canRestore;
	return (
		<div className={styles.card} role="alert">
			<h1 className={styles.title}>{words.title}</h1>
			<dl className={styles.facts}>
				<dt>What is safe</dt>
				<dd>{words.safe}</dd>
				<dt>What to do</dt>
				<dd>{isLost ? NO_BACKUP : words.next}</dd>
				<dt>Workbook</dt>
				<dd className={styles.path}>{state.path}</dd>
			</dl>
			{state.canRestore ? <WayBack /> : null}
			<CopyDetails
				error={{ code: state.code as ErrorCode, message: `The store at ${state.path} could not be opened` }}
			/>
		</div>
	);
}
