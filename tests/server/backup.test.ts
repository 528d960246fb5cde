import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readBackup, writeBackup } from '../../server/backup/backup-file.ts';
import { restorePglite, restorePostgres } from '../../server/backup/restore.ts';
import { seedLogins, seedRecords } from '../../server/seed.ts';
import { openStore, type Store, type StorePlace } from '../../server/store/open-store.ts';
import { topSeq } from '../../server/store/transaction.ts';
import { createDatabase } from '../support/postgres.ts';
import { readTables } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

const postgres = process.env.DATABASE_URL_TEST;
const now = new Date('2026-11-23T20:15:00.000Z');

/** An embedded store as it is when it was just made: making one takes seconds, copying it does not. */
let template: string;
let dir: string;
let store: Store | undefined;

beforeAll(async () => {
	template = mkdtempSync(join(tmpdir(), 'fieldbook-backup-'));
	if (!postgres) await (await openStore({ dir: template }, now)).close();
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), 'fieldbook-backup-'));
});
afterEach(async () => {
	await store?.close();
	store = undefined;
	rmSync(dir, { recursive: true, force: true });
});

async function newPlace(): Promise<{ dir: string } | { url: string }> {
	if (postgres) return { url: await createDatabase(postgres) };
	const place = mkdtempSync(join(dir, 'store-'));
	cpSync(template, place, { recursive: true });
	return { dir: place };
}

const restore = (place: StorePlace, file: string) =>
	'url' in place ? restorePostgres(place, file, now) : restorePglite((place as { dir: string }).dir, file, now);

async function fill({ db }: Store): Promise<void> {
	await seedRecords(db, syncRecords, now);
	await seedLogins(db, [{ userId: 'u-sam', token: 'token-of-sam', accounts: ['a-1', 'a-2'] }], now);
	// What a laptop may hold, and other forms of a backup stumble over.
	await sql`update record set data = ${'{"title": "NUL \\u0000, half a pair \\ud800, \\"quoted\\", \\\\ and {braces},NULL"}'}::text::json where id = 'i-1'`.execute(
		db,
	);
	await sql`insert into text_update (seq, ord, entity, row_id, field, bytes, hlc, by_user, device, group_no, op_no)
		values (1, 0, 'note', 'n-1', 'body', ${Buffer.from([0, 255, 10, 92, 120])}, 'h', null, ${"d'1"}, 1, 0)`.execute(db);
}

/** Every table as text, by name. */
async function dump({ db }: Store, but: readonly string[] = []): Promise<Record<string, string[]>> {
	const { rows } = await sql<{ name: string }>`
		select table_name as name from information_schema.tables where table_schema = current_schema() order by 1`.execute(
		db,
	);
	const tables: Record<string, string[]> = {};
	for (const { name } of rows.filter((table) => !but.includes(table.name))) {
		const lines = await sql<{ line: string }>`select t::text as line from ${sql.table(name)} t`.execute(db);
		tables[name] = lines.rows.map((row) => row.line).sort();
	}
	return tables;
}

describe('a backup', () => {
	test('brings every row of every table back to an empty store, bit by bit, under a new epoch', async () => {
		store = await openStore(await newPlace(), now);
		await fill(store);
		const file = join(dir, 'one.jsonl.gz');
		const head = await writeBackup(store.db, file, { now });
		const before = await dump(store, ['meta', 'schema_migration']);
		const meta = await store.db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
		expect(head).toMatchObject({ seq: await topSeq(store.db), epoch: meta.server_epoch, at: now.toISOString() });
		await store.close();
		expect(before.record?.length).toBe(syncRecords.length);

		const place = postgres ? await newPlace() : { dir: join(dir, 'new') };
		const restored = await restore(place, file);
		store = await openStore(place, now);
		expect(await dump(store, ['meta', 'schema_migration'])).toEqual(before);
		const after = await store.db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
		expect(after).toEqual({ ...meta, server_epoch: restored.epoch });
		expect(restored).toMatchObject({ seq: head.seq, kept: undefined });
		expect(restored.epoch).not.toBe(head.epoch);
		// And it goes on from there.
		await seedRecords(store.db, [{ t: 'account', id: 'a-9', v: { name: 'New' } }], now);
		expect(await topSeq(store.db)).toBe(head.seq + 1);
		await expect(sql`delete from field_history`.execute(store.db)).rejects.toThrow('append-only');
	});

	test('is of one moment, though work goes on meanwhile', async () => {
		store = await openStore(await newPlace(), now);
		const { db } = store;
		await fill(store);
		let isOver = false;
		const work = async () => {
			for (let index = 0; !isOver; index++) {
				await seedRecords(db, [{ t: 'account', id: `a-w${index}`, v: { name: 'x'.repeat(500) } }], now);
				// The embedded store answers without ever letting a timer run.
				await setImmediate();
			}
		};
		const working = work();
		await vi.waitFor(async () => expect(await topSeq(db)).toBeGreaterThan(5));
		for (let round = 0; round < 5; round++) {
			const file = join(dir, `${round}.jsonl.gz`);
			const head = await writeBackup(db, file, { now });
			const lines: unknown[] = [];
			for await (const line of readBackup(file)) lines.push(line);
			const at = (table: string) => lines.findIndex((line) => (line as { table?: string }).table === table);
			expect(lines[at('counter') + 1]).toEqual(['1', String(head.seq)]);
			const rows = lines.filter((line) => Array.isArray(line) && line.some((value) => /^a-w\d+$/.test(value)));
			// A record and its line of history, for each commit since the first two.
			expect(rows).toHaveLength((head.seq - 2) * 2);
		}
		isOver = true;
		await working;
	});

	test('takes the place of what is there, which is kept', async () => {
		const place = await newPlace();
		store = await openStore(place, now);
		await fill(store);
		const file = join(dir, 'one.jsonl.gz');
		await writeBackup(store.db, file, { now });
		const before = await readTables(store);
		await seedRecords(store.db, [{ t: 'account', id: 'a-later', v: { name: 'Later' } }], now);
		const later = await readTables(store);
		await store.close();
		const { kept = '' } = await restore(place, file);
		store = await openStore(place, now);
		expect(await readTables(store)).toEqual(before);
		await store.close();
		expect(existsSync(kept)).toBe(true);
		if (postgres) {
			await restore(place, kept);
		} else {
			rmSync(join((place as { dir: string }).dir, 'pglite'), { recursive: true });
			cpSync(kept, join((place as { dir: string }).dir, 'pglite'), { recursive: true });
		}
		store = await openStore(place, now);
		expect(await readTables(store)).toEqual(later);
	});

	test('that is cut, damaged, of something else or of a newer server changes nothing', async () => {
		const place = await newPlace();
		store = await openStore(place, now);
		await fill(store);
		const file = join(dir, 'one.jsonl.gz');
		await writeBackup(store.db, file, { now });
		const before = await dump(store);
		await store.close();
		const text = gunzipSync(readFileSync(file)).toString();
		const lines = text.trimEnd().split('\n');
		const broken: Record<string, Buffer> = {
			cut: readFileSync(file).subarray(0, -100),
			'flipped bit': flip(readFileSync(file)),
			'without its last line': gzipSync(`${lines.slice(0, -1).join('\n')}\n`),
			'without a row': gzipSync(lines.filter((line) => !line.includes('a-2')).join('\n')),
			'with more behind its end': gzipSync(`${text}["x"]\n`),
			'something else': gzipSync('hello\n'),
			'not packed': Buffer.from(text),
			'from a newer server': gzipSync(text.replace(/"migrations":\[[^\]]*\]/, '"migrations":[1,2,999]')),
		};
		for (const [name, bytes] of Object.entries(broken)) {
			const bad = join(dir, 'bad.jsonl.gz');
			writeFileSync(bad, bytes);
			await expect(restore(place, bad), name).rejects.toThrow(/./);
		}
		store = await openStore(place, now);
		expect(await dump(store)).toEqual(before);
	});

	test.skipIf(!postgres)('of the embedded store fills PostgreSQL', async () => {
		const pglite = await PGlite.create();
		const embedded = await openStore({ pglite }, now);
		await fill(embedded);
		const file = join(dir, 'one.jsonl.gz');
		await writeBackup(embedded.db, file, { now });
		const before = await dump(embedded, ['meta', 'schema_migration']);
		await pglite.close();
		const place = await newPlace();
		await restore(place, file);
		store = await openStore(place, now);
		expect(await dump(store, ['meta', 'schema_migration'])).toEqual(before);
	});

	test('is not restored under a running server', async () => {
		const place = await newPlace();
		store = await openStore(place, now);
		const file = join(dir, 'one.jsonl.gz');
		await writeBackup(store.db, file, { now });
		const unwatch = await store.watchCommits(() => undefined);
		await expect(restore(place, file)).rejects.toThrow(/at work|in use/);
		await unwatch();
		await store.close();
		await restore(place, file);
		store = await openStore(place, now);
	});

	test('of the last release is restored and brought up to this one', async () => {
		const head = {
			fieldbook: 'backup',
			form: 1,
			at: now.toISOString(),
			epoch: 'before',
			seq: 1,
			state: 'x',
			migrations: [1, 2],
		};
		const lines = [
			head,
			{ table: 'meta', columns: ['id', 'server_epoch', 'cursor_key', 'created_at'] },
			['1', 'before', 'c0ffee', now.toISOString()],
			{ table: 'counter', columns: ['id', 'seq'] },
			['1', '1'],
			{ table: 'commit_tag', columns: ['seq', 'tag'] },
			['1', 'abc'],
			{ table: 'assignment', columns: ['user_id', 'account_id'] },
			['u-sam', 'a-1'],
			{ end: true, rows: 4 },
		];
		const file = join(dir, 'old.jsonl.gz');
		writeFileSync(file, gzipSync(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`));
		const place = await newPlace();
		await restore(place, file);
		store = await openStore(place, now);
		expect(await topSeq(store.db)).toBe(1);
		const assigned = await store.db.selectFrom('assignment').selectAll().execute();
		expect(assigned).toMatchObject([{ user_id: 'u-sam', account_id: 'a-1', role: 'SAM', to_seq: null }]);
	});
});

function flip(bytes: Buffer): Buffer {
	const at = Math.floor(bytes.length / 2);
	bytes[at] = (bytes[at] ?? 0) ^ 0x10;
	return bytes;
}
