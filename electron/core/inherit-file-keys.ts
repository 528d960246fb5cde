import { readMeta, writeMeta } from '../../db/meta.ts';
import type { Store } from '../../db/open-store.ts';
import { blobKeys, wipeBlobKeys } from './files/blob-format.ts';
import { fileKeys, keptFileKeys } from './files/file-keys.ts';

/**
 * Writes into a store from before one or more changes of key what opens the files that were sealed since. `own` is the
 * store's key, `previous` those before it, newest first; nothing is done when there were none.
 */
export function inheritFileKeys(store: Store, own: Uint8Array, previous: readonly Uint8Array[]): void {
	const oldest = previous.at(-1);
	if (!oldest) return;
	const known = fileKeys(store, { key: own });
	const before = previous.map(blobKeys);
	const names = readMeta(store, 'file_keys') === undefined ? blobKeys(oldest).names : known.names;
	const contents = [...before.map((one) => one.contents[0]), ...known.contents.slice(1)];
	const unique = [...new Map(contents.map((key) => [key.toString('hex'), key])).values()];
	writeMeta(store, 'file_keys', keptFileKeys({ names, contents: unique as [Buffer, ...Buffer[]] }));
	for (const one of [known, ...before]) wipeBlobKeys(one);
}
