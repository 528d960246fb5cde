import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../db/migrations/migrations.ts';
import { openStore } from '../../db/open-store.ts';
import { entities } from '../../shared/entities/registry.ts';

const key = 'ab'.repeat(32);
let folder: string;
let file: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'fieldbook-store-'));
	file = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (work: () => unknown) => {
	try {
		work();
	} catch (error) {
		return (error as { code: string }).code;
	}
	return 'opened';
};

describe('the encrypted store', () => {
	it('is encrypted on disk from the first byte, log included', () => {
		const store = openStore({ file, keyHex: key });
		store.raw.prepare("INSERT INTO meta (key, value) VALUES ('secret', 'SENTINEL-7f3a')").run();
		expect(readFileSync(`${file}-wal`).includes('SENTINEL-7f3a')).toBe(false);
		store.close();
		const bytes = readFileSync(file);
		expect(bytes.subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
		expect(bytes.includes('SENTINEL-7f3a')).toBe(false);
	});

	it('asserts its protections at every open', () => {
		for (const round of [1, 2]) {
			const store = openStore({ file, keyHex: key });
			const pragma = (name: string) => store.raw.pragma(name, { simple: true });
			expect([round, pragma('journal_mode'), pragma('synchronous'), pragma('temp_store')]).toEqual([
				round,
				'wal',
				2,
				2,
			]);
			store.close();
		}
	});

	it('refuses a wrong, empty or malformed key and leaves the file as it was', () => {
		openStore({ file, keyHex: key }).close();
		const before = readFileSync(file);
		for (const wrong of ['cd'.repeat(32), '', 'ab', 'zz'.repeat(32)]) {
			expect(codeOf(() => openStore({ file, keyHex: wrong }))).toBe('wrong_key');
		}
		expect(readFileSync(file).equals(before)).toBe(true);
		openStore({ file, keyHex: key }).close();
	});

	it('never makes a file when the key is missing', () => {
		expect(codeOf(() => openStore({ file, keyHex: '' }))).toBe('wrong_key');
		expect(codeOf(() => readFileSync(file))).toBe('ENOENT');
	});

	it('takes the key as bytes, the same as in hex, and leaves the bytes to whoever gave them', () => {
		const bytes = new Uint8Array(Buffer.from(key, 'hex'));
		openStore({ file, key: bytes }).close();
		expect(Buffer.from(bytes).toString('hex')).toBe(key);
		openStore({ file, keyHex: key }).close();
	});

	it.each([
		['none', undefined],
		['empty', new Uint8Array(0)],
		['short', new Uint8Array(31).fill(1)],
		['long', new Uint8Array(33).fill(1)],
		['zeroed', new Uint8Array(32)],
		['text', 'ab'.repeat(32) as unknown as Uint8Array],
	])('makes and opens nothing with a key that is %s', (_name, bytes) => {
		expect(codeOf(() => openStore({ file, key: bytes }))).toBe('wrong_key');
		expect(existsSync(file)).toBe(false);
		openStore({ file, keyHex: key }).close();
		const before = readFileSync(file);
		expect(codeOf(() => openStore({ file, key: bytes }))).toBe('wrong_key');
		expect(readFileSync(file).equals(before)).toBe(true);
	});

	it('leaves no file in clear when the driver does not take the key, and opens none', () => {
		const driver = SqliteDatabase.prototype as unknown as { key(bytes: Buffer): number };
		const deaf = vi.spyOn(driver, 'key').mockReturnValue(0);
		expect(codeOf(() => openStore({ file, keyHex: key }))).toBe('store_damaged');
		expect(existsSync(file)).toBe(false);
		deaf.mockRestore();
		openStore({ file, keyHex: key }).close();
		const before = readFileSync(file);
		for (const answer of [0, 1]) {
			const again = vi.spyOn(driver, 'key').mockReturnValue(answer);
			expect(codeOf(() => openStore({ file, keyHex: key }))).toBe('wrong_key');
			again.mockRestore();
		}
		expect(readFileSync(file).equals(before)).toBe(true);
	});

	it('never puts the key into a statement', () => {
		const said: string[] = [];
		const pragma = SqliteDatabase.prototype.pragma;
		const watch = vi.spyOn(SqliteDatabase.prototype, 'pragma').mockImplementation(function (this: never, ...given) {
			said.push(String(given[0]));
			return pragma.apply(this, given);
		});
		openStore({ file, keyHex: key }).close();
		watch.mockRestore();
		expect(said.length).toBeGreaterThan(5);
		expect(said.filter((text) => /key *=|[0-9a-f]{32}/i.test(text) && !text.startsWith('foreign_keys'))).toEqual([]);
	});

	it('refuses a plaintext database', () => {
		const plain = new SqliteDatabase(file);
		plain.exec('CREATE TABLE t (a)');
		plain.close();
		expect(codeOf(() => openStore({ file, keyHex: key }))).toBe('store_damaged');
	});

	it('tells a second instance that the store is in use', () => {
		const first = openStore({ file, keyHex: key });
		expect(codeOf(() => openStore({ file, keyHex: key }))).toBe('store_in_use');
		first.close();
		openStore({ file, keyHex: key }).close();
	});

	it('leaves a store of a newer version alone', () => {
		const store = openStore({ file, keyHex: key });
		store.raw.pragma(`user_version=${migrations.length + 1}`);
		store.close();
		expect(codeOf(() => openStore({ file, keyHex: key }))).toBe('store_newer');
	});

	it('notices damage', () => {
		const store = openStore({ file, keyHex: key });
		const insert = store.raw.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
		store.raw.transaction(() => {
			for (let index = 0; index < 2000; index += 1) insert.run(`k${index}`, 'x'.repeat(100));
		})();
		store.close();
		const bytes = readFileSync(file);
		bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
		writeFileSync(file, bytes);
		expect(
			codeOf(() => {
				const damaged = openStore({ file, keyHex: key });
				try {
					const verdict = damaged.raw.pragma('quick_check', { simple: true });
					if (verdict !== 'ok') throw Object.assign(new Error(String(verdict)), { code: 'damaged' });
				} finally {
					damaged.close();
				}
			}),
		).not.toBe('opened');
	});
});

describe('the schema', () => {
	it('equals the entity definitions', () => {
		const store = openStore({ file, keyHex: key });
		for (const entity of Object.values(entities)) {
			const columns = store.raw
				.prepare(`SELECT name, type, "notnull" AS required FROM pragma_table_info('${entity.table}')`)
				.all() as {
				name: string;
				type: string;
				required: number;
			}[];
			const expected = Object.entries(entity.fields).map(([name, field]) => ({
				name,
				type: ['int', 'bool', 'amount'].includes(field.kind) ? 'INTEGER' : 'TEXT',
				required: 'required' in field ? 1 : 0,
			}));
			expect([entity.table, columns.slice(7)]).toEqual([entity.table, expected]);
			expect(columns.slice(0, 7).map((column) => column.name)).toEqual([
				'id',
				'created_at',
				'created_by',
				'updated_at',
				'deleted_at',
				'fv',
				'x',
			]);
		}
		store.close();
	});
});
