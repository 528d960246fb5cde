import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { reassign } from '../../server/admin/reassign.ts';
import type { PullRow } from '../../shared/sync/protocol.ts';
import { readVersions, versionOf } from '../../shared/sync/version.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

const DAY = 86_400_000;

let server: TestServer;
let sam: RawDevice;
let specialist: RawDevice;
let manager: RawDevice;
/** The server's clock. */
let now: Date;

beforeEach(async () => {
	now = new Date();
	server = await startTestServer({
		records: syncRecords,
		accounts: { 'u-sam': ['a-1'], 'u-specialist': ['a-2'], 'u-manager': [] },
		clock: () => now,
	});
	const lines = ['u-sam', 'u-specialist'].map((user_id) => ({ user_id, manager_id: 'u-manager' }));
	await server.store.db.insertInto('reporting_line').values(lines).execute();
	const assigned = ['a-1', 'a-2'].map((account_id) => ({
		user_id: 'u-manager',
		account_id,
		role: 'MANAGER',
		derived: true,
	}));
	await server.store.db.insertInto('assignment').values(assigned).execute();
	[sam, specialist, manager] = await Promise.all([
		device('dev-sam', 'aaaaaaaa'),
		device('dev-specialist', 'bbbbbbbb'),
		device('dev-manager', 'cccccccc'),
	]);
});
afterEach(() => server.stop());

async function device(token: string, short: string, schema = 2): Promise<RawDevice> {
	const made = new RawDevice(server.url, token, short);
	made.schema = schema;
	await made.hello();
	await made.pull();
	return made;
}

const lose = () => reassign(server.store.db, { account: 'a-1', from: 'u-sam', to: 'u-specialist', by: null }, now);

const baseOf = async (key: string, field: string) => {
	const { fv } = (await server.serverTables()).records[key]!;
	return (fv[field] ?? fv['*'])!;
};
const setTitle = async (by: RawDevice, v: string, id = 'i-1') => ({
	k: 'set',
	t: 'issue',
	id,
	hlc: by.hlc(),
	f: { title: { v, base: await baseOf(`issue ${id}`, 'title') } },
});
const create = (by: RawDevice, id: string, account: string) => ({
	k: 'create',
	t: 'issue',
	id,
	hlc: by.hlc(),
	v: issueValues(account),
});

function typed(words: string): string {
	const doc = new Y.Doc();
	doc.clientID = 7;
	doc.getText('body').insert(0, words);
	return Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
}

/** The updates of one stretch of typing, each going on where the one before ended. */
function typedOn(...pieces: string[]): string[] {
	const doc = new Y.Doc();
	const updates: string[] = [];
	doc.on('update', (update: Uint8Array) => void updates.push(Buffer.from(update).toString('base64')));
	for (const piece of pieces) doc.getText('body').insert(doc.getText('body').length, piece);
	return updates;
}

const handovers = async (by: RawDevice): Promise<PullRow['v'][]> => {
	const fresh = await device(by.token, `${by.short.slice(0, 6)}zz`);
	fresh.cursor = null;
	return (await fresh.pull()).rows.filter((row) => row.t === 'handover').map((row) => row.v);
};
const takenBase = ({ fv }: PullRow) => versionOf(readVersions(fv), 'taken_at')!;
const standing = async (key: string, field: string) => (await server.serverTables()).records[key]?.v[field];

describe('work on an account that has gone to somebody else', () => {
	test('is applied, answered as late, and told to the new owner, the manager and its author', async () => {
		const edit = await setTitle(sam, 'Written in the train');
		const ops = [
			edit,
			create(sam, 'i-9', 'a-1'),
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: typed('words') },
		];
		await lose();
		await sam.pull();
		expect(await sam.push(ops)).toEqual([
			{ no: 1, op: 0, s: 'merged', fields: ['title'], late: true },
			{ no: 1, op: 1, s: 'merged', late: true },
			{ no: 1, op: 2, s: 'merged', late: true },
		]);
		expect(await standing('issue i-1', 'title')).toBe('Written in the train');
		expect(await standing('issue i-9', 'account_id')).toBe('a-1');
		expect((await server.serverTables()).texts).toEqual({ 'note n-1 body': [typed('words')] });
		for (const who of [sam, specialist, manager]) {
			expect(await handovers(who), who.token).toMatchObject([
				{
					account_id: 'a-1',
					kind: 'APPLIED',
					from_user: 'u-sam',
					written_at: '2026-11-23T20:00:00+01:00',
					summary: 'Issue “Written in the train”: Title; Issue “Late invoice”: new; Note “Call”: Text',
					changes: [
						{ entity: 'issue', row_id: 'i-1', field: 'title', value: 'Written in the train' },
						{ entity: 'issue', row_id: 'i-9', field: '*' },
						{ entity: 'note', row_id: 'n-1', field: 'body', value: 'words' },
					],
				},
			]);
		}
		const rows = (await sam.pull()).rows.filter((row) => row.t !== 'device');
		const gone = rows.map((row) => `${row.t} ${row.v.account_id}`);
		expect(gone).toEqual(['handover a-1']);
	});

	test('that clashes is late and a conflict for those who have it now, not for who lost it', async () => {
		const mine = await setTitle(sam, 'Mine');
		await lose();
		await specialist.push([await setTitle(specialist, 'Theirs')]);
		expect(await sam.push([mine])).toEqual([{ no: 1, op: 0, s: 'conflict', fields: ['title'], late: true }]);
		expect((await specialist.pull()).rows.find((row) => row.t === 'conflict')?.v).toMatchObject({
			mine_value: 'Mine',
			theirs_value: 'Theirs',
		});
		expect(JSON.stringify((await sam.pull()).lines)).not.toContain('Theirs');
	});

	test('is one hand-over for a group, sent again or not, and a manager or new owner takes it', async () => {
		const edit = await setTitle(sam, 'Late');
		await lose();
		const nonce = sam.nonce;
		const group = sam.group([edit]);
		await sam.send([group]);
		sam.nonce = nonce;
		await sam.send([group]);
		const renamed = await device('dev-sam', 'renamedr');
		expect(await renamed.push([edit])).toEqual([]);
		const [line, ...others] = (await specialist.pull()).rows.filter((row) => row.t === 'handover');
		expect(others).toEqual([]);
		const take = (by: RawDevice, field = 'taken_at', v: unknown = '2026-11-24T08:00:00.000Z') => ({
			k: 'set',
			t: 'handover',
			id: line!.id,
			hlc: by.hlc(),
			f: { [field]: { v, base: null } },
		});
		expect(await specialist.push([take(specialist, 'summary', 'x')])).toMatchObject([{ reason: 'office_owned' }]);
		expect(await specialist.push([take(specialist)])).toEqual([]);
		expect((await manager.pull()).rows.find((row) => row.t === 'handover')?.v.taken_at).toBe(
			'2026-11-24T08:00:00.000Z',
		);
	});

	test('is one hand-over however late more of it comes, until it is taken', async () => {
		const text = (u = '') => ({ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u });
		const doc = new Y.Doc();
		const updates: string[] = [];
		doc.on('update', (update: Uint8Array) => void updates.push(Buffer.from(update).toString('base64')));
		const body = doc.getText('body');
		body.insert(0, 'Before they lost it. ');
		await sam.push([text(updates[0])]);
		now = new Date(now.getTime() + 1000);
		await lose();
		specialist.clockMs = () => now.getTime() + 1;
		body.insert(body.length, 'The fee was waved');
		body.insert(body.length, ' in May');
		body.insert(body.toString().indexOf('waved') + 2, 'i');
		for (const update of updates.slice(1, 3)) await sam.push([text(update)]);
		await sam.push([text(updates[3]), await setTitle(sam, 'Late')]);
		const stretch = [
			{ row_id: 'n-1', field: 'body', value: 'The fee was waived in May' },
			{ row_id: 'i-1', field: 'title', value: 'Late' },
		];
		for (const who of [sam, specialist])
			expect(await handovers(who)).toMatchObject([
				{ kind: 'APPLIED', changes: stretch, summary: 'Note “Call”: Text; Issue “Late”: Title' },
			]);
		now = new Date(now.getTime() + 3 * DAY);
		body.insert(body.length, ', and in June');
		await sam.push([text(updates[4])]);
		expect(await handovers(specialist)).toMatchObject([
			{ changes: [{ value: 'The fee was waived in May, and in June' }, { value: 'Late' }] },
		]);
		const row = (await specialist.pull()).rows.find(({ t }) => t === 'handover');
		const f = { taken_at: { v: now.toISOString(), base: takenBase(row!) } };
		expect(await specialist.push([{ k: 'set', t: 'handover', id: row!.id, hlc: specialist.hlc(), f }])).toEqual([]);
		body.insert(body.length, '. More');
		expect(await sam.push([text(updates[5])])).toMatchObject([{ late: true }]);
		expect((await handovers(specialist)).map(({ changes }) => (changes as unknown[]).length)).toEqual([2, 1]);
	});

	test('stays open for who took it without having seen all of it', async () => {
		const [one, two] = [await setTitle(sam, 'One'), create(sam, 'i-9', 'a-1')];
		await lose();
		await sam.push([one]);
		const seen = (await specialist.pull()).rows.find(({ t }) => t === 'handover')!;
		await sam.push([two]);
		// The taking is the later edit, made by what the laptop had fetched before.
		now = new Date(now.getTime() + 3_600_000);
		specialist.clockMs = () => now.getTime();
		const take = (row: PullRow) => ({
			k: 'set',
			t: 'handover',
			id: row.id,
			hlc: specialist.hlc(),
			f: { taken_at: { v: now.toISOString(), base: takenBase(row) } },
		});
		expect(await specialist.push([take(seen)])).toMatchObject([{ s: 'superseded', fields: ['taken_at'] }]);
		const whole = (await specialist.pull()).rows.find(({ t }) => t === 'handover')!;
		expect(whole.v.taken_at ?? null).toBeNull();
		expect((whole.v.changes as unknown[]).length).toBe(2);
		expect(await specialist.push([take(whole)])).toEqual([]);
		expect((await manager.pull()).rows.find(({ t }) => t === 'handover')?.v.taken_at).toBe(now.toISOString());
	});

	test('does not show its author what became of the record', async () => {
		const edit = {
			...(await setTitle(sam, 'x')),
			f: { priority: { v: 'LOW', base: await baseOf('issue i-1', 'priority') } },
		};
		await lose();
		await specialist.push([await setTitle(specialist, 'Secret since')]);
		await sam.push([edit]);
		expect(JSON.stringify((await sam.pull()).lines)).not.toContain('Secret');
	});

	test.each([
		['29 days after', { written: 0, sent: 29, isTaken: true }],
		['after 40 days, though written in time', { written: 0, sent: 40, isTaken: true }],
		['written 31 days after', { written: 31, sent: 31, isTaken: false }],
		['written by a clock a year ahead, in time', { written: 365, sent: 5, isTaken: true }],
	])('%s', async (_, { written, sent, isTaken }) => {
		const base = await baseOf('issue i-1', 'title');
		await lose();
		const lostAt = now.getTime();
		sam.clockMs = () => lostAt + written * DAY;
		now = new Date(lostAt + sent * DAY);
		const op = { k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { title: { v: 'Late', base } } };
		const [result] = await sam.push([op]);
		expect(result).toMatchObject(isTaken ? { s: 'merged', late: true } : { s: 'refused', reason: 'no_access' });
		expect(await standing('issue i-1', 'title')).toBe(isTaken ? 'Late' : 'Late invoice');
	});

	test('moves a record only where its author may still write', async () => {
		await lose();
		const op = {
			k: 'set',
			t: 'issue',
			id: 'i-1',
			hlc: sam.hlc(),
			f: { account_id: { v: 'a-2', base: await baseOf('issue i-1', '*') } },
		};
		expect(await sam.push([op])).toMatchObject([{ s: 'refused', reason: 'no_access' }]);
		expect(await standing('issue i-1', 'account_id')).toBe('a-1');
	});

	test('an old laptop reads the answer, and is sent no hand-over', async () => {
		const old = await device('dev-sam', 'oldoldol', 1);
		const edit = await setTitle(old, 'From the old laptop');
		await lose();
		expect(await old.push([edit])).toMatchObject([{ s: 'merged', late: true }]);
		old.cursor = null;
		expect((await old.pull()).rows.filter((row) => row.t === 'handover')).toEqual([]);
	});
});

describe('work that its author may not do', () => {
	test('on an account they never had is held whole, for its people, their manager and them', async () => {
		const [said, more] = typedOn('what was said', ', all of it');
		const words = { k: 'text', t: 'note', id: 'n-2', hlc: sam.hlc(), field: 'body', u: said };
		const note = { account_id: 'a-2', at: '2026-11-20T09:00:00.000Z', author_id: 'u-sam', title: 'Call' };
		const results = await sam.push([
			await setTitle(sam, 'Mine now', 'i-2'),
			{ k: 'create', t: 'note', id: 'n-2', hlc: sam.hlc(), v: note },
			words,
			create(sam, 'i-own', 'a-1'),
		]);
		expect(results.map(({ op, reason }) => [op, reason])).toEqual([
			[0, 'no_access'],
			[1, 'no_access'],
			[2, 'no_access'],
		]);
		// Typing that comes in a later push belongs to the same refused note.
		expect(await sam.push([{ ...words, hlc: sam.hlc(), u: more }])).toMatchObject([{ reason: 'no_access' }]);
		expect(await standing('issue i-2', 'title')).toBe('Late invoice');
		for (const who of [sam, specialist, manager]) {
			const [first, second] = (await handovers(who)) as Array<
				Record<string, unknown> & { changes: Array<Record<string, unknown>> }
			>;
			expect(first, who.token).toMatchObject({ kind: 'HELD', account_id: 'a-2', from_user: 'u-sam' });
			const held = Object.fromEntries(first!.changes.map((line) => [`${line.row_id} ${line.field}`, line.value]));
			expect(held).toMatchObject({
				'i-2 title': 'Mine now',
				'n-2 title': 'Call',
				'n-2 body': 'what was said, all of it',
			});
			expect(first!.changes.every((line) => line.reason === 'no_access')).toBe(true);
			expect(second).toBeUndefined();
		}
		const quarantined = await server.store.db.selectFrom('quarantine').selectAll().execute();
		expect(quarantined).toHaveLength(4);
	});

	test('what a manager only reads is refused as read-only, held, and sent out as it stands', async () => {
		const base = await baseOf('note n-1', 'title');
		await manager.pull();
		expect(
			await manager.push([
				{ k: 'set', t: 'note', id: 'n-1', hlc: manager.hlc(), f: { title: { v: 'Managed', base } } },
			]),
		).toMatchObject([{ s: 'refused', reason: 'read_only' }]);
		expect(await handovers(sam)).toMatchObject([
			{ kind: 'HELD', account_id: 'a-1', from_user: 'u-manager', summary: 'Note “Managed”: Title' },
		]);
		expect((await manager.pull()).rows.map((row) => row.id)).toContain('n-1');
	});

	test('for an account that does not exist is held for its author and their manager alone', async () => {
		await sam.push([create(sam, 'i-9', 'nowhere'), create(sam, 'i-8', 'nul\0')]);
		expect(await handovers(specialist)).toEqual([]);
		for (const who of [sam, manager])
			expect(await handovers(who), who.token).toMatchObject([{ kind: 'HELD', from_user: 'u-sam' }]);
	});
});

describe('a child whose parent is not there', () => {
	test('because somebody deleted it is taken as it is, on its own account', async () => {
		await sam.push([{ k: 'delete', t: 'visit', id: 'v-1', hlc: sam.hlc(), base: await baseOf('visit v-1', '*') }]);
		const parent = { account_id: 'a-1', visit_id: 'v-1' };
		const results = await sam.push([
			{ k: 'create', t: 'attendee', id: 'at-1', hlc: sam.hlc(), v: { ...parent, name: 'Eva', side: 'CLIENT' } },
			{ k: 'create', t: 'checklist_item', id: 'c-9', hlc: sam.hlc(), v: { ...parent, text: 'Badge', sort_key: 'n' } },
			{
				k: 'create',
				t: 'task',
				id: 't-9',
				hlc: sam.hlc(),
				v: { account_id: 'a-1', parent_type: 'visit', parent_id: 'v-1', title: 'Ask', status: 'TODO' },
			},
		]);
		expect(results).toEqual([]);
		for (const key of ['attendee at-1', 'checklist_item c-9', 'task t-9'])
			expect(await standing(key, 'account_id')).toBe('a-1');
		expect((await server.serverTables()).records['visit v-1']?.deleted).toBe(true);
	});

	test('is taken too when the parent never came: it may be on its way from another laptop', async () => {
		const at = '2026-11-20T09:00:00.000Z';
		const parent = { account_id: 'a-1', parent_type: 'visit', parent_id: 'v-elsewhere' };
		const v = { ...parent, at, author_id: 'u-sam', title: 'Call' };
		expect(await sam.push([{ k: 'create', t: 'note', id: 'n-9', hlc: sam.hlc(), v }])).toEqual([]);
		expect(await standing('note n-9', 'parent_id')).toBe('v-elsewhere');
	});
});
