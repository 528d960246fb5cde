import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { count } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { countToDecide } from '../../lib/sync-words.ts';

export type SyncPart = 'decide' | 'unsent' | 'receipts' | 'files';

export const placeOfPart: Record<SyncPart, string> = {
	decide: places.sync,
	unsent: places.unsent,
	receipts: places.receipts,
	files: places.filesWaiting,
};

/** The parts of the sync page, each with how much waits in it. */
export function syncTabs(status: SyncStatus | undefined) {
	const decide = status ? countToDecide(status) : 0;
	const files = status ? status.files.up + status.files.down : 0;
	return [
		{
			value: 'decide',
			word: 'To decide',
			tail: decide > 0 ? <span className="amber strong">{count(decide)}</span> : null,
		},
		{ value: 'unsent', word: 'Unsent changes', tail: <UnsentBadge status={status} /> },
		{ value: 'receipts', word: 'Receipts', tail: null },
		{ value: 'files', word: 'Files waiting', tail: files > 0 ? count(files) : null },
	] as const;
}

function UnsentBadge({ status }: { status: SyncStatus | undefined }) {
	if (!status) return null;
	return (
		<>
			{status.unsent > 0 ? count(status.unsent) : null}
			{status.refused > 0 ? <span className="red strong"> {count(status.refused)} refused</span> : null}
		</>
	);
}
