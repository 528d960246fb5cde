import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../db/migrations/migrations.ts';
import { openStore, type Store, whileBulk } from '../../db/open-store.ts';
import { rekeyStore } from '../../electron/core/rekey.ts';
import { addAccount, startCore, TEST_KEY, type TestCore } from '../support/core.ts';

const WANTED = {
	journal_mode: 'wal',
	synchronous: 2,
	temp_store: 2,
	foreign_keys: 1,
	trusted_schema: 0,
	cell_size_check: 1,
	secure_delete: 1,
	locking_mode: 'exclusive',
	cipher: 'chacha20',
};

function protectionsOf({ raw }: Pick<Store, 'raw'>) {
	return Object.fromEntries(Object.keys(WANTED).map((name) => [name, raw.pragma(name, { simple: true })]));
}

let test: TestCore;
beforeEach(async () => {
	test = await startCore();
	await addAccount(test);
});
afterEach(async () => {
	vi.restoreAllMocks();
	await test.stop();
});

describe('what protects an open store', () => {
	it('holds when it is made, and opened again after a lock', async () => {
		expect(protectionsOf(test.core.store)).toEqual(WANTED);
		await test.reopen();
		expect(protectionsOf(test.core.store)).toEqual(WANTED);
	});

	it('holds while much is written, and after it', async () => {
		await whileBulk(test.core.store, async () => expect(protectionsOf(test.core.store)).toEqual(WANTED));
		expect(protectionsOf(test.core.store)).toEqual(WANTED);
	});

	it('holds after going back to a backup', async () => {
		const { name } = await test.ok('backups.make', {});
		await test.ok('issues.create', { account_id: 'a-1', title: 'Later' });
		const before = test.core.store;
		await test.ok('backups.restore', { name, keepUnsent: true });
		expect(test.core.store).not.toBe(before);
		expect(protectionsOf(test.core.store)).toEqual(WANTED);
	});

	it('holds after a migration, and during it', () => {
		const file = join(test.folder, 'old.db');
		const raw = new SqliteDatabase(file) as SqliteDatabase.Database & { key(key: Buffer): number };
		raw.pragma("cipher='chacha20'");
		raw.key(Buffer.concat([Buffer.from('raw:', 'latin1'), Buffer.from(TEST_KEY, 'hex')]));
		for (const { sql } of migrations.slice(0, -1)) raw.exec(sql);
		raw.pragma(`user_version=${migrations.length - 1}`);
		raw.close();
		const seen: object[] = [];
		const store = openStore({ file, keyHex: TEST_KEY, beforeMigration: (old) => seen.push(protectionsOf(old)) });
		expect(seen).toEqual([WANTED]);
		expect(protectionsOf(store)).toEqual(WANTED);
		store.close();
	});

	it('holds after a change of the key', async () => {
		await test.core.close();
		const copy = join(test.folder, 'next.db');
		const nextKey = Buffer.alloc(32, 7);
		rekeyStore({ file: test.file, copy, key: Buffer.from(TEST_KEY, 'hex'), nextKey });
		const store = openStore({ file: copy, key: nextKey });
		expect(protectionsOf(store)).toEqual(WANTED);
		store.close();
		await test.reopen();
	});

	it.each(Object.keys(WANTED).filter((name) => name !== 'locking_mode'))(
		'is asked for: a store whose driver keeps another %s is not opened',
		(name) => {
			const { pragma } = SqliteDatabase.prototype;
			vi.spyOn(SqliteDatabase.prototype, 'pragma').mockImplementation(function (this: never, source, how) {
				return source === name ? 'something else' : pragma.call(this, source, how);
			});
			const open = () => openStore({ file: join(test.folder, `${name}.db`), keyHex: TEST_KEY });
			expect(open).toThrow(`The store opened with ${name}=something else.`);
		},
	);
});
