import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS, pullLine, SERVER_HEADER } from '../../shared/sync/protocol.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: RawDevice;

const start = async (options: Parameters<typeof startTestServer>[0] = {}) => {
	server = await startTestServer({ records: syncRecords, ...options });
	sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	await sam.hello();
};
afterEach(() => server.stop());

/** Creations of issues named "prefix-0", "prefix-1" ... */
const creates = (device: RawDevice, count: number, { prefix = 'x', account = 'a-1' } = {}) =>
	Array.from({ length: count }, (_, index) => ({
		k: 'create',
		t: 'issue',
		id: `${prefix}-${index}`,
		hlc: device.hlc(),
		v: issueValues(account),
	}));

describe('pages', () => {
	beforeEach(() => start());

	test('from the start: every record once, in the agreed form, colleagues and devices with them', async () => {
		const { rows, texts } = await sam.pull();
		for (const row of rows) expect(pullLine.safeParse(row).success).toBe(true);
		expect(rows.map((row) => `${row.t} ${row.id}`).sort()).toEqual(
			[
				...syncRecords.map((record) => `${record.t} ${record.id}`),
				'app_user u-specialist',
				'app_user u-manager',
				'device device-aaaaaaaa',
			].sort(),
		);
		expect(texts).toEqual([]);
		expect((await sam.pull()).rows).toEqual([]);
	});

	test('a page ends between commits', async () => {
		await sam.pull();
		for (const prefix of ['x', 'y', 'z']) await sam.push(creates(sam, 4, { prefix }));
		const page = await sam.page(sam.cursor, 6);
		expect(page.rows.map((row) => row.id)).toEqual(['x-0', 'x-1', 'x-2', 'x-3']);
		expect(page.more).toBe(true);
		const rest = await sam.page(page.cursor, 8);
		expect(rest.rows).toHaveLength(8);
		expect(rest.more).toBe(false);
	});

	test('a commit larger than a page is split and nothing of it is lost, even when rows move on meanwhile', async () => {
		await sam.pull();
		await sam.push([
			...creates(sam, 20, { prefix: 'x' }),
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' },
		]);
		const first = await sam.page(sam.cursor, 7);
		expect(first.rows).toHaveLength(7);
		const base = (await server.serverTables()).records['issue x-15']!.fv['*'];
		await sam.push([{ k: 'set', t: 'issue', id: 'x-15', hlc: sam.hlc(), f: { title: { v: 'Moved', base } } }]);
		sam.cursor = first.cursor;
		const rest = await sam.pull(7);
		const ids = [...first.rows, ...rest.rows].map((row) => row.id);
		expect(new Set(ids)).toEqual(new Set([...Array.from({ length: 20 }, (_, index) => `x-${index}`), 'n-1']));
		expect(rest.texts).toHaveLength(1);
	});

	test('records and texts come in one order, texts of any size included', async () => {
		await sam.pull();
		const big = Buffer.alloc(900_000, 7).toString('base64');
		for (let index = 0; index < 6; index++) {
			await sam.push([
				...creates(sam, 3, { prefix: `x${index}` }),
				{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: big },
			]);
		}
		const { rows, texts, pages } = await sam.pull();
		expect(texts).toHaveLength(6);
		expect(new Set(rows.map((row) => row.id)).size).toBe(19);
		expect(pages).toBeGreaterThan(2);
	});

	test('the cursor goes on past what others may see, so that nothing is read twice', async () => {
		await sam.pull();
		const other = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
		await other.hello();
		const { cursor } = await sam.pull();
		const top = await server.store.db.selectFrom('counter').select('seq').executeTakeFirstOrThrow();
		expect(JSON.parse(Buffer.from(cursor.split('.')[0]!, 'base64url').toString())[3]).toBe(top.seq);
	});
});

describe('cursors', () => {
	beforeEach(() => start());

	test('an altered cursor means starting again, in hello and in pull', async () => {
		const { cursor } = await sam.pull();
		for (let at = 0; at < cursor.length; at++) {
			const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
			await expect(sam.page(changed), `position ${at}`).rejects.toThrow('409');
			if (at % 40 === 0) expect((await sam.hello({ cursor: changed })).body.directive).toBe('rebootstrap');
		}
		expect((await sam.hello({ cursor })).body.directive).toBe('ok');
	});

	test('another person cannot use it, nor its owner with other accounts', async () => {
		const { cursor } = await sam.pull();
		const other = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
		await expect(other.page(cursor)).rejects.toThrow('rebootstrap');
		await server.store.db.insertInto('assignment').values({ user_id: 'u-sam', account_id: 'a-3' }).execute();
		await expect(sam.page(cursor)).rejects.toThrow('rebootstrap');
	});

	test('a store put back to an earlier day: a cursor ahead of it, and lost groups are asked for first', async () => {
		await sam.push(creates(sam, 1, { prefix: 'x' }));
		const { cursor } = await sam.pull();
		await server.store.db.updateTable('counter').set({ seq: 1 }).execute();
		await server.store.db.deleteFrom('commit_tag').where('seq', '>', 1).execute();
		await expect(sam.page(cursor)).rejects.toThrow('rebootstrap');
		expect((await sam.hello({ cursor })).body.directive).toBe('rebootstrap');
		await server.store.db.updateTable('device').set({ last_group: 0 }).execute();
		expect((await sam.hello({ cursor })).body).toMatchObject({ directive: 'replay', lastGroup: 0 });
	});
});

describe('permission', () => {
	beforeEach(() => start({ accounts: { 'u-specialist': ['a-2'], 'u-manager': [] } }));

	test('rows of a foreign account are never pulled, texts and conflicts included', async () => {
		await sam.push([{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' }]);
		const other = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
		await other.hello();
		const { rows, texts } = await other.pull();
		expect(rows.filter((row) => !['app_user', 'device'].includes(row.t)).map((row) => row.id)).toEqual(['a-2', 'i-2']);
		expect(texts).toEqual([]);
		const nobody = new RawDevice(server.url, 'dev-manager', 'cccccccc');
		expect(new Set((await nobody.pull()).rows.map((row) => row.t))).toEqual(new Set(['app_user', 'device']));
	});

	test('a foreign record can be neither edited, deleted, typed into, made nor moved', async () => {
		const other = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
		await other.hello();
		const before = (await server.serverTables()).records;
		const results = await other.push([
			{ k: 'set', t: 'issue', id: 'i-1', hlc: other.hlc(), f: { title: { v: 'Mine now', base: null } } },
			{ k: 'delete', t: 'issue', id: 'i-1', hlc: other.hlc(), base: other.hlc() },
			{ k: 'undelete', t: 'issue', id: 'i-1', hlc: other.hlc() },
			{ k: 'text', t: 'note', id: 'n-1', hlc: other.hlc(), field: 'body', u: 'AQID' },
			...creates(other, 1, { prefix: 'x', account: 'a-1' }),
			{ k: 'set', t: 'issue', id: 'i-2', hlc: other.hlc(), f: { account_id: { v: 'a-1', base: null } } },
			{ k: 'create', t: 'issue', id: 'i-1', hlc: other.hlc(), v: issueValues('a-2') },
			...creates(other, 1, { prefix: 'own', account: 'a-2' }),
		]);
		expect(results.map((result) => [result.op, result.reason])).toEqual([
			...[0, 1, 2, 3, 4, 5].map((op) => [op, 'no_access']),
			[6, 'id_taken'],
		]);
		const { 'issue own-0': own, ...rest } = (await server.serverTables()).records;
		expect(own).toBeDefined();
		const after = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('handover ')));
		expect(after).toEqual(before);
	});

	test("a task without an account is its maker's and its assignee's", async () => {
		const op = {
			k: 'create',
			t: 'task',
			id: 't-1',
			hlc: sam.hlc(),
			v: { title: 'Call back', status: 'TODO', assignee_id: 'u-specialist' },
		};
		await sam.push([op]);
		const has = async (token: string, short: string) =>
			(await new RawDevice(server.url, token, short).pull()).rows.some((row) => row.id === 't-1');
		expect(await has('dev-sam', 'dddddddd')).toBe(true);
		expect(await has('dev-specialist', 'eeeeeeee')).toBe(true);
		expect(await has('dev-manager', 'ffffffff')).toBe(false);
	});
});

describe('the wire', () => {
	beforeEach(() => start());

	test('every reply carries the mark of our server and is not to be stored', async () => {
		const replies = await Promise.all([
			sam.request('/v1/health'),
			sam.request('/v1/sync/pull'),
			sam.request('/nowhere'),
			sam.request('/v1/sync/push', '{'),
			new RawDevice(server.url, 'wrong', 'zzzzzzzz').request('/v1/sync/pull'),
		]);
		expect(replies.map((reply) => reply.status)).toEqual([200, 200, 404, 400, 401]);
		for (const { headers } of replies) {
			expect(headers.get(SERVER_HEADER)).toBe(server.epoch);
			expect(headers.get('cache-control')).toBe('no-store');
		}
	});

	test('a pull is compressed as the client can read it', async () => {
		await sam.push(creates(sam, 200, { prefix: 'x' }));
		const plain = await sam.request<string>('/v1/sync/pull', undefined, { 'accept-encoding': 'identity' });
		for (const encoding of ['gzip', 'zstd']) {
			const packed = await fetch(`${server.url}/v1/sync/pull`, {
				headers: { authorization: 'Bearer dev-sam', 'accept-encoding': encoding },
			});
			expect(packed.headers.get('content-encoding')).toBe(encoding);
			if (encoding === 'gzip') expect((await packed.text()).split('\n').length).toBe(plain.body.split('\n').length);
			else await packed.body?.cancel();
		}
		expect(LIMITS.rowsPerPull).toBe(2000);
	});
});
