import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Pulled, RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let both: RawDevice;
let first: RawDevice;
let second: RawDevice;

/** Sam has both accounts, the specialist the first, the manager (as a SAM) the second. */
beforeEach(async () => {
	server = await startTestServer({
		records: syncRecords,
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-1'], 'u-manager': ['a-2'] },
	});
	both = await device('dev-sam', 'aaaaaaaa');
	first = await device('dev-specialist', 'bbbbbbbb');
	second = await device('dev-manager', 'cccccccc');
	await both.push([text('01'), text('02')]);
	for (const one of [both, first, second]) await one.pull();
});
afterEach(() => server.stop());

async function device(token: string, short: string, schema = 2): Promise<RawDevice> {
	const made = new RawDevice(server.url, token, short);
	made.schema = schema;
	await made.hello();
	await made.pull();
	return made;
}

const text = (byte: string, id = 'n-1') => ({
	k: 'text',
	t: 'note',
	id,
	hlc: both.hlc(),
	field: 'body',
	u: Buffer.from(byte, 'hex').toString('base64'),
});

const move = async (account: string | null, on = 'note n-1') => {
	const [t, id] = on.split(' ');
	const { fv } = (await server.serverTables()).records[on]!;
	return both.push([
		{ k: 'set', t, id, hlc: both.hlc(), f: { account_id: { v: account, base: fv.account_id ?? fv['*'] } } },
	]);
};

const bytes = (pulled: Pulled) => pulled.texts.map((line) => Buffer.from(line.y, 'base64').toString('hex')).sort();
const kinds = ({ lines }: Pulled) =>
	lines.map((line) =>
		'gone' in line ? `gone ${line.id}` : 'y' in line ? `text ${line.id}` : 'v' in line ? `row ${line.id}` : 'scope',
	);

describe('a record that goes to another account', () => {
	test('goes from those who lose it, and comes with all its text to those who gain it', async () => {
		await move('a-2');
		expect(kinds(await first.pull())).toEqual(['gone n-1']);
		const came = await second.pull();
		expect(came.rows.map((row) => [row.id, row.v.account_id])).toEqual([['n-1', 'a-2']]);
		expect(bytes(came)).toEqual(['01', '02']);
		// Who has both has its text already.
		expect(kinds(await both.pull())).toEqual(['row n-1']);
		for (const one of [both, first, second]) expect((await one.pull()).lines).toEqual([]);
	});

	test('and back before anybody looked: nobody loses anything', async () => {
		await move('a-2');
		await both.push([text('03')]);
		await move('a-1');
		const back = await first.pull();
		expect(kinds(back).filter((kind) => kind.startsWith('gone'))).toEqual([]);
		expect(back.rows.map((row) => row.v.account_id)).toEqual(['a-1']);
		expect(bytes(back)).toContain('03');
		expect((await second.pull()).rows).toEqual([]);
	});

	test('in pages of one line, with typing before, between and after', async () => {
		await move('a-2');
		await both.push([text('03')]);
		const pages = await second.pull(1);
		expect(new Set(bytes(pages))).toEqual(new Set(['01', '02', '03']));
		expect(pages.rows.map((row) => row.id)).toEqual(['n-1']);
	});

	test('many at once: each brings its own text, however pages fall', async () => {
		const ids = Array.from({ length: 9 }, (_, index) => `m-${index}`);
		const note = { account_id: 'a-1', at: '2026-11-20T09:00:00.000Z', author_id: 'u-sam', title: 'Call' };
		await both.push(ids.map((id) => ({ k: 'create', t: 'note', id, hlc: both.hlc(), v: note })));
		await both.push(ids.flatMap((id, index) => [text(`0${index}`, id), text(`1${index}`, id)]));
		const { records } = await server.serverTables();
		await both.push(
			ids.map((id) => ({
				k: 'set',
				t: 'note',
				id,
				hlc: both.hlc(),
				f: { account_id: { v: 'a-2', base: records[`note ${id}`]!.fv['*'] } },
			})),
		);
		const came = await second.pull(4);
		expect(new Set(came.rows.map((row) => row.id))).toEqual(new Set(ids));
		expect(new Set(bytes(came))).toEqual(new Set(ids.flatMap((_, index) => [`0${index}`, `1${index}`])));
	});

	test('an old laptop is sent a deletion it can apply, with nothing of the record in it, and old text', async () => {
		const oldFirst = await device('dev-specialist', 'oldfirst', 1);
		const oldSecond = await device('dev-manager', 'oldsecon', 1);
		await move('a-2');
		const [line, ...rest] = (await oldFirst.pull()).rows.filter((row) => row.t !== 'device');
		expect(rest).toEqual([]);
		expect(line).toMatchObject({
			t: 'note',
			id: 'n-1',
			del: expect.any(String),
			v: { account_id: 'a-1', author_id: expect.any(String), at: expect.any(String) },
		});
		expect(JSON.stringify(line)).not.toContain('Call');
		const came = await oldSecond.pull();
		expect(
			kinds(came)
				.filter((kind) => !kind.startsWith('text'))
				.sort(),
		).toEqual(['row n-1']);
		expect(bytes(came)).toEqual(['01', '02']);
	});

	test('takes its conflicts with it', async () => {
		const base = (await server.serverTables()).records['issue i-1']!.fv['*'];
		const title = (by: RawDevice, v: string) => ({
			k: 'set',
			t: 'issue',
			id: 'i-1',
			hlc: by.hlc(),
			f: { title: { v, base } },
		});
		await both.push([title(both, 'One')]);
		await first.push([title(first, 'Two')]);
		for (const one of [both, first, second]) await one.pull();
		await move('a-2', 'issue i-1');
		const came = await second.pull();
		expect(came.rows.map((row) => row.t).sort()).toEqual(['conflict', 'issue']);
		expect(came.rows.find((row) => row.t === 'conflict')?.v).toMatchObject({ account_id: 'a-2', theirs_value: 'One' });
		const lost = kinds(await first.pull());
		expect(lost.filter((kind) => kind.startsWith('gone'))).toHaveLength(2);
		// Who has both accounts hears of it under a version they do not have.
		const conflict = (await both.pull()).rows.find((row) => row.t === 'conflict');
		expect(conflict?.fv).toContain('account_id');
	});

	test('takes a conflict with it that the same push has made', async () => {
		const base = (await server.serverTables()).records['issue i-1']?.fv['*'];
		const edit = (v: string) => ({ title: { v, base, was: 'Late invoice' } });
		await first.push([{ k: 'set', t: 'issue', id: 'i-1', hlc: first.hlc(), f: edit('One') }]);
		await both.push([
			{ k: 'set', t: 'issue', id: 'i-1', hlc: both.hlc(), f: edit('Two') },
			{ k: 'set', t: 'issue', id: 'i-1', hlc: both.hlc(), f: { account_id: { v: 'a-2', base } } },
		]);
		const came = await second.pull();
		expect(came.rows.find((row) => row.t === 'conflict')?.v).toMatchObject({ account_id: 'a-2', mine_value: 'Two' });
		expect((await first.pull()).rows.filter((row) => row.t === 'conflict')).toEqual([]);
	});

	test('an edit made before its author knew is applied as late', async () => {
		const op = {
			k: 'set',
			t: 'note',
			id: 'n-1',
			hlc: first.hlc(),
			f: { title: { v: 'Edited in the train', base: (await server.serverTables()).records['note n-1']!.fv['*'] } },
		};
		await move('a-2');
		expect(await first.push([op])).toMatchObject([{ s: 'merged', late: true }]);
		expect((await server.serverTables()).records['note n-1']?.v).toMatchObject({
			title: 'Edited in the train',
			account_id: 'a-2',
		});
		expect((await second.pull()).rows.map((row) => row.t)).toContain('handover');
	});
});

describe('a task without an account', () => {
	test('goes from the one it was given to when it is given to another', async () => {
		const v = { title: 'Call back', status: 'TODO', assignee_id: 'u-specialist' };
		await both.push([{ k: 'create', t: 'task', id: 't-1', hlc: both.hlc(), v }]);
		await first.pull();
		const base = (await server.serverTables()).records['task t-1']!.fv['*'];
		await both.push([
			{ k: 'set', t: 'task', id: 't-1', hlc: both.hlc(), f: { assignee_id: { v: 'u-manager', base } } },
		]);
		expect(kinds(await first.pull())).toEqual(['gone t-1']);
		expect(kinds(await second.pull())).toEqual(['row t-1']);
		expect(kinds(await both.pull())).toContain('row t-1');
	});

	test('and one that gets an account is seen by its people', async () => {
		await both.push([
			{ k: 'create', t: 'task', id: 't-1', hlc: both.hlc(), v: { title: 'Call back', status: 'TODO' } },
		]);
		await move('a-2', 'task t-1');
		expect(kinds(await second.pull())).toEqual(['row t-1']);
		expect(kinds(await both.pull())).toEqual(['row t-1']);
		expect((await first.pull()).lines).toEqual([]);
	});
});

test('a record made and moved between two pulls is not known to have gone by whoever never saw it', async () => {
	await both.push([{ k: 'create', t: 'issue', id: 'i-9', hlc: both.hlc(), v: issueValues('a-1') }]);
	await move('a-2', 'issue i-9');
	expect(kinds(await first.pull())).toEqual(['gone i-9']);
	expect(kinds(await second.pull())).toEqual(['row i-9']);
});
