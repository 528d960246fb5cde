import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dieAt } from '../../server/crash-points.ts';
import { errorLine } from '../../server/log-line.ts';
import { readSettings, USAGE } from '../../server/settings.ts';
import { lockFolder } from '../../server/store/folder-lock.ts';
import { hashOf, migrate, migrations } from '../../server/store/migrate.ts';
import { openStore } from '../../server/store/open-store.ts';
import { startTestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'fieldbook-server-'));
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(dir, { recursive: true, force: true });
});

/** Hashes of released migrations, to be added with each release. One of them never changes; a change is the next number. */
const frozen = new Map([
	[1, 'f01ee31256d35018'],
	[2, '44f52c98d0e2201b'],
]);

test('released migrations are as they were released', () => {
	for (const { no, sql: text } of migrations)
		if (frozen.has(no)) expect(hashOf(text).slice(0, 16), `migration ${no}`).toBe(frozen.get(no));
	expect(migrations.map(({ no }) => no)).toEqual(migrations.map((_, index) => index + 1));
});

test('a store from a newer program, or made with another text of a migration, is refused; a failed migration leaves nothing', async () => {
	const server = await startTestServer();
	const now = new Date();
	await expect(migrate(server.store.db, now, [])).rejects.toThrow('older than the store');
	await expect(migrate(server.store.db, now, [{ no: 1, sql: 'select 1;' }])).rejects.toThrow('not the one');
	const broken = { no: 99, sql: 'create table half (id int);\nselect nothing from nowhere;\n' };
	await expect(migrate(server.store.db, now, [...migrations, broken])).rejects.toThrow();
	const { rows } = await sql<{ found: string | null }>`select to_regclass('half')::text as found`.execute(
		server.store.db,
	);
	expect(rows[0]?.found).toBeNull();
	await server.stop();
});

test('what happened cannot be rewritten', async () => {
	const server = await startTestServer({ records: syncRecords });
	for (const statement of [
		'update field_history set value = null',
		'delete from field_history',
		'truncate quarantine',
	]) {
		await expect(sql.raw(statement).execute(server.store.db)).rejects.toThrow('append-only');
	}
	await server.stop();
});

test('a folder belongs to one process; the lock of a dead one is taken over', () => {
	const unlock = lockFolder(dir);
	expect(() => lockFolder(dir)).toThrow('in use');
	unlock();
	writeFileSync(join(dir, 'server.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
	lockFolder(dir)();
	writeFileSync(join(dir, 'server.lock'), '');
	lockFolder(dir)();
	expect(existsSync(join(dir, 'server.lock'))).toBe(false);
});

test('the embedded store refuses to be called production', async () => {
	vi.stubEnv('NODE_ENV', 'production');
	await expect(openStore({ dir }, new Date())).rejects.toThrow('DATABASE_URL');
	expect(existsSync(join(dir, 'pglite'))).toBe(false);
});

test('the command line says what it does not understand', () => {
	expect(readSettings(['--port', '0', '--sample'], {})).toMatchObject({ port: 0, host: '127.0.0.1', sample: true });
	expect(() => readSettings(['--port', 'http'], {})).toThrow('--port http');
	expect(() => readSettings(['--prot', '1'], {})).toThrow('--prot');
	expect(() => readSettings(['--port', '65536'], {})).toThrow('not a port');
	expect(() => readSettings(['--backup', 'a', '--restore', 'b'], {})).toThrow('not both');
	expect(() => readSettings(['--data', ''], {})).toThrow('--data');
	expect(() => readSettings([], { DATABASE_URL: 'mysql://x' })).toThrow('DATABASE_URL');
	expect(readSettings(['--restore', 'b'], { DATABASE_URL: 'postgres://u:p@h/d' }).task).toEqual({
		kind: 'restore',
		file: 'b',
	});
	const file = join(dir, 'tokens.json');
	writeFileSync(file, JSON.stringify([{ user: 'u-1', token: 'short', accounts: [] }]));
	expect(() => readSettings(['--token-file', file], {})).toThrow('not a token file');
});

test('the help names every option there is', () => {
	for (const option of ['port', 'host', 'data', 'blobs', 'sample', 'token-file', 'log', 'backup', 'restore'])
		expect(USAGE).toContain(`--${option} `);
	for (const name of ['DATABASE_URL', 'NODE_ENV']) expect(USAGE).toContain(name);
});

test('a step to die at is taken only outside production, and only if there is one', () => {
	const at = { FIELDBOOK_CRASH_AT: 'push:before-commit:1' };
	expect(readSettings([], at).crashAt).toBe('push:before-commit:1');
	expect(readSettings([], { ...at, NODE_ENV: 'production' }).crashAt).toBeUndefined();
	expect(() => dieAt('push:nowhere:1')).toThrow('push:nowhere');
	expect(() => dieAt('push:before-commit')).toThrow('no step');
});

test('an error in the log is told by its kind and place, not by its words', async () => {
	const server = await startTestServer({ records: syncRecords });
	const failing = sql`insert into record select * from record where id = 'i-1'`.execute(server.store.db);
	const error = await failing.catch((thrown: unknown) => thrown);
	expect(JSON.stringify(error)).toContain('i-1');
	const line = errorLine(error, new Date('2026-11-23T20:15:00.000Z'));
	expect(JSON.parse(line)).toMatchObject({ at: '2026-11-23T20:15:00.000Z', code: '23505', constraint: 'record_pkey' });
	expect(line).not.toContain('i-1');
	await server.stop();
});
