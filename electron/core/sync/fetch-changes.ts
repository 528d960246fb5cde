import { readMeta, writeMeta } from '../../../db/meta.ts';
import type { Store } from '../../../db/open-store.ts';
import { applyPage, type Page, parsePage } from './pull.ts';
import type { Round } from './sync-round.ts';
import { TransportError } from './transport.ts';

const ROWS_PER_PAGE = 1000;
const remote = { label: 'Received', origin: 'remote' } as const;

/** Pulls from the start. Conflicts are the server's own; one it has lost nobody could decide, and those it has come again. */
export function startOver(store: Store): void {
	writeMeta(store, 'cursor', null);
	store
		.statement(
			'DELETE FROM conflict WHERE id NOT IN (SELECT row_id FROM outbox_op WHERE pending = 1 AND row_id IS NOT NULL)',
		)
		.run();
}

/** Fetches everything that is new, a page at a time. Throws TransportError and leaves what was done done. */
export async function fetchAll(round: Round): Promise<void> {
	for (let restarts = 0; ; ) {
		const cursor = readMeta(round.store, 'cursor');
		const page = await fetchPage(round, cursor).catch(async (error) => {
			// The server went back in time or what we may see has changed: from the start, which is harmless.
			if (!(error instanceof TransportError) || error.code !== 'rebootstrap' || restarts > 1) throw error;
			restarts += 1;
			await round.dispatcher.exclusively(() => {
				startOver(round.store);
				writeMeta(round.store, 'went_back', '1');
			});
			return undefined;
		});
		if (!page) continue;
		// The cursor goes in with the records: a crash in between would lose them or fetch them for ever.
		await round.dispatcher.runUnit(remote, (unit) => {
			applyPage(unit, page);
			writeMeta(round.store, 'cursor', page.end.cursor);
		});
		if (!page.end.more) return;
		if (page.lines.length === 0 && page.end.cursor === cursor)
			throw new TransportError('bad_reply', 'The server repeats itself.');
	}
}

async function fetchPage(round: Round, cursor: string | undefined): Promise<Page> {
	const query = new URLSearchParams({ max: String(ROWS_PER_PAGE), ...(cursor ? { cursor } : {}) });
	const { text } = await round.transport.request(`/v1/sync/pull?${query}`, { signal: round.signal });
	return parsePage(text);
}
