import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { counted, fileSize } from '../../lib/numbers.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel, Section } from '../../ui/Section.tsx';

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
				<p className="muted">
					A file cut off on the way goes on where it stopped. The records are sent before any file.
				</p>
			</Panel>
		</Section>
	);
}
