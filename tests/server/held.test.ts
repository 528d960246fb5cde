import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let maker: RawDevice;
let editor: RawDevice;
let now: Date;

beforeEach(async () => {
	now = new Date();
	server = await startTestServer({ records: syncRecords, clock: () => now });
	maker = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	editor = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
	for (const device of [maker, editor]) await device.hello();
});
afterEach(() => server.stop());

const create = (id = 'i-9') => ({ k: 'create', t: 'issue', id, hlc: maker.hlc(), v: issueValues('a-1') });
const set = (by: RawDevice, f: Record<string, [unknown, string | null]>) => ({
	k: 'set',
	t: 'issue',
	id: 'i-9',
	hlc: by.hlc(),
	f: Object.fromEntries(Object.entries(f).map(([field, [v, base]]) => [field, { v, base }])),
});
const record = async () => (await server.serverTables()).records['issue i-9'];
const waiting = async () => (await server.store.db.selectFrom('held_op').selectAll().execute()).length;
const conflicts = async () =>
	Object.keys((await server.serverTables()).records).filter((key) => key.startsWith('conflict '));

describe('an edit of a record that this store has lost', () => {
	test('is refused, kept, and applied in the commit in which the record comes back, as its author', async () => {
		const made = create();
		const edit = set(editor, { title: ['Edited', made.hlc], priority: ['LOW', made.hlc] });
		expect(await editor.push([edit])).toMatchObject([{ s: 'refused', reason: 'no_record' }]);
		expect(await waiting()).toBe(1);
		const { body } = await maker.send([maker.group([made])]);
		expect((await record())?.v).toMatchObject({ title: 'Edited', priority: 'LOW' });
		expect(await waiting()).toBe(0);
		expect(await conflicts()).toEqual([]);
		const history = await server.store.db
			.selectFrom('field_history')
			.selectAll()
			.where('row_id', '=', 'i-9')
			.orderBy('ord')
			.execute();
		expect(history.map((line) => [line.seq, line.field, line.by_user, line.device, line.outcome])).toEqual([
			[body.seq, '*', 'u-sam', 'device-aaaaaaaa', 'create'],
			[body.seq, 'title', 'u-specialist', 'device-bbbbbbbb', 'apply'],
			[body.seq, 'priority', 'u-specialist', 'device-bbbbbbbb', 'apply'],
		]);
		expect(await server.store.db.selectFrom('quarantine').selectAll().execute()).toHaveLength(1);
	});

	test('waits for the edit it was made on, which its maker sends later: no clash', async () => {
		const made = create();
		const before = set(maker, { title: ['By its maker', made.hlc] });
		await editor.push([set(editor, { title: ['After that', before.hlc] })]);
		await maker.push([made]);
		expect((await record())?.v.title).toBe('Late invoice');
		expect(await waiting()).toBe(1);
		await maker.push([before]);
		expect((await record())?.v.title).toBe('After that');
		expect(await conflicts()).toEqual([]);
		expect(await waiting()).toBe(0);
	});

	test('goes on from an edit held with it, typing and deleting included', async () => {
		const made = create();
		const one = set(editor, { title: ['One', made.hlc] });
		const two = set(editor, { title: ['Two', one.hlc] });
		await editor.push([one]);
		await editor.push([two, { k: 'delete', t: 'issue', id: 'i-9', hlc: editor.hlc(), base: made.hlc }]);
		await maker.push([made]);
		expect(await record()).toMatchObject({ v: { title: 'Two' }, deleted: true });
		const note = { account_id: 'a-1', at: '2026-11-20T09:00:00.000Z', author_id: 'u-sam' };
		await editor.push([{ k: 'text', t: 'note', id: 'n-9', hlc: editor.hlc(), field: 'body', u: 'AQID' }]);
		await maker.push([{ k: 'create', t: 'note', id: 'n-9', hlc: maker.hlc(), v: note }]);
		const { texts } = await server.serverTables();
		expect(texts).toEqual({ 'note n-9 body': ['AQID'] });
		const [text] = await server.store.db.selectFrom('text_update').selectAll().execute();
		expect(text).toMatchObject({ by_user: 'u-specialist', device: 'device-bbbbbbbb', group_no: 3 });
	});

	test('that clashes with what its maker wrote meanwhile becomes a conflict', async () => {
		const made = create();
		await editor.push([set(editor, { title: ['Editor', made.hlc] })]);
		await maker.push([made, set(maker, { title: ['Maker', made.hlc] })]);
		expect((await record())?.v.title).toBe('Maker');
		const [key] = await conflicts();
		expect((await server.serverTables()).records[key!]?.v).toMatchObject({
			mine_value: 'Editor',
			mine_by: 'u-specialist',
			theirs_value: 'Maker',
		});
	});

	test('does not wait for ever for an edit that nobody has any more', async () => {
		const made = create();
		await editor.push([set(editor, { title: ['After a lost one', maker.hlc()] })]);
		await maker.push([made]);
		now = new Date(now.getTime() + 4 * 86_400_000);
		await maker.push([set(maker, { priority: ['LOW', made.hlc] })]);
		expect(await waiting()).toBe(0);
		expect(await conflicts()).toHaveLength(1);
	});

	test('is judged by the rights its own author has then', async () => {
		const made = create();
		await editor.push([set(editor, { title: ['Edited', made.hlc] })]);
		const at = new Date(now.getTime() - 90 * 86_400_000).toISOString();
		await server.store.db
			.updateTable('assignment')
			.set({ to_seq: 1, to_ord: 0, to_at: at })
			.where('user_id', '=', 'u-specialist')
			.execute();
		await maker.push([made]);
		expect((await record())?.v.title).toBe('Late invoice');
		expect(await waiting()).toBe(0);
	});

	test('two people edit it while it is lost: each is applied by the rules', async () => {
		const made = create();
		const other = new RawDevice(server.url, 'dev-manager', 'cccccccc');
		await other.hello();
		await editor.push([set(editor, { title: ['Editor', made.hlc] })]);
		await other.push([set(other, { title: ['Other', made.hlc], priority: ['LOW', made.hlc] })]);
		await maker.push([made]);
		expect((await record())?.v).toMatchObject({ title: 'Editor', priority: 'LOW' });
		expect(await conflicts()).toHaveLength(1);
	});
});
