import type { Store } from '../../../db/open-store.ts';
import { chosen } from './file-queue.ts';
import type { FileTransport } from './file-transport.ts';

/** Bytes of files kept on the laptop that nobody chose for offline use. */
export const BUDGET_BYTES = 2 * 1024 ** 3;

export interface Droppable {
	sha256: string;
	/** Bytes. */
	size: number;
	account_id: string;
}

/** What is here beyond the budget, longest unused first: never what was chosen, never what the office has yet to get. */
export function overBudget(store: Store, budget: number): Droppable[] {
	const { used } = store.statement("SELECT coalesce(sum(size), 0) AS used FROM blob WHERE state = 'here'").get() as {
		used: number;
	};
	if (used <= budget) return [];
	let left = used - budget;
	return droppable(store).filter(({ size }) => {
		if (left <= 0) return false;
		left -= size;
		return true;
	});
}

function droppable(store: Store): Droppable[] {
	return store
		.statement(
			`SELECT b.sha256, b.size, min(a.account_id) AS account_id FROM blob b JOIN attachment a ON a.sha256 = b.sha256
			WHERE b.state = 'here' AND a.deleted_at IS NULL
				AND NOT EXISTS (SELECT 1 FROM blob_queue q WHERE q.sha256 = b.sha256)
				AND NOT EXISTS (SELECT 1 FROM attachment k WHERE k.sha256 = b.sha256 AND k.deleted_at IS NULL AND ${chosen('k')})
			GROUP BY b.sha256 ORDER BY b.used_at`,
		)
		.all() as Droppable[];
}

/** True while the file may go: it is still here, not chosen meanwhile, not added again meanwhile. */
export function isDroppable(store: Store, sha256: string): boolean {
	return droppable(store).some((file) => file.sha256 === sha256);
}

/** Whether the server says, now, that it holds the whole file. Nothing is dropped here on older word. */
export async function isAtOffice(transport: FileTransport, file: Droppable, signal: AbortSignal): Promise<boolean> {
	const path = `/v1/blobs/${file.sha256}?${new URLSearchParams({ account: file.account_id })}`;
	const { status, headers } = await transport.send({ method: 'HEAD', path, signal });
	return status === 200 && Number(headers.get('content-length')) === file.size;
}
