import type SqliteDatabase from 'better-sqlite3';
import { openCopy } from '../../../db/open-store.ts';
import { storeError } from '../../../db/store-error.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import { entities } from '../../../shared/entities/registry.ts';
import { hashOf } from './copy-file.ts';

export interface CheckJob {
	/** A backup, or one on its way. Never the store that is open. */
	file: string;
	/** Keys to try, in this order. */
	keys: Uint8Array[];
	nativeBinding?: string | undefined;
	/** Read every page and check its tag and its place; otherwise only count. */
	isThorough: boolean;
	/** What the file's bytes must be; left out where nothing is known of them. */
	sha256?: string | undefined;
}

export interface CopyFacts {
	/** Which of the keys opened it. */
	key: number;
	schema: number;
	pages: number;
	/** The last group in the queue of changes. */
	lastGroup: number;
	/** Rows that are not deleted, by entity. */
	counts: Record<string, number>;
}

/** Opens a copy by its key and reads it. Throws `wrong_key`, `store_damaged`, `store_newer`, `io_error` or another CoreError. */
export function checkCopy({ file, keys, nativeBinding, isThorough, sha256 }: CheckJob): CopyFacts {
	if (sha256 !== undefined && hashOf(file) !== sha256)
		throw new CoreError('io_error', 'What lies on the disk is not what was written to it.');
	const { raw, key } = openByOneOf({ file, keys, nativeBinding });
	try {
		if (isThorough) {
			const found = raw.pragma('integrity_check(1)', { simple: true });
			if (found !== 'ok') throw new CoreError('store_damaged', `The copy is damaged: ${String(found)}.`);
		}
		const number = (sql: string) => Number(raw.prepare(sql).pluck().get() ?? 0);
		const known = new Set(raw.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]);
		const counts = Object.values(entities)
			.filter(({ table }) => known.has(table))
			.map(({ name, table }) => [name, number(`SELECT count(*) FROM ${table} WHERE deleted_at IS NULL`)] as const);
		return {
			key,
			schema: raw.pragma('user_version', { simple: true }) as number,
			pages: raw.pragma('page_count', { simple: true }) as number,
			lastGroup: number('SELECT max(group_no) FROM outbox'),
			counts: Object.fromEntries(counts),
		};
	} catch (error) {
		throw storeError(error);
	} finally {
		raw.close();
	}
}

/** Backups made before the store's key was changed open by the key it had then. */
export function openByOneOf({ file, keys, nativeBinding }: Pick<CheckJob, 'file' | 'keys' | 'nativeBinding'>): {
	raw: SqliteDatabase.Database;
	key: number;
} {
	for (const [index, key] of keys.entries()) {
		try {
			return { raw: openCopy({ file, key, nativeBinding }), key: index };
		} catch (error) {
			if (!(error instanceof CoreError) || error.code !== 'wrong_key' || index === keys.length - 1) throw error;
		}
	}
	throw new CoreError('wrong_key', 'There is no key to open it by.');
}
