import { copyFileSync } from 'node:fs';
import type SqliteDatabase from 'better-sqlite3';
import { openStore, type Store } from '../../../db/open-store.ts';
import { storeError } from '../../../db/store-error.ts';
import { inheritFileKeys } from '../inherit-file-keys.ts';
import { keepFiles } from '../kept-files.ts';
import { rekeyStore } from '../rekey.ts';
import { writeError } from '../write-error.ts';
import { removeStoreFiles } from './backup-folder.ts';
import { becomeAnother, type Carried, carryOver } from './carry-over.ts';
import { openByOneOf } from './check-copy.ts';
import { comingFile } from './settle-restore.ts';
import { isUnreadable } from './unreadable.ts';

export interface Restoring {
	/** The store that is to be replaced. */
	file: string;
	backup: string;
	/** The store's key first. */
	keys: readonly Uint8Array[];
	nativeBinding: string | undefined;
	keepUnsent: boolean;
	/** The present store, open; undefined when it cannot be opened. */
	present: SqliteDatabase.Database | undefined;
}

/**
 * Makes of a backup the store that is to come, beside the present one, which is only read: under today's key, of today's
 * version, with the laptop's unsent work. It is closed when this returns;
 * `null` when the present store could not be read.
 */
export function prepareRestore(restoring: Restoring): Carried | null {
	const { file, keys, nativeBinding } = restoring;
	const coming = comingFile(file);
	removeStoreFiles(coming);
	try {
		copyUnderKey(restoring, coming);
		const store = openStore({ file: coming, key: keys[0], nativeBinding });
		try {
			const carried = takeOver(store, restoring);
			store.raw.pragma('wal_checkpoint(TRUNCATE)');
			return carried;
		} finally {
			store.close();
		}
	} catch (error) {
		removeStoreFiles(coming);
		throw storeError(writeError(error));
	}
}

/** A backup from before a change of key is written anew under today's. */
function copyUnderKey({ backup, keys, nativeBinding }: Restoring, coming: string): void {
	const { raw, key: index } = openByOneOf({ file: backup, keys: [...keys], nativeBinding });
	raw.close();
	const key = keys[index];
	if (index === 0 || !key) {
		copyFileSync(backup, coming);
		return;
	}
	const old = `${coming}-old`;
	try {
		copyFileSync(backup, old);
		rekeyStore({ file: old, copy: coming, key, nextKey: keys[0] as Uint8Array, nativeBinding });
	} finally {
		removeStoreFiles(old);
	}
}

function takeOver(store: Store, restoring: Restoring): Carried | null {
	const { present } = restoring;
	try {
		if (present) return carryOver({ from: present, to: store, keepUnsent: restoring.keepUnsent });
	} catch (error) {
		if (!isUnreadable(error)) throw error;
	}
	store.raw.transaction(() => becomeCopy(store, restoring))();
	return null;
}

/** The laptop as it was then. */
function becomeCopy(store: Store, { keys: [own, ...previous] }: Restoring): void {
	becomeAnother(store);
	// Some of them may be nowhere else, and which cannot be read any more.
	keepFiles(store, 'all');
	// Files may have been sealed after the backup, under keys it does not know.
	if (own) inheritFileKeys(store, own, previous);
}
