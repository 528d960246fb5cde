import { readMeta, writeMeta } from '../../db/meta.ts';
import type { Store } from '../../db/open-store.ts';

/** Longer than any backup is kept by its age. */
const DAYS = 40;
const DAY_MS = 86_400_000;
const ALL = '*';

/** Until when (UTC) the bytes of a file stay although no record speaks of it; by SHA-256, or `*` for all of them. */
type Kept = Record<string, string>;

function readKept(store: Store): Kept {
	const now = new Date().toISOString();
	const all = JSON.parse(readMeta(store, 'kept_files') ?? '{}') as Kept;
	return Object.fromEntries(Object.entries(all).filter(([, until]) => until > now));
}

/**
 * Keeps the bytes of files which the office does not have, for as long as a backup may bring their records back.
 * `all`: nobody knows any more which those are.
 */
export function keepFiles(store: Store, files: readonly string[] | 'all'): void {
	const until = new Date(Date.now() + DAYS * DAY_MS).toISOString();
	const kept = readKept(store);
	for (const sha256 of files === 'all' ? [ALL] : files) kept[sha256] = until;
	writeMeta(store, 'kept_files', Object.keys(kept).length > 0 ? JSON.stringify(kept) : null);
}

/** Whether the bytes of a file must stay although no record speaks of it. */
export function keptFiles(store: Store): { all: boolean; names: string[]; has(sha256: string): boolean } {
	const kept = readKept(store);
	const all = ALL in kept;
	return { all, names: Object.keys(kept), has: (sha256) => all || sha256 in kept };
}
