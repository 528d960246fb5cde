import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { syncFolder } from './durable-file.ts';
import { writeSlots } from './slot-copies.ts';
import type { SlotFile } from './slots.ts';

export interface RotationPaths {
	store: string;
	slots: string;
	nextStore: string;
}

const HEAD = 4096;

/** Called between any two steps; a test may end the process there. */
export type RotationPoint = (step: 'copied' | 'announced' | 'renamed' | 'settled') => void;

/**
 * Puts the store's copy under another key in the store's place. Two files must change together, the store and its slots,
 * and a crash may come between any two steps, so the slots name both keys while the store is being replaced: which of
 * the two holds is told by the head of the store that is in place (`settleRotation`), and it is always exactly one.
 *
 * `head`: the SHA-256 of the copy's first 4096 bytes. `next`: the whole slot file of the other key.
 */
export function finishRotation(
	paths: RotationPaths,
	change: { file: SlotFile; next: SlotFile; head: string },
	at: RotationPoint = () => {},
): SlotFile {
	const { file, next, head } = change;
	at('copied');
	const both: SlotFile = { ...file, next: { head, file: next } };
	writeSlots(paths.slots, both);
	at('announced');
	renameSync(paths.nextStore, paths.store);
	syncFolder(path.dirname(paths.store));
	at('renamed');
	const settled = settleRotation(paths, both);
	at('settled');
	return settled;
}

/** Brings a change of key that was cut off to its end: forwards when the new store is in place, otherwise back. */
export function settleRotation(paths: RotationPaths, file: SlotFile): SlotFile {
	if (!file.next) return file;
	const { next, ...now } = file;
	const settled = existsSync(paths.store) && headOfFile(paths.store) === next.head ? next.file : now;
	try {
		writeSlots(paths.slots, settled);
	} catch {
		// Both keys stay named: which of them holds is told anew by the store's head, until it can be written.
	}
	for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(`${paths.nextStore}${rest}`, { force: true });
	return settled;
}

/** The SHA-256 of the first 4096 bytes. Only while nobody has the store open: closing it here would drop its locks. */
export function headOfFile(store: string): string {
	const head = Buffer.alloc(HEAD);
	const handle = openSync(store, 'r');
	try {
		const read = readSync(handle, head, 0, HEAD, 0);
		return createHash('sha256').update(head.subarray(0, read)).digest('hex');
	} finally {
		closeSync(handle);
	}
}
