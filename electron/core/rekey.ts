import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { writeMeta } from '../../db/meta.ts';
import { openStore, type Store } from '../../db/open-store.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { wipeBlobKeys } from './files/blob-format.ts';
import { fileKeys, keptFileKeys } from './files/file-keys.ts';

export interface RekeyJob {
	/** The store; nobody has it open. */
	file: string;
	/** Where its copy under the other key goes. */
	copy: string;
	key: Uint8Array;
	nextKey: Uint8Array;
	nativeBinding?: string | undefined;
}

const HEAD = 4096;

/**
 * Writes the store anew under another key, beside the old one, which stays as it is. The copy has been opened by its key,
 * read whole and compared before this returns. Answers the copy's head: the SHA-256 of its first 4096 bytes, in hex.
 * Throws CoreError.
 */
export function rekeyStore({ file, copy, key, nextKey, nativeBinding }: RekeyJob): string {
	removeStore(copy);
	try {
		const before = copyStore({ file, copy, key, nativeBinding });
		changeKey(copy, { key, nextKey, nativeBinding });
		const after = openStore({ file: copy, key: nextKey, nativeBinding });
		try {
			if (after.raw.pragma('integrity_check', { simple: true }) !== 'ok' || countsOf(after) !== before)
				throw new CoreError('store_damaged', 'The copy under the new key is not the same.');
		} finally {
			after.close();
		}
		if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0)
			throw new CoreError('store_in_use', 'The store was not closed.');
		return settle(copy);
	} catch (error) {
		removeStore(copy);
		throw error;
	}
}

function copyStore({ file, copy, key, nativeBinding }: Omit<RekeyJob, 'nextKey'>): string {
	const store = openStore({ file, key, nativeBinding });
	try {
		store.raw.prepare('VACUUM INTO ?').run(copy);
		const keys = fileKeys(store, { key });
		const kept = openStore({ file: copy, key, nativeBinding });
		try {
			if (countsOf(kept) !== countsOf(store)) throw new CoreError('store_damaged', 'The copy is not the same.');
			writeMeta(kept, 'file_keys', keptFileKeys(keys));
			return countsOf(kept);
		} finally {
			kept.close();
			wipeBlobKeys(keys);
		}
	} finally {
		store.close();
	}
}

/** Outside of WAL, where the driver changes keys safely. */
function changeKey(copy: string, { key, nextKey, nativeBinding }: Omit<RekeyJob, 'file' | 'copy'>): void {
	const raw = new SqliteDatabase(copy, nativeBinding ? { nativeBinding } : {}) as SqliteDatabase.Database & {
		key(key: Buffer): number;
		rekey(key: Buffer): number;
	};
	const [from, to] = [key, nextKey].map((bytes) => Buffer.concat([Buffer.from('raw:', 'latin1'), bytes])) as [
		Buffer,
		Buffer,
	];
	try {
		raw.pragma("cipher='chacha20'");
		raw.key(from);
		raw.pragma('temp_store=MEMORY');
		raw.pragma('synchronous=FULL');
		raw.pragma('journal_mode=DELETE');
		if (raw.rekey(to) !== 0) throw new CoreError('io_error', 'The driver did not take the new key.');
	} finally {
		raw.close();
		from.fill(0);
		to.fill(0);
	}
}

/** How many rows each table has: a copy that lost one is noticed. */
function countsOf(store: Store): string {
	const tables = store.raw
		.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
		.pluck()
		.all() as string[];
	return tables.map((name) => `${name}=${store.raw.prepare(`SELECT count(*) FROM "${name}"`).pluck().get()}`).join(' ');
}

/** Makes the copy last, and reads its head. */
function settle(copy: string): string {
	const head = Buffer.alloc(HEAD);
	const handle = openSync(copy, 'r+');
	try {
		fsyncSync(handle);
		readSync(handle, head, 0, HEAD, 0);
	} finally {
		closeSync(handle);
	}
	if (process.platform !== 'win32') {
		const folder = openSync(path.dirname(copy), 'r');
		fsyncSync(folder);
		closeSync(folder);
	}
	return createHash('sha256').update(head).digest('hex');
}

function removeStore(file: string): void {
	for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${rest}`, { force: true });
}
