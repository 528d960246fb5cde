import type { WaitingFile } from '../../../shared/contract/file-models.ts';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { call, useAnswer } from '../../lib/core.ts';
import { counted, fileSize } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import styles from './Files.module.css';
import { WaitingFileLine } from './WaitingFileLine.tsx';

function whyNot(status: SyncStatus): string | null {
	if (status.paused) return 'You work offline. Go back online first.';
	return status.problem === 'signed_out' ? 'Sign in first; everything is saved here.' : null;
}

async function tryNow(): Promise<void> {
	report(await call('files.now', {}));
}

/** Files on their way, each by name. The notes they belong to have never waited for them. */
export function FilesWaiting({ status }: { status: SyncStatus }) {
	const answer = useAnswer('files.waiting', {});
	return (
		<Answer of={answer} lines={3}>
			{(files) => (files.length === 0 ? <NoneWaiting /> : <Waiting files={files} status={status} />)}
		</Answer>
	);
}

function NoneWaiting() {
	return (
		<EmptyState title="No file waits">
			Files added here go to the office by themselves, after the words they belong to.
		</EmptyState>
	);
}

function Waiting({ files, status }: { files: readonly WaitingFile[]; status: SyncStatus }) {
	const why = whyNot(status);
	const ways = [
		{ title: 'To be sent', files: files.filter(({ direction }) => direction === 'up') },
		{ title: 'To be fetched', files: files.filter(({ direction }) => direction === 'down') },
	];
	return (
		<Stack>
			<Panel>
				<p>
					{counted(files.length, 'file')} on the way, {fileSize(status.files.bytesLeft)} left.{' '}
					{why ?? (status.metered ? 'They wait for a link that is not metered, or for your word.' : null)}
				</p>
				<p className="muted">
					The words they belong to go first and never wait for them. A file cut off on the way goes on where it stopped.
				</p>
				<p className={styles.tryAll}>
					<Button why={why} onClick={() => void tryNow()}>
						Try all now
					</Button>
				</p>
			</Panel>
			{ways.map((way) =>
				way.files.length > 0 ? (
					<Section
						key={way.title}
						title={way.title}
						note={fileSize(way.files.reduce((sum, { size }) => sum + size, 0))}
					>
						<Panel flush>
							<ul>
								{way.files.map((file) => (
									<WaitingFileLine key={file.id} file={file} why={why} onTry={() => void tryNow()} />
								))}
							</ul>
						</Panel>
					</Section>
				) : null,
			)}
		</Stack>
	);
}
