import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { migrations } from '../../db/migrations/migrations.ts';
import { openCopy } from '../../db/open-store.ts';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { type Core, type CoreOptions, createCore } from '../../electron/core/core.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { TEST_KEY } from '../support/core.ts';

const OLD = 2;

let folder: string;
let options: CoreOptions;
let core: Core | undefined;

beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'fieldbook-old-'));
	const file = path.join(folder, 'fieldbook.db');
	options = { file, keyHex: TEST_KEY, deviceName: 'x', appVersion: '0', sample: false, autoSync: false };
	oldStore(file);
});
afterEach(async () => {
	vi.restoreAllMocks();
	await core?.close();
	core = undefined;
	rmSync(folder, { recursive: true, force: true });
});

/** A store as the version before left it, with an account in it. */
function oldStore(file: string): void {
	const raw = new SqliteDatabase(file) as SqliteDatabase.Database & { key(key: Buffer): number };
	raw.pragma("cipher='chacha20'");
	raw.key(Buffer.concat([Buffer.from('raw:'), Buffer.from(TEST_KEY, 'hex')]));
	raw.pragma('journal_mode=WAL');
	for (const { sql } of migrations.slice(0, OLD)) raw.exec(sql);
	raw.pragma(`user_version=${OLD}`);
	const columns = raw.pragma('table_info(account)') as { name: string; notnull: number; type: string }[];
	const needed = columns.filter(({ notnull, name }) => notnull || ['id', 'name', 'created_at'].includes(name));
	const values = needed.map(({ name, type }) => (name === 'id' ? 'a-old' : type === 'TEXT' ? '2026-01-01' : 0));
	raw
		.prepare(`INSERT INTO account (${needed.map(({ name }) => name)}) VALUES (${needed.map(() => '?')})`)
		.run(...values);
	raw.close();
}

function inStore(file: string): { version: unknown; accounts: unknown } {
	const copy = openCopy({ file, keyHex: TEST_KEY });
	try {
		const accounts = copy.prepare('SELECT id FROM account').pluck().all();
		return { version: copy.pragma('user_version', { simple: true }), accounts };
	} finally {
		copy.close();
	}
}

it('an older store is backed up as it was before it is brought up to date, and can be gone back to', async () => {
	core = await createCore(options);
	const backups = new BackupFolder(options.file);
	const [made, ...others] = backups.list();
	expect([made?.kind, others]).toEqual(['migration', []]);
	expect(inStore(backups.pathOf(made?.name ?? ''))).toEqual({ version: OLD, accounts: ['a-old'] });
	expect(readFileSync(backups.pathOf(made?.name ?? '')).includes('a-old')).toBe(false);
	const result = await core.call('backups.restore', { name: made?.name, keepUnsent: true });
	expect(result).toMatchObject({ ok: true, value: { keptAside: null } });
	expect(core.store.raw.pragma('user_version', { simple: true })).toBe(migrations.length);
	expect(core.store.raw.prepare('SELECT id FROM account').pluck().all()).toEqual(['a-old']);
});

it('without room for the backup nothing is brought up to date, and the store is as it was', async () => {
	vi.spyOn(BackupFolder.prototype, 'begin').mockImplementation(() => {
		throw new CoreError('disk_full', 'The disk has too little room for a backup.');
	});
	await expect(createCore(options)).rejects.toMatchObject({ code: 'disk_full' });
	expect(inStore(options.file)).toEqual({ version: OLD, accounts: ['a-old'] });
	vi.restoreAllMocks();
	core = await createCore(options);
	expect(readdirSync(`${options.file}.backups`)).toHaveLength(1);
});

it('a migration that fails at any of its statements leaves the store and its backup as they were', async () => {
	const last = migrations[migrations.length - 1] as { sql: string };
	const whole = last.sql;
	const statements = whole.split(/;\s*\n/);
	const steps = [1, Math.floor(statements.length / 2), statements.length - 1];
	for (const at of steps) {
		const broken = [...statements.slice(0, at), 'SELECT no_such_function()', ...statements.slice(at)].join(';\n');
		const changed = Reflect.set(last, 'sql', broken);
		expect(changed).toBe(true);
		try {
			await expect(createCore(options)).rejects.toThrow();
		} finally {
			Reflect.set(last, 'sql', whole);
		}
		expect(inStore(options.file)).toEqual({ version: OLD, accounts: ['a-old'] });
	}
	core = await createCore(options);
	expect(core.store.raw.prepare('SELECT id FROM account').pluck().all()).toEqual(['a-old']);
});
