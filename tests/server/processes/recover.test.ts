import {
	cpSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkBackup, readBackupHead } from '../../../server/backup/backup-file.ts';
import { keepBackups, newestBackup } from '../../../server/backup/keep-backups.ts';
import { backupFolder, openChecked } from '../../../server/backup/recover.ts';
import { seedRecords } from '../../../server/seed.ts';
import { openStore, type Store } from '../../../server/store/open-store.ts';
import { topSeq } from '../../../server/store/transaction.ts';
import { readTables } from '../../support/server.ts';
import { syncRecords } from '../../support/sync-records.ts';

const now = new Date('2026-11-23T20:15:00.000Z');

/** A store with records, made once: each test works on a copy. */
let template: string;
let dir: string;
let store: Store | undefined;

beforeAll(async () => {
	template = mkdtempSync(join(tmpdir(), 'fieldbook-recover-'));
	const { db, close } = await openStore({ dir: template }, now);
	await seedRecords(db, syncRecords, now);
	await close();
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'fieldbook-recover-'));
	cpSync(template, dir, { recursive: true });
});
afterEach(async () => {
	await store?.close();
	store = undefined;
	rmSync(dir, { recursive: true, force: true });
});

async function open(): Promise<Store> {
	const opened = await openStore({ dir }, now);
	store = opened;
	return opened;
}

test('a store is backed up at once, then while it changes, and at the end; old backups go', async () => {
	const { db } = await open();
	let at = now.getTime();
	const errors: unknown[] = [];
	const backups = await keepBackups({
		db,
		folder: backupFolder(dir),
		clock: () => new Date(at),
		everyMs: 3_600_000,
		report: (error) => errors.push(error),
	});
	const files = () => readdirSync(backupFolder(dir)).sort();
	expect(files()).toHaveLength(1);
	expect(backups.durableSeq()).toBe(await topSeq(db));
	at += 60_000;
	await backups.backUp();
	expect(files()).toHaveLength(1);
	for (let day = 0; day < 10; day++) {
		for (let hour = 0; hour < 4; hour++) {
			at += 6 * 3_600_000;
			await seedRecords(db, [{ t: 'account', id: `a-${at}`, v: { name: 'x' } }], new Date(at));
			expect(backups.durableSeq()).toBe((await topSeq(db)) - 1);
			await backups.backUp();
			expect(backups.durableSeq()).toBe(await topSeq(db));
		}
	}
	// Six newest and the last of each of seven days.
	expect(files()).toHaveLength(6 + 5);
	await seedRecords(db, [{ t: 'account', id: 'a-last', v: { name: 'x' } }], new Date(at));
	at += 1000;
	await backups.close();
	const newest = (await newestBackup(backupFolder(dir))) ?? '';
	expect((await readBackupHead(newest)).seq).toBe(await topSeq(db));
	expect(errors).toEqual([]);
});

test('a server knows after a restart what is durable, and after a restore that nothing is', async () => {
	const folder = backupFolder(dir);
	const options = { folder, clock: () => now, report: () => undefined };
	const first = await open();
	const backups = await keepBackups({ ...options, db: first.db });
	const seq = await topSeq(first.db);
	expect(backups.durableSeq()).toBe(seq);
	await backups.close();
	await first.close();
	const file = (await newestBackup(folder)) ?? '';
	const second = await open();
	writeFileSync(join(folder, 'fieldbook-2027-01-01T00-00-00Z.jsonl.gz.part'), 'half');
	expect(await newestBackup(folder)).toBe(file);
	await second.db.updateTable('meta').set({ server_epoch: 'put back' }).execute();
	rmSync(folder, { recursive: true });
	const again = await keepBackups({ ...options, db: second.db });
	expect((await checkBackup((await newestBackup(folder)) ?? '')).epoch).toBe('put back');
	expect(again.durableSeq()).toBe(seq);
	await again.close();
});

/** What is left when the machine goes down: the lock, and files of which any page may be old or torn. */
async function goDown(damage?: (pglite: string) => void): Promise<void> {
	await store?.close();
	store = undefined;
	damage?.(join(dir, 'pglite'));
	writeFileSync(join(dir, 'server.lock'), JSON.stringify({ pid: 1, started: '1', boot: 'an earlier start' }));
}

/** The files of the tables, each of them changed by `damage`. */
const tables = (damage: (file: string) => void) => (pglite: string) => {
	const base = join(pglite, 'base', '5');
	for (const name of readdirSync(base)) if (/^\d+$/.test(name)) damage(join(base, name));
};

test('a store that was killed while the machine went on is opened as it is', async () => {
	await open();
	await store?.close();
	store = undefined;
	const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
	writeFileSync(join(dir, 'server.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1', boot }));
	const opened = await openChecked(dir, now);
	store = opened.store;
	expect(opened.recovery).toEqual({ lastEnd: 'killed', damage: undefined, restored: undefined });
});

test('a store is read whole after a power cut, and used when nothing is wrong', async () => {
	await open();
	const { server_epoch } = await (store as Store).db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
	await goDown();
	const opened = await openChecked(dir, now);
	store = opened.store;
	expect(opened.recovery).toEqual({ lastEnd: 'with the machine', damage: undefined, restored: undefined });
	const meta = await store.db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
	expect(meta.server_epoch).toBe(server_epoch);
});

test.each<[string, (pglite: string) => void]>([
	['torn pages', tables(tear)],
	['files cut short', tables((file) => truncateSync(file, 4096))],
	['no control file', (pglite) => rmSync(join(pglite, 'global', 'pg_control'))],
	['the log gone', (pglite) => rmSync(join(pglite, 'pg_wal'), { recursive: true })],
])('a store goes back to its newest whole backup when a power cut left %s', async (_, damage) => {
	const first = await open();
	const backups = await keepBackups({
		db: first.db,
		folder: backupFolder(dir),
		clock: () => now,
		report: () => undefined,
	});
	const before = await readTables(first);
	await seedRecords(first.db, [{ t: 'account', id: 'a-later', v: { name: 'Later' } }], now);
	expect(backups.durableSeq()).toBe((await topSeq(first.db)) - 1);
	writeFileSync(join(backupFolder(dir), 'fieldbook-2027-01-01T00-00-00Z.jsonl.gz'), 'half a backup');
	await goDown(damage);
	const opened = await openChecked(dir, now);
	store = opened.store;
	expect(opened.recovery.restored).toMatchObject({
		seq: backups.durableSeq(),
		file: expect.stringContaining('2026-11-23'),
	});
	expect(opened.recovery.damage).toBeTruthy();
	expect(await readTables(store)).toEqual(before);
	expect(existsSync(opened.recovery.restored?.kept ?? '')).toBe(true);
});

test('a server says what is the matter when it is damaged and there is no backup', async () => {
	await open();
	await goDown(tables(tear));
	await expect(openChecked(dir, now)).rejects.toThrow('there is no backup');
	expect(existsSync(join(dir, 'pglite'))).toBe(true);
});

test('a store whose log has a hole is damaged', async () => {
	const { db } = await open();
	await keepBackups({ db, folder: backupFolder(dir), clock: () => now, report: () => undefined });
	await db.updateTable('counter').set({ seq: 0 }).execute();
	await goDown();
	const opened = await openChecked(dir, now);
	store = opened.store;
	expect(opened.recovery.damage).toContain('hole');
});

test('a store that is whole and older than its backup is not good enough', async () => {
	const first = await open();
	await seedRecords(first.db, [{ t: 'account', id: 'a-later', v: { name: 'Later' } }], now);
	const { backUp } = await keepBackups({
		db: first.db,
		folder: backupFolder(dir),
		clock: () => now,
		report: () => undefined,
	});
	await backUp();
	const before = await readTables(first);
	// What was written last never reached the disk: the template is what did.
	await goDown((pglite) => {
		rmSync(pglite, { recursive: true });
		cpSync(join(template, 'pglite'), pglite, { recursive: true });
	});
	const opened = await openChecked(dir, now);
	store = opened.store;
	expect(opened.recovery.damage).toContain('older than its newest backup');
	expect(await readTables(store)).toEqual(before);
});

/** Overwrites the second half of every page with what was there before: nothing. */
function tear(file: string): void {
	const bytes = readFileSync(file);
	for (let page = 0; page < bytes.length; page += 8192) bytes.fill(0, page + 4096, page + 8192);
	writeFileSync(file, bytes);
}
