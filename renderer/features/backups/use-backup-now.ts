import { useSyncExternalStore } from 'react';
import { call } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { showToast } from '../../lib/toasts.ts';

/** The backup that was asked for and is on its way: leaving the page does not end it. */
let running: string | null = null;
const listeners = new Set<() => void>();

function set(next: string | null): void {
	running = next;
	for (const listener of listeners) listener();
}

/** Makes a backup and says how it went. */
export async function backUpNow(): Promise<void> {
	if (running) return;
	const progressId = crypto.randomUUID();
	set(progressId);
	const result = await call('backups.make', { progressId });
	set(null);
	if (result.ok) showToast('Backed up. The copy was read whole and is right.');
	else showToast(errorLine(result.error), { tone: 'red' });
}

/** The `progressId` of the backup under way that was asked for here; null when there is none. */
export function useBackupNow(): string | null {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => running,
	);
}
