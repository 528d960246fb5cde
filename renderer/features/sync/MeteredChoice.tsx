import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { call } from '../../lib/core.ts';
import { report } from '../../lib/report.ts';
import { Choices } from '../../ui/Choices.tsx';

const options = [
	{ value: 'auto', word: 'Like the system' },
	{ value: 'yes', word: 'Yes' },
	{ value: 'no', word: 'No' },
] as const;

/** Does sending cost money on this link? Then only what is urgent goes by itself. */
export function MeteredChoice({ status, label = 'Metered link' }: { status: SyncStatus; label?: string }) {
	return (
		<Choices
			label={label}
			options={options}
			value={status.meteredChoice}
			onChange={async (choice) => report(await call('sync.metered', { choice }))}
		/>
	);
}

/** What the choice means now. */
export function meteredWords(status: SyncStatus): string {
	if (status.metered) return 'Only urgent changes are sent by themselves; “Send all” still sends everything.';
	return status.meteredChoice === 'auto' ? 'No metered link is reported: everything is sent.' : 'Everything is sent.';
}
