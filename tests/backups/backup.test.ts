import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdFile, openCopy, openStore, whileBulk } from '../../db/open-store.ts';
import { BackupDesk } from '../../electron/core/backups/backup-desk.ts';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { backupName } from '../../electron/core/backups/backup-names.ts';
import { tooMany } from '../../electron/core/backups/keep-rules.ts';
import { createCore } from '../../electron/core/core.ts';
import { addAccount, startCore, TEST_KEY, type TestCore } from '../support/core.ts';
import { paragraph, write } from '../support/typing.ts';
import { rowHash } from './row-hash.ts';

const SENTINEL = 'Zq7-sentinel-4711-never-in-clear';
const checkWorker = path.resolve('electron/core/backups/check-worker.ts');

let test: TestCore;
beforeEach(async () => {
	test = await startCore({ checkWorker });
	await addAccount(test, 'a-1', `${SENTINEL} AG`);
});
afterEach(() => test.stop());

/** A desk of its own beside the core's, whose clock is the test's. */
function dailyDesk({ core: { store } }: TestCore, now: () => Date): BackupDesk {
	return new BackupDesk({
		store,
		keys: [Buffer.from(TEST_KEY, 'hex')],
		nativeBinding: undefined,
		checkWorker: undefined,
		now,
		alone: async (work) => work(),
		isBusy: () => false,
		calls: () => 7,
		emit: () => undefined,
		onDamage: () => undefined,
	});
}

const folder = () => new BackupFolder(test.file);

describe('a backup', () => {
	it('is encrypted, opens by the key and holds every row', async () => {
		const { id } = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		await write(test, id, paragraph(SENTINEL));
		const { name } = await test.ok('backups.make', {});
		const file = folder().pathOf(name);
		expect(readFileSync(file).includes(SENTINEL)).toBe(false);
		expect(readFileSync(file).subarray(0, 15).toString()).not.toBe('SQLite format 3');
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
		expect(() => openCopy({ file, keyHex: '11'.repeat(32) })).toThrow(/key/i);
		const copy = openCopy({ file, keyHex: TEST_KEY });
		expect(rowHash(copy)).toBe(rowHash(test.core.store.raw));
		copy.close();
		expect(readdirSync(path.dirname(file))).toEqual([name]);
	});

	it('is the store at one moment, whatever is written meanwhile, also much', async () => {
		const before = rowHash(test.core.store.raw);
		const making = test.ok('backups.make', {});
		const { store } = test.core;
		// Enough to fold the log into the file several times over, were it not held.
		await whileBulk(store, async () => {
			const insert = store.raw.prepare('INSERT INTO meta (key, value) VALUES (?, hex(randomblob(2000)))');
			for (let round = 0; round < 30; round++) {
				store.raw.transaction(() => {
					for (let i = 0; i < 100; i++) insert.run(`filler ${round} ${i}`);
				})();
				await new Promise((resolve) => setImmediate(resolve));
			}
		});
		const { name } = await making;
		const copy = openCopy({ file: folder().pathOf(name), keyHex: TEST_KEY });
		expect(rowHash(copy)).toBe(before);
		expect(copy.prepare("SELECT count(*) FROM meta WHERE key LIKE 'filler%'").pluck().get()).toBeLessThan(3000);
		copy.close();
	});

	it('keeps the log out of the file for exactly as long as it is copied', () => {
		const { store } = test.core;
		const release = holdFile(store);
		const size = statSync(test.file).size;
		const mtime = statSync(test.file).mtimeMs;
		store.raw.exec(
			'CREATE TABLE filler (x TEXT); INSERT INTO filler SELECT hex(randomblob(1000)) FROM app_user, app_user b',
		);
		for (let i = 0; i < 12; i++)
			store.raw.exec('INSERT INTO filler SELECT hex(randomblob(1000)) FROM filler LIMIT 1000');
		expect([statSync(test.file).size, statSync(test.file).mtimeMs]).toEqual([size, mtime]);
		expect(store.raw.pragma('wal_autocheckpoint', { simple: true })).toBe(0);
		release();
		release();
		expect(store.raw.pragma('wal_autocheckpoint', { simple: true })).toBe(1000);
	});

	it('leaves the store locked for other processes', async () => {
		await test.ok('backups.make', {});
		const { execFileSync } = await import('node:child_process');
		const code = `import { openStore } from ${JSON.stringify(path.resolve('db/open-store.ts'))};
			try { openStore({ file: ${JSON.stringify(test.file)}, keyHex: '${TEST_KEY}' }); console.log('open'); } catch (e) { console.log(e.code); }`;
		const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
		expect(said.trim()).toBe('store_in_use');
	});

	it('that lies on the disk otherwise than it was written is none, and says nothing of the store', async () => {
		await test.core.close();
		const file = path.join(test.folder, 'fieldbook.db');
		const old = readFileSync(file);
		let isBad = true;
		const backupPoint = (point: string) => {
			if (point !== 'copied' || !isBad) return;
			const [part = ''] = readdirSync(folder().folder).filter((name) => name.endsWith('.part'));
			const bytes = readFileSync(path.join(folder().folder, part));
			// A page as it was before: every page by itself is right.
			const page = Array.from({ length: old.length / 4096 }, (_, no) => no * 4096).find(
				(at) => at > 4096 && !old.subarray(at, at + 4096).equals(bytes.subarray(at, at + 4096)),
			) as number;
			old.copy(bytes, page, page, page + 4096);
			writeFileSync(path.join(folder().folder, part), bytes);
		};
		const core = await createCore({
			file,
			keyHex: TEST_KEY,
			deviceName: 'x',
			appVersion: '0',
			sample: false,
			autoSync: false,
			backupPoint,
		});
		const made = async () => (await core.call('backups.make', {})) as { ok: boolean; error?: { code: string } };
		await core.call('issues.create', { account_id: 'a-1', title: 'Since' });
		expect(await made()).toMatchObject({ ok: false, error: { code: 'io_error' } });
		expect(await core.call('backups.list', {})).toMatchObject({
			value: { backups: [], problem: 'io_error', damaged: false },
		});
		isBad = false;
		expect((await made()).ok).toBe(true);
		expect(await core.call('backups.list', {})).toMatchObject({ value: { problem: null } });
		await core.close();
		await test.reopen();
	});

	it('that broke off is never listed, and goes with the next one', async () => {
		await test.ok('backups.make', {});
		const dir = folder().folder;
		writeFileSync(path.join(dir, `${backupName(new Date(), 'daily')}.part`), 'half');
		writeFileSync(path.join(dir, 'something.txt'), 'mine');
		expect((await test.ok('backups.list', {})).backups).toHaveLength(1);
		await test.ok('backups.make', {});
		expect(readdirSync(dir).some((name) => name.includes('.part'))).toBe(false);
		expect(existsSync(path.join(dir, 'something.txt'))).toBe(true);
	});

	it('tells what it holds and what has happened since', async () => {
		const { name } = await test.ok('backups.make', {});
		await test.ok('issues.create', { account_id: 'a-1', title: 'Fee query' });
		const about = await test.ok('backups.about', { name });
		expect(about.holds).toEqual([{ label: 'account', count: 1 }]);
		expect(about.changedSince).toBe(1);
		expect(about.unsentSince.map(({ title }) => title)).toEqual([expect.stringContaining('Fee query')]);
	});

	it('is made before much changes, and not again while nothing was written', async () => {
		const kinds = async () => (await test.ok('backups.list', {})).backups.map(({ kind }) => kind);
		const file = path.join(test.folder, 'cases.csv');
		writeFileSync(file, 'Our ref,Application number\nX-1,EP12345678.9\n');
		test.core.registerFile('f', file);
		const preview = await test.ok('imports.preview', { file: 'f', account_id: 'a-1' });
		const asked = { file: 'f', account_id: 'a-1', settings: preview.settings };
		const { batchId } = await test.ok('imports.commit', asked);
		expect(await kinds()).toEqual(['import']);
		const [{ name } = { name: '' }] = (await test.ok('backups.list', {})).backups;
		const copy = openCopy({ file: folder().pathOf(name), keyHex: TEST_KEY });
		expect(copy.prepare('SELECT count(*) FROM patent_asset').pluck().get()).toBe(0);
		copy.close();
		await test.ok('imports.undo', { batchId });
		expect(await kinds()).toEqual(['change', 'import']);
		await test.ok('backups.make', {});
		const ids = Array.from({ length: 101 }, (_, no) => ({ entity: 'issue' as const, id: `none-${no}` }));
		await test.core.call('trash.restore', { items: ids });
		expect(await kinds()).toEqual(['asked', 'change', 'import']);
		await test.ok('issues.create', { account_id: 'a-1', title: 'Written' });
		await test.core.call('trash.restore', { items: ids });
		expect(await kinds()).toEqual(['change', 'asked', 'import']);
	});

	it('is made by itself once a day, when nobody has asked anything for a while', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const desk = dailyDesk(test, () => new Date('2026-11-24T10:00:00Z'));
			desk.start();
			for (let minute = 0; minute < 3; minute += 1) await vi.advanceTimersByTimeAsync(60_000);
			vi.useRealTimers();
			await expect.poll(() => desk.folder.list().map(({ kind }) => kind), { timeout: 30_000 }).toEqual(['daily']);
			await desk.stop();
			await desk.close();
		} finally {
			vi.useRealTimers();
		}
	});

	it('whose bits are damaged is refused, and nothing else is', async () => {
		const { name } = await test.ok('backups.make', {});
		const file = folder().pathOf(name);
		const bytes = readFileSync(file);
		bytes[bytes.length - 3000] = (bytes.at(-3000) ?? 0) ^ 4;
		writeFileSync(file, bytes);
		expect((await test.refused('backups.restore', { name, keepUnsent: true })).code).toBe('backup_damaged');
		expect((await test.ok('backups.list', {})).damaged).toBe(false);
		await test.ok('issues.create', { account_id: 'a-1', title: 'Still works' });
	});
});

describe('a store that is brought up to date', () => {
	it('is backed up as it was; without a backup it is left alone', async () => {
		test.core.store.raw.pragma('user_version=2');
		await test.core.close();
		const seen: number[] = [];
		const open = (beforeMigration: Parameters<typeof openStore>[0]['beforeMigration']) =>
			openStore({ file: test.file, keyHex: TEST_KEY, beforeMigration });
		const refuse = () => {
			throw new Error('no room');
		};
		expect(() => open(refuse)).toThrow('no room');
		expect(() => open(({ from }) => void seen.push(from))).toThrow();
		expect(seen).toEqual([2]);
		const fix = openCopy({ file: test.file, keyHex: TEST_KEY });
		expect(fix.pragma('user_version', { simple: true })).toBe(2);
		fix.pragma('query_only=OFF');
		fix.pragma('user_version=3');
		fix.close();
		await test.reopen();
	});
});

describe('which backups stay', () => {
	const line = (day: string, kind: 'daily' | 'import' | 'restore' = 'daily', bytes = 1) => {
		const at = new Date(`${day}T10:00:00Z`);
		return { name: backupName(at, kind), kind, at: at.toISOString(), bytes };
	};
	const days = Array.from({ length: 60 }, (_, i) => new Date(Date.UTC(2026, 9, 1 + i)).toISOString().slice(0, 10));

	it('are seven days, four weeks and the newest of each kind', () => {
		const all = [...days.map((day) => line(day)), line('2026-10-02', 'import')];
		const gone = new Set(tooMany(all, Number.POSITIVE_INFINITY));
		const kept = all.filter((one) => !gone.has(one)).map(({ at, kind }) => `${at.slice(0, 10)} ${kind}`);
		expect(kept).toEqual([
			'2026-11-08 daily',
			'2026-11-15 daily',
			'2026-11-22 daily',
			...['23', '24', '25', '26', '27', '28', '29']
				.map((day) => `2026-11-${day} daily`)
				.filter((one) => !one.includes('-22')),
			'2026-10-02 import',
		]);
	});

	it('are several of what was asked for and of what was there before going back', () => {
		const at = (hour: number, kind: 'asked' | 'restore' | 'change') => {
			const made = new Date(Date.UTC(2026, 10, 24, hour));
			return { name: backupName(made, kind), kind, at: made.toISOString(), bytes: 1 };
		};
		const all = [0, 1, 2, 3, 4, 5, 6].flatMap((hour) => [at(hour, 'asked'), at(hour, 'restore'), at(hour, 'change')]);
		const gone = new Set(tooMany(all, Number.POSITIVE_INFINITY));
		const kept = all.filter((one) => !gone.has(one)).map(({ kind }) => kind);
		const count = (kind: string) => kept.filter((one) => one === kind).length;
		expect([count('asked'), count('restore'), count('change')]).toEqual([5, 3, 1]);
	});

	it('are fewer where there is no room, but always two', () => {
		const all = days.slice(0, 10).map((day) => line(day, 'daily', 100));
		expect(all.length - tooMany(all, 450).length).toBe(4);
		expect(all.length - tooMany(all, 0).length).toBe(2);
	});
});
