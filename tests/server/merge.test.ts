import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RawDevice } from '../support/raw-device.ts';
import { SyncPair } from '../support/sync-pair.ts';

let pair: SyncPair;
let sam: RawDevice;
let specialist: RawDevice;

beforeEach(async () => {
	pair = await SyncPair.start();
	({ sam, specialist } = pair);
});
afterEach(() => pair.server.stop());

describe('merge', () => {
	test('different fields of one record: both hold, and the second is told', async () => {
		const mine = await pair.setOp(sam, { priority: 'HIGH' });
		const theirs = await pair.setOp(specialist, { due_date: '2026-12-24' });
		expect(await sam.push([mine])).toEqual([]);
		expect(await specialist.push([theirs])).toEqual([{ no: 1, op: 0, s: 'merged', fields: ['due_date'] }]);
		expect((await pair.server.serverTables()).records['issue i-1']?.v).toMatchObject({
			priority: 'HIGH',
			due_date: '2026-12-24',
		});
	});

	test('the same field: the standing value stays and a conflict keeps base, mine and theirs', async () => {
		const mine = await pair.setOp(sam, { title: 'From Sam' });
		const theirs = await pair.setOp(specialist, { title: 'From the specialist', priority: 'LOW' });
		theirs.f.title!.was = 'Late invoice';
		await sam.push([mine]);
		expect(await specialist.push([theirs])).toEqual([{ no: 1, op: 0, s: 'conflict', fields: ['title'] }]);
		expect((await pair.server.serverTables()).records['issue i-1']?.v).toMatchObject({
			title: 'From Sam',
			priority: 'LOW',
		});
		const { rows } = await sam.pull();
		expect(rows.find((row) => row.t === 'conflict')?.v).toMatchObject({
			account_id: 'a-1',
			entity: 'issue',
			row_id: 'i-1',
			field: 'title',
			base_value: 'Late invoice',
			mine_value: 'From the specialist',
			mine_by: 'u-specialist',
			theirs_value: 'From Sam',
			theirs_by: 'u-sam',
		});
		expect((await pair.history()).map((line) => [line.outcome, line.field])).toEqual([
			['apply', 'title'],
			['conflict', 'title'],
			['apply', 'priority'],
		]);
	});

	test('edits that go on from a clash keep to one conflict, within a push and later', async () => {
		const theirs = await pair.setOp(specialist, { title: 'One' });
		const edit = (v: string, base: string) => ({
			k: 'set',
			t: 'issue',
			id: 'i-1',
			hlc: specialist.hlc(),
			f: { title: { v, base } },
		});
		const two = edit('Two', theirs.hlc);
		await sam.push([await pair.setOp(sam, { title: 'From Sam' })]);
		await specialist.push([theirs, two]);
		await specialist.push([edit('Three', two.hlc)]);
		const conflicts = (await sam.pull()).rows.filter((row) => row.t === 'conflict');
		expect(conflicts.map((row) => row.v.mine_value)).toEqual(['Three']);
	});

	test('two who wrote the same have seen each other: what either writes next is no clash', async () => {
		const theirs = await pair.setOp(specialist, { status: 'RESOLVED' });
		await sam.push([await pair.setOp(sam, { status: 'RESOLVED' })]);
		expect(await specialist.push([theirs])).toEqual([]);
		const next = {
			k: 'set',
			t: 'issue',
			id: 'i-1',
			hlc: specialist.hlc(),
			f: { status: { v: 'CLOSED', base: theirs.hlc } },
		};
		await specialist.push([next]);
		expect(await pair.valueIn('issue i-1', 'status')).toBe('CLOSED');
		expect((await sam.pull()).rows.filter((row) => row.t === 'conflict')).toEqual([]);
	});

	test('two hundred edits of one device make no conflict, whatever its clock says', async () => {
		let base = await pair.versionIn('issue i-1', 'title');
		const ops = Array.from({ length: 200 }, (_, index) => {
			const hlc = sam.hlc();
			const op = { k: 'set', t: 'issue', id: 'i-1', hlc, f: { title: { v: `Title ${index}`, base } } };
			base = hlc;
			return op;
		});
		expect(await sam.push(ops)).toEqual([]);
		expect(await pair.valueIn('issue i-1', 'title')).toBe('Title 199');
	});

	test('an edit that saw the standing value holds though its clock is a year slow', async () => {
		await sam.push([await pair.setOp(sam, { title: 'From Sam' })]);
		const slow = await pair.laptopWithClock('slowslow', -365 * 86_400_000);
		expect(await slow.push([await pair.setOp(slow, { title: 'Seen and changed' })])).toEqual([]);
		expect(await pair.valueIn('issue i-1', 'title')).toBe('Seen and changed');
	});

	test('low stakes: the later edit holds whichever arrives first, and the earlier is in the history', async () => {
		const early = await pair.setOp(sam, { sort_key: 'a' }, 'checklist_item c-1');
		await new Promise((resolve) => setTimeout(resolve, 5));
		const late = await pair.setOp(specialist, { sort_key: 'z' }, 'checklist_item c-1');
		await specialist.push([late]);
		expect(await sam.push([early])).toEqual([{ no: 1, op: 0, s: 'superseded', fields: ['sort_key'] }]);
		expect(await pair.valueIn('checklist_item c-1', 'sort_key')).toBe('z');
		expect((await pair.history()).map((line) => [line.outcome, line.value])).toEqual([
			['apply', 'z'],
			['earlier', 'a'],
		]);
	});

	test('low stakes: a clock three days ahead does not win for ever', async () => {
		const ahead = await pair.laptopWithClock('fastfast', 3 * 86_400_000);
		const wrong = await pair.setOp(ahead, { sort_key: 'z' }, 'checklist_item c-1');
		const stale = await pair.setOp(sam, { sort_key: 'b' }, 'checklist_item c-1');
		await ahead.push([wrong]);
		await new Promise((resolve) => setTimeout(resolve, 5));
		const right = { ...stale, hlc: sam.hlc() };
		expect(await sam.push([right])).toEqual([]);
		expect(await pair.valueIn('checklist_item c-1', 'sort_key')).toBe('b');
		// Its own next edit names the version it made, not the one it counted as.
		await ahead.push([
			{
				k: 'set',
				t: 'issue',
				id: 'i-1',
				hlc: ahead.hlc(),
				f: { title: { v: 'x', base: await pair.versionIn('issue i-1', 'title') } },
			},
		]);
		expect((await pair.history()).some((line) => line.version === wrong.hlc)).toBe(true);
	});
});

describe('delete and edit', () => {
	const del = async (device: RawDevice) => ({
		k: 'delete',
		t: 'issue',
		id: 'i-1',
		hlc: device.hlc(),
		base: await pair.versionIn('issue i-1', '*'),
	});
	const isDeleted = async () => (await pair.server.serverTables()).records['issue i-1']?.deleted;

	test('a deletion that saw everything deletes', async () => {
		expect(await sam.push([await del(sam)])).toEqual([]);
		expect(await isDeleted()).toBe(true);
		expect((await specialist.pull()).rows.find((row) => row.id === 'i-1')?.del).toEqual(expect.any(String));
	});

	test('the edit arrives first: the deletion is superseded', async () => {
		const op = await del(specialist);
		await sam.push([await pair.setOp(sam, { title: 'Still needed' })]);
		expect(await specialist.push([op])).toMatchObject([{ s: 'superseded', fields: ['title'] }]);
		expect(await isDeleted()).toBe(false);
	});

	test('the deletion arrives first: the edit brings the record back', async () => {
		const edit = await pair.setOp(sam, { title: 'Still needed' });
		await specialist.push([await del(specialist)]);
		expect(await isDeleted()).toBe(true);
		await sam.push([edit]);
		expect(await isDeleted()).toBe(false);
		expect(await pair.valueIn('issue i-1', 'title')).toBe('Still needed');
	});

	test('typing arrives first: the deletion of its note is superseded', async () => {
		const op = {
			k: 'delete',
			t: 'note',
			id: 'n-1',
			hlc: specialist.hlc(),
			base: await pair.versionIn('note n-1', '*'),
		};
		await sam.push([{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' }]);
		expect(await specialist.push([op])).toMatchObject([{ s: 'superseded' }]);
	});

	test('with `seen` an edit from a slow clock is noticed; the newest version alone would hide it', async () => {
		const slow = await pair.laptopWithClock('slowslow', -365 * 86_400_000);
		const seen = (await pair.server.serverTables()).records['issue i-1']!.fv;
		await slow.push([await pair.setOp(slow, { title: 'From a slow clock' })]);
		const base = sam.hlc();
		expect(await sam.push([{ k: 'delete', t: 'issue', id: 'i-1', hlc: sam.hlc(), base, seen }])).toMatchObject([
			{ s: 'superseded', fields: ['title'] },
		]);
	});

	describe('of a visit with its checklist', () => {
		const delOf = async (device: RawDevice, key: string) => {
			const [t, id] = key.split(' ');
			return { k: 'delete', t, id, hlc: device.hlc(), base: await pair.versionIn(key, '*') };
		};
		const isGone = async (key: string) => (await pair.server.serverTables()).records[key]?.deleted;

		test('the edit arrives first: the parts stay with their visit, those of another group go', async () => {
			const ops = [await delOf(specialist, 'visit v-1'), await delOf(specialist, 'checklist_item c-1')];
			await sam.push([await pair.setOp(sam, { purpose: 'Still on' }, 'visit v-1')]);
			expect(await specialist.push(ops)).toMatchObject([
				{ op: 0, s: 'superseded', fields: ['purpose'] },
				{ op: 1, s: 'superseded', fields: [] },
			]);
			expect([await isGone('visit v-1'), await isGone('checklist_item c-1')]).toEqual([false, false]);
			const rows = (await specialist.pull()).rows.map(({ id, del }) => [id, del]);
			expect(rows).toContainEqual(['c-1', null]);
			expect(await specialist.push([await delOf(specialist, 'checklist_item c-1')])).toEqual([]);
			expect(await isGone('checklist_item c-1')).toBe(true);
		});

		test('the deletion arrives first: the edit brings the parts back that went along', async () => {
			const edit = await pair.setOp(sam, { purpose: 'Still on' }, 'visit v-1');
			const v = { account_id: 'a-1', visit_id: 'v-1', text: 'Struck off', sort_key: 'n' };
			const hlc = specialist.hlc();
			await specialist.push([{ k: 'create', t: 'checklist_item', id: 'c-2', hlc, v }]);
			await specialist.push([await delOf(specialist, 'checklist_item c-2')]);
			await new Promise((resolve) => setTimeout(resolve, 5));
			await specialist.push([await delOf(specialist, 'visit v-1'), await delOf(specialist, 'checklist_item c-1')]);
			expect(await isGone('checklist_item c-1')).toBe(true);
			await sam.push([edit]);
			expect([await isGone('visit v-1'), await isGone('checklist_item c-1')]).toEqual([false, false]);
			expect(await isGone('checklist_item c-2')).toBe(true);
			expect((await specialist.pull()).rows.map(({ id, del }) => [id, del])).toContainEqual(['c-1', null]);
		});
	});

	test('delete, bring back, delete again by one device', async () => {
		const first = await del(sam);
		const back = { k: 'undelete', t: 'issue', id: 'i-1', hlc: sam.hlc() };
		expect(await sam.push([first, back, { ...first, hlc: sam.hlc() }])).toEqual([]);
		expect(await isDeleted()).toBe(true);
		expect(await sam.push([{ ...back, hlc: sam.hlc() }])).toEqual([]);
		expect(await isDeleted()).toBe(false);
	});
});
