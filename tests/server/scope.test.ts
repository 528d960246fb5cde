import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import { pullLine } from '../../shared/sync/protocol.ts';
import { type Pulled, RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

const YTEXT = 'AQID';

let server: TestServer;
let sam: RawDevice;
let specialist: RawDevice;

/** Sam has a-1 and a-2, the specialist a-2, the manager nothing. */
beforeEach(async () => {
	server = await startTestServer({
		records: syncRecords,
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-2'], 'u-manager': [] },
	});
	sam = await device('dev-sam', 'aaaaaaaa');
	specialist = await device('dev-specialist', 'bbbbbbbb');
	await sam.push([text('n-1')]);
	for (const one of [sam, specialist]) await one.pull();
});
afterEach(() => server.stop());

async function device(token: string, short: string, schema = 2): Promise<RawDevice> {
	const made = new RawDevice(server.url, token, short);
	made.schema = schema;
	await made.hello();
	return made;
}

const text = (id: string, by = sam) => ({ k: 'text', t: 'note', id, hlc: by.hlc(), field: 'body', u: YTEXT });

const give = (account: string, from: string, to: string) =>
	reassign(server.store.db, { account, from, to, by: null }, new Date());

const ids = (pulled: Pulled, account: string) =>
	pulled.rows.filter((row) => (row.t === 'account' ? row.id : row.v.account_id) === account).map((row) => row.id);

/** What a laptop holds after applying all it has pulled: an account that left takes its records with it. */
class Held {
	readonly rows = new Map<string, Record<string, unknown>>();
	readonly texts = new Map<string, Set<string>>();

	apply({ lines }: Pulled): this {
		for (const line of lines) {
			if ('scope' in line) {
				if (line.scope === 'leave')
					this.#drop((row, key) => row.account_id === line.account || key === `account ${line.account}`);
			} else if ('gone' in line) this.#drop((_, key) => key === `${line.t} ${line.id}`);
			else if ('y' in line) this.texts.set(line.id, (this.texts.get(line.id) ?? new Set()).add(line.hlc));
			else if ('v' in line) this.rows.set(`${line.t} ${line.id}`, { ...line.v, fv: line.fv, del: line.del });
		}
		return this;
	}

	#drop(isIt: (row: Record<string, unknown>, key: string) => boolean): void {
		for (const [key, row] of this.rows) {
			if (!isIt(row, key)) continue;
			this.rows.delete(key);
			this.texts.delete(key.split(' ')[1] ?? '');
		}
	}

	sorted() {
		const rows = [...this.rows].filter(([key]) => !key.startsWith('device ')).sort();
		return { rows, texts: [...this.texts].map(([id, hlcs]) => [id, [...hlcs].sort()]).sort() };
	}
}

describe('an account that changes hands', () => {
	test('leaves the one laptop and comes to the other with all its records and texts', async () => {
		const { seq } = await give('a-1', 'u-sam', 'u-specialist');
		const left = await sam.pull();
		expect(left.lines).toEqual([{ scope: 'leave', account: 'a-1', seq }]);
		const came = await specialist.pull();
		expect(came.lines[0]).toEqual({ scope: 'enter', account: 'a-1', seq });
		expect(ids(came, 'a-1').sort()).toEqual(['a-1', 'c-1', 'i-1', 'n-1', 'p-1', 'v-1']);
		expect(came.texts.map((line) => [line.id, line.y])).toEqual([['n-1', YTEXT]]);
		for (const line of [...left.lines, ...came.lines]) expect(pullLine.safeParse(line).success).toBe(true);
		expect((await sam.pull()).lines).toEqual([]);
		expect((await specialist.pull()).lines).toEqual([]);
	});

	test('sends nothing of it before the line that says it has come, and nothing twice', async () => {
		await sam.push([
			{ k: 'create', t: 'issue', id: 'i-9', hlc: sam.hlc(), v: issueValues('a-1') },
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: YTEXT },
		]);
		await give('a-1', 'u-sam', 'u-specialist');
		const { lines } = await specialist.pull();
		expect(lines[0]).toMatchObject({ scope: 'enter' });
		const keys = lines.map((line) => JSON.stringify(line));
		expect(new Set(keys).size).toBe(keys.length);
		expect(keys.filter((key) => key.includes('"i-9"'))).toHaveLength(1);
	});

	test('is followed by what happens to it afterwards, once', async () => {
		await give('a-1', 'u-sam', 'u-specialist');
		await specialist.pull();
		await specialist.push([{ k: 'create', t: 'issue', id: 'i-9', hlc: specialist.hlc(), v: issueValues('a-1') }]);
		expect((await specialist.pull()).rows.map((row) => row.id)).toEqual(['i-9']);
		expect((await sam.pull()).lines.map((line) => ('scope' in line ? line.scope : 'row'))).toEqual(['leave']);
	});

	test.each([1, 2, 3, 5])(
		'in pages of %i lines: the cursor goes on within it, whatever is edited meanwhile',
		async (max) => {
			await sam.push(
				Array.from({ length: 7 }, (_, index) => ({
					k: 'create',
					t: 'issue',
					id: `x-${index}`,
					hlc: sam.hlc(),
					v: issueValues('a-1'),
				})),
			);
			await sam.push([text('n-1'), text('n-1')]);
			const held = new Held().apply(await specialist.pull());
			await give('a-1', 'u-sam', 'u-specialist');
			const other = await device('dev-specialist', 'cccccccc');
			const base = (await server.serverTables()).records['issue x-6']?.fv['*'];
			for (let round = 0; round < 60; round++) {
				const page = await specialist.page(specialist.cursor, max);
				specialist.cursor = page.cursor;
				held.apply(page);
				expect(page.lines.length).toBeLessThanOrEqual(max);
				if (round === 3)
					await other.push([{ k: 'create', t: 'issue', id: 'late', hlc: other.hlc(), v: issueValues('a-1') }]);
				if (round === 4)
					await other.push([
						{ k: 'set', t: 'issue', id: 'x-6', hlc: other.hlc(), f: { priority: { v: 'LOW', base } } },
					]);
				if (!page.more && round > 4) break;
			}
			const fresh = new Held().apply(await (await device('dev-specialist', 'dddddddd')).pull());
			expect(ids(await (await device('dev-specialist', 'eeeeeeee')).pull(), 'a-1')).toHaveLength(14);
			const known = held.sorted();
			expect(known.rows.filter(([, row]) => row.account_id === 'a-1')).toEqual(
				fresh.sorted().rows.filter(([, row]) => row.account_id === 'a-1'),
			);
			expect(known.texts).toEqual(fresh.sorted().texts);
		},
	);

	test('that came and went before anybody looked is not sent', async () => {
		await give('a-1', 'u-sam', 'u-specialist');
		await give('a-1', 'u-specialist', 'u-sam');
		const seen = await specialist.pull();
		expect(seen.rows).toEqual([]);
		expect(seen.texts).toEqual([]);
		const held = new Held().apply(await sam.pull());
		const fresh = new Held().apply(await (await device('dev-sam', 'ffffffff')).pull()).sorted();
		expect(held.sorted().texts).toEqual(fresh.texts);
		expect([...held.rows.keys()]).toContain('issue i-1');
	});

	test('while a laptop still pulls from the start: it ends with what is its own', async () => {
		const fresh = await device('dev-specialist', 'cccccccc');
		const held = new Held();
		for (let round = 0; ; round++) {
			const page = await fresh.page(fresh.cursor, 2);
			fresh.cursor = page.cursor;
			held.apply(page);
			if (round === 1) await give('a-1', 'u-sam', 'u-specialist');
			if (round === 2) await give('a-2', 'u-specialist', 'u-manager');
			if (!page.more) break;
		}
		const keys = [...held.rows.keys()].filter((key) => !/^(app_user|device) /.test(key));
		expect(keys.sort()).toEqual([
			'account a-1',
			'checklist_item c-1',
			'issue i-1',
			'note n-1',
			'patent_asset p-1',
			'visit v-1',
		]);
		expect(held.texts.size).toBe(1);
	});

	test('names its new person in its record, with who and what before in the history', async () => {
		const { db } = server.store;
		await db
			.updateTable('record')
			.set({ data: JSON.stringify({ account_no: '1', name: 'N', sam_user: 'u-sam' }) })
			.where('id', '=', 'a-1')
			.execute();
		const { seq } = await give('a-1', 'u-sam', 'u-specialist');
		const row = (await specialist.pull()).rows.find(({ id }) => id === 'a-1');
		expect(row).toMatchObject({ seq, v: { sam_user: 'u-specialist' } });
		const lines = await db.selectFrom('field_history').selectAll().where('seq', '=', seq).orderBy('ord').execute();
		expect(lines.map(({ field, before, value }) => [field, before, value])).toEqual([
			['@assigned', 'u-sam', 'u-specialist'],
			['sam_user', 'u-sam', 'u-specialist'],
		]);
	});
});

describe('a laptop of the first release', () => {
	test('is told to start again, as ever, and gets no line it does not know', async () => {
		const old = await device('dev-specialist', 'oldoldol', 1);
		await old.pull();
		await give('a-1', 'u-sam', 'u-specialist');
		await expect(old.pull()).rejects.toThrow('rebootstrap');
		expect((await old.hello()).body.directive).toBe('rebootstrap');
		old.cursor = null;
		const all = await old.pull();
		expect(ids(all, 'a-1').sort()).toEqual(['a-1', 'c-1', 'i-1', 'n-1', 'p-1', 'v-1']);
		expect([...all.scopes, ...all.gone]).toEqual([]);
	});

	test('misses nothing of an account that went and came back while it was away', async () => {
		const old = await device('dev-specialist', 'oldoldol', 1);
		await old.pull();
		const issue = (await specialist.page(null)).rows.find((row) => row.id === 'i-2');
		const edit = { v: 'Edited before it went', base: issue?.fv };
		await specialist.push([{ k: 'set', t: 'issue', id: 'i-2', hlc: specialist.hlc(), f: { title: edit } }]);
		await give('a-2', 'u-specialist', 'u-manager');
		await give('a-2', 'u-manager', 'u-specialist');
		// Its cursor names the same accounts as before, so that nothing tells it to start again.
		expect((await old.pull()).rows.find((row) => row.id === 'i-2')?.v.title).toBe('Edited before it went');
	});

	test('that was brought up to date goes on with the cursor it has', async () => {
		const laptop = await device('dev-specialist', 'oldoldol', 1);
		await laptop.pull();
		laptop.schema = 2;
		expect((await laptop.hello()).body).toMatchObject({ directive: 'ok', features: expect.arrayContaining(['scope']) });
		await give('a-1', 'u-sam', 'u-specialist');
		// The cursor is of its accounts as they were; with others it is of no use, and the laptop starts anew.
		await expect(laptop.page(laptop.cursor)).rejects.toThrow('rebootstrap');
		laptop.cursor = null;
		await laptop.pull();
		await give('a-1', 'u-specialist', 'u-sam');
		expect((await laptop.pull()).scopes.map((line) => line.scope)).toEqual(['leave']);
	});
});

describe('who may give an account away', () => {
	const ask = (by: RawDevice, body: unknown) =>
		by.request<{ seq: number; changed: boolean; error?: { code: string } }>('/v1/admin/reassign', body);

	test('a manager of the account, once; nobody else', async () => {
		const manager = await device('dev-manager', 'cccccccc');
		const body = { account: 'a-1', from: 'u-sam', to: 'u-specialist' };
		for (const who of [sam, specialist, manager]) expect((await ask(who, body)).status).toBe(403);
		await server.store.db
			.insertInto('assignment')
			.values({ user_id: 'u-manager', account_id: 'a-1', role: 'MANAGER' })
			.execute();
		const done = await ask(manager, body);
		expect(done).toMatchObject({ status: 200, body: { changed: true } });
		expect(await ask(manager, body)).toMatchObject({ status: 200, body: { changed: false } });
		expect((await specialist.pull()).scopes).toEqual([{ scope: 'enter', account: 'a-1', seq: done.body.seq }]);
		expect((await ask(manager, { ...body, to: 'u-nobody' })).status).toBe(404);
		expect((await ask(manager, { ...body, from: 'u-manager', to: 'u-sam' })).status).toBe(200);
		expect((await ask(manager, { ...body, from: 'u-specialist', to: 'u-sam' })).status).toBe(403);
		expect((await ask(manager, { account: 'a-1' })).status).toBe(400);
	});

	test('what managers see follows from whom they manage', async () => {
		const { db } = server.store;
		const manager = await device('dev-manager', 'cccccccc');
		await manager.pull();
		await db.insertInto('reporting_line').values({ user_id: 'u-specialist', manager_id: 'u-manager' }).execute();
		await give('a-1', 'u-sam', 'u-specialist');
		expect((await manager.pull()).scopes.map((line) => [line.scope, line.account])).toEqual([['enter', 'a-1']]);
		await give('a-1', 'u-specialist', 'u-sam');
		expect((await manager.pull()).scopes.map((line) => [line.scope, line.account])).toEqual([['leave', 'a-1']]);
	});
});
