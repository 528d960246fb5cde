import type { QueryClient } from '@tanstack/react-query';
import { invalidateTables } from '../lib/core.ts';
import { tellProgress } from '../lib/progress.ts';

/** What core tells every window: stale tables, the sync state, how far long work has come. */
export function followCore(client: QueryClient): () => void {
	const stale = new Set<string>();
	let waiting = false;
	const flush = () => {
		waiting = false;
		invalidateTables(client, [...stale]);
		stale.clear();
	};
	return window.fieldbook.onEvent((event) => {
		if (event.type === 'sync-status') client.setQueryData(['sync.status', {}], event.status);
		else if (event.type === 'progress') tellProgress(event.callId, event.progress);
		else {
			for (const table of event.tables) stale.add(table);
			// A burst of commits (a sync page, an import) draws once.
			if (!waiting) queueMicrotask(flush);
			waiting = true;
		}
	});
}
