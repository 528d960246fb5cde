import { readMeta } from '../../../db/meta.ts';
import type { Store, StoreOptions } from '../../../db/open-store.ts';
import { type BlobKeys, blobKeys } from './blob-format.ts';

/** What is kept in the store for files sealed under the keys it had before. All base64. */
interface Kept {
	/** The key of the names on disk: the first one, for good, so that a file is found whatever the key is now. */
	names: string;
	/** Newest first. */
	contents: string[];
}

type KeyOptions = Pick<StoreOptions, 'key' | 'keyHex'>;

/** The keys of the store's files: derived from its key, and those that were before. */
export function fileKeys(store: Store, { key, keyHex = '' }: KeyOptions): BlobKeys {
	const own = blobKeys(key ?? Buffer.from(keyHex, 'hex'));
	const text = readMeta(store, 'file_keys');
	if (text === undefined) return own;
	const { names, contents } = JSON.parse(text) as Kept;
	return { names: Buffer.from(names, 'base64'), contents: [own.contents[0], ...contents.map(fromBase64)] };
}

/** What is to be written as `file_keys` before the store gets another key, so that its files stay readable as they lie. */
export function keptFileKeys({ names, contents }: BlobKeys): string {
	const kept: Kept = { names: names.toString('base64'), contents: contents.map((key) => key.toString('base64')) };
	return JSON.stringify(kept);
}

function fromBase64(text: string): Buffer {
	return Buffer.from(text, 'base64');
}
