import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSettings } from '../../server/settings.ts';
import { lockFolder } from '../../server/store/folder-lock.ts';
import { hashOf, migrate, migrations } from '../../server/store/migrate.ts';
import { openStore } from '../../server/store/open-store.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'fieldbook-server-'));
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(dir, { recursive: true, force: true });
});

/** Hashes of released migrations. One that has been released never changes; add the next number instead. */
const frozen: Record<number, string> = { 1: 'f01ee31256d35018', 2: '44f52c98d0e2201b' };

test('released migrations are as they were released', () => {
	for (const { no, sql: text } of migrations) expect(hashOf(text).slice(0, 16), `migration ${no}`).toBe(frozen[no]);
});

test('a store from a newer program, or made with another text of a migration, is refused; a failed migration leaves nothing', async () => {
	const server = await startTestServer();
	const now = new Date();
	await expect(migrate(server.store.db, now, [])).rejects.toThrow('older than the store');
	await expect(migrate(server.store.db, now, [{ no: 1, sql: 'select 1;' }])).rejects.toThrow('not the one');
	const broken = { no: 3, sql: 'create table half (id int);\nselect nothing from nowhere;\n' };
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
	const file = join(dir, 'tokens.json');
	writeFileSync(file, JSON.stringify([{ user: 'u-1', token: 'short', accounts: [] }]));
	expect(() => readSettings(['--token-file', file], {})).toThrow('not a token file');
});

test('the program starts, keeps what it acknowledged over SIGKILL, and ends cleanly', async () => {
	const file = join(dir, 'tokens.json');
	writeFileSync(file, JSON.stringify([{ user: 'u-sam', token: 'token-of-sam', accounts: ['a-1'] }]));
	const data = join(dir, 'data');
	mkdirSync(data);
	const start = async () => {
		const child = spawn(process.execPath, ['server/main.ts', '--data', data, '--token-file', file], {
			env: { ...process.env, DATABASE_URL: '', NODE_ENV: 'test' },
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
		return { child, said: JSON.parse(line) as { listening: string; store: string; epoch: string } };
	};
	const first = await start();
	expect(first.said).toMatchObject({
		store: 'pglite',
		listening: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
	});
	const device = new RawDevice(first.said.listening, 'token-of-sam', 'aaaaaaaa');
	await device.hello();
	await device.push([{ k: 'create', t: 'issue', id: 'i-1', hlc: device.hlc(), v: issueValues('a-1') }]);
	first.child.kill('SIGKILL');
	await once(first.child, 'exit');

	const second = await start();
	expect(second.said.epoch).toBe(first.said.epoch);
	const again = new RawDevice(second.said.listening, 'token-of-sam', 'aaaaaaaa');
	expect((await again.hello({ lastAckedGroup: 1 })).body).toMatchObject({ lastGroup: 1, directive: 'ok' });
	expect((await again.pull()).rows.some((row) => row.id === 'i-1')).toBe(true);
	second.child.kill('SIGTERM');
	expect(await once(second.child, 'exit')).toEqual([0, null]);
	expect(existsSync(join(data, 'server.lock'))).toBe(false);
}, 60_000);
