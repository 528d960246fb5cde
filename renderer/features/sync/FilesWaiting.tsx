import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { call } from '../../lib/core.ts';
import { counted, fileSize } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './Sync.module.css';

function whyNot(status: SyncStatus): string | null {
	if (status.paused) return 'You work offline. Go back online first.';
	return status.problem === 'signed_out' ? 'Sign in first; everything is saved here.' : null;
}

async function send(): Promise<void> {
	report(await call('files.now', {}));
}

/** Files on their way. The notes they belong to have never waited for them. */
export function FilesWaiting({ status }: { status: SyncStatus }) {
	const { up, down, bytesLeft } = status.files;
	if (up + down === 0)
		return (
			<EmptyState title="No file waits">
				Files added here go to the office by themselves, after the words they belong to.
			</EmptyState>
		);
	return (
		<Section title="Files waiting" note={`${fileSize(bytesLeft)} left`}>
			<Panel>
				<p>{counted(up, 'file')} to send</p>
				<p>{counted(down, 'file')} to fetch</p>
				{status.metered ? <p>They wait for a link that is not metered, or for your word.</p> : null}
				<p className="muted">
					A file cut off on the way goes on where it stopped. The records are sent before any file.
				</p>
				<p className={styles.send}>
					<Button why={whyNot(status)} onClick={() => void send()}>
						Send and fetch files now
					</Button>
				</p>
			</Panel>
		</Section>
	);
}
