import { useSyncExternalStore } from 'react';
import { call } from '../../lib/core.ts';
import { report } from '../../lib/report.ts';

/** Fetches started from this window, by attachment: the name under which each can be cancelled. */
const running = new Map<string, string>();
const listeners = new Set<() => void>();

function tell(): void {
	for (const listener of listeners) listener();
}

/** Fetches a file; what went wrong is said. Goes on when the page is left. */
export async function fetchFile(id: string): Promise<void> {
	if (running.has(id)) return;
	const progressId = crypto.randomUUID();
	running.set(id, progressId);
	tell();
	const result = await call('attachments.fetch', { id, progressId });
	running.delete(id);
	tell();
	if (!result.ok && result.error.code !== 'cancelled') report(result);
}

export function cancelFetch(id: string): void {
	const progressId = running.get(id);
	if (progressId) void call('calls.cancel', { progressId });
}

/** The name of the fetch under way for a file; null when none was started here. */
export function useFetch(id: string): string | null {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => running.get(id) ?? null,
	);
}
