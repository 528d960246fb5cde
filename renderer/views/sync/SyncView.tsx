import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { Conflicts } from '../../features/conflicts/Conflicts.tsx';
import { FilesWaiting } from '../../features/files/FilesWaiting.tsx';
import { Handovers } from '../../features/handovers/Handovers.tsx';
import { Homeless } from '../../features/homeless/Homeless.tsx';
import { ReceiptList } from '../../features/receipts/ReceiptList.tsx';
import { SyncSummary } from '../../features/sync/SyncSummary.tsx';
import { useAnswer } from '../../lib/core.ts';
import { usePainted } from '../../lib/painted.ts';
import { countToDecide } from '../../lib/sync-words.ts';
import { Answer } from '../../ui/Answer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageBody } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { SyncFrame } from './SyncFrame.tsx';
import type { SyncPart } from './sync-parts.tsx';

/** Where this computer and the office stand, and everything that still needs one of them, or a person. */
export function SyncView({ part }: { part: Exclude<SyncPart, 'unsent'> }) {
	const status = useAnswer('sync.status', {});
	usePainted(status.data !== undefined);
	return (
		<SyncFrame part={part} status={status.data}>
			{part === 'receipts' ? (
				<ReceiptList />
			) : (
				<PageBody wide>
					<Answer of={status} lines={3}>
						{(value) => (part === 'files' ? <FilesWaiting status={value} /> : <ToDecide status={value} />)}
					</Answer>
				</PageBody>
			)}
		</SyncFrame>
	);
}

/** Everything that waits for a person's word; the keys 1, 2 and 3 belong to the first of it. */
function ToDecide({ status }: { status: SyncStatus }) {
	const hasConflicts = status.conflicts > 0;
	return (
		<Stack>
			<SyncSummary status={status} />
			{hasConflicts ? <Conflicts /> : null}
			<Homeless keys={!hasConflicts} />
			<Handovers />
			{countToDecide(status) === 0 ? (
				<Panel flush>
					<EmptyState title="Nothing waits for your decision">
						When two people change the same field, or something you work on is taken away, it is put before you here.
					</EmptyState>
				</Panel>
			) : null}
		</Stack>
	);
}
