import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { exactInstant, relativeInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';
import { problemWords, syncWords } from '../../lib/sync-words.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Panel } from '../../ui/Section.tsx';
import styles from './Sync.module.css';

function When({ at, none }: { at: string | null; none: string }) {
	const now = useNow();
	if (!at) return <span className="muted">{none}</span>;
	return (
		<>
			{exactInstant(at)} <span className="muted">{relativeInstant(at, now)}</span>
		</>
	);
}

/** The state in full: what the server acknowledged and when, what waits here, and what is tried next. */
export function SyncSummary({ status }: { status: SyncStatus }) {
	const now = useNow();
	const words = syncWords(status, now);
	const problem = status.paused ? null : problemWords(status.problem);
	return (
		<Panel>
			<div className={styles.summary}>
				<div className={styles.state}>
					<p className={`${styles.title} ${words.tone === 'green' ? 'green' : ''}`}>{words.title}</p>
					{problem ? <p>{problem}</p> : null}
					<p className="muted">{safeWords(status)}</p>
				</div>
				<label className={styles.switch}>
					<input type="checkbox" checked={status.paused} onChange={() => runCommand('sync.pause')} />
					Work offline
				</label>
			</div>
			<dl className={styles.facts}>
				<dt>On this computer</dt>
				<dd>{status.unsent > 0 ? `${counted(status.unsent, 'change')} to send` : 'Nothing to send'}</dd>
				<dt>Last acknowledged</dt>
				<dd>
					<When at={status.acknowledgedAt} none="not yet" />
				</dd>
				<dt>Office data as of</dt>
				<dd>
					<When at={status.pulledAt} none="never received" />
				</dd>
				<dt>Next try</dt>
				<dd>
					<When at={status.nextAttemptAt} none={status.paused ? 'when you go back online' : 'none planned'} />
				</dd>
			</dl>
		</Panel>
	);
}

function safeWords(status: SyncStatus): string {
	if (status.state === 'acknowledged') return 'The server has answered for every change made here.';
	return 'Everything is saved and encrypted on this computer. You can go on working.';
}
