import type { Store } from '../../../../db/open-store.ts';
import type { Typing } from '../../../../db/take-back-text.ts';
import { undoingUpdates } from '../../text-restore.ts';
import type { StoredUpdate } from '../../text-stretches.ts';

/** The updates that take typing back which the server may have already; what was written since stays. */
export function undoingTyping(store: Store, { rowId, field, versions }: Typing): Uint8Array[] {
	const updates = store
		.statement('SELECT id, bytes, hlc, bad FROM text_update WHERE row_id = ? AND field = ? ORDER BY id')
		.all(rowId, field) as StoredUpdate[];
	return undoingUpdates(updates, (update) => versions.has(update.hlc));
}
