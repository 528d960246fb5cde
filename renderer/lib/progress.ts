import { useSyncExternalStore } from 'react';
import type { ImportProgress } from '../../shared/contract/models.ts';

const latest = new Map<string, ImportProgress>();
const listeners = new Set<() => void>();

export function tellProgress(progressId: string, progress: ImportProgress): void {
	latest.set(progressId, progress);
	for (const listener of listeners) listener();
}

/** How far the action started with this `progressId` has come; null before its first report. */
export function useProgress(progressId: string | null): ImportProgress | null {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => (progressId ? (latest.get(progressId) ?? null) : null),
	);
}
