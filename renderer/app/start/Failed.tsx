import type { StartState } from '../../../shared/contract/bridge.ts';
import type { ErrorCode } from '../../../shared/contract/errors.ts';
import { WayBack } from '../../features/backups/WayBack.tsx';
import { errorWords } from '../../lib/error-words.ts';
import { CopyDetails } from '../../ui/ErrorState.tsx';
import styles from './StartScreen.module.css';

/** The store could not be opened: what happened, what is safe, what to do next. */
export function Failed({ state }: { state: Extract<StartState, { state: 'failed' }> }) {
	const words = errorWords(state.code);
	return (
		<div className={styles.card} role="alert">
			<h1 className={styles.title}>{words.title}</h1>
			<dl className={styles.facts}>
				<dt>What is safe</dt>
				<dd>{words.safe}</dd>
				<dt>What to do</dt>
				<dd>{words.next}</dd>
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
