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

const lines = async (id: string) =>
	(
		await pair.server.store.db
			.selectFrom('field_history')
			.selectAll()
			.where('row_id', '=', id)
			.orderBy('seq')
			.orderBy('ord')
			.execute()
	).map(({ field, before, value, outcome, by_user, device, device_at, server_at }) => ({
		field,
		before,
		value,
		outcome,
		by_user,
		device,
		device_at,
		server_at,
	}));

describe('the audit', () => {
	test('says who, on what, when by their clock and by ours, what stood before and what was written', async () => {
		const theirs = await pair.setOp(specialist, { title: 'From the specialist' });
		await sam.push([await pair.setOp(sam, { title: 'From Sam', priority: 'HIGH' })]);
		await specialist.push([theirs]);
		const common = { device_at: '2026-11-23T20:00:00+01:00', server_at: expect.stringMatching(/^20\d\d-.*Z$/) };
		const bySam = { ...common, by_user: 'u-sam', device: 'device-aaaaaaaa', outcome: 'apply' };
		expect(await lines('i-1')).toEqual([
			expect.objectContaining({ field: '*', outcome: 'create', by_user: null, before: null }),
			{ ...bySam, field: 'title', before: 'Late invoice', value: 'From Sam' },
			{ ...bySam, field: 'priority', before: 'NORMAL', value: 'HIGH' },
			{
				...common,
				field: 'title',
				before: 'From Sam',
				value: 'From the specialist',
				outcome: 'conflict',
				by_user: 'u-specialist',
				device: 'device-bbbbbbbb',
			},
		]);
	});

	test('says so of deletions and of typing too', async () => {
		const base = await pair.versionIn('note n-1', '*');
		await sam.push([
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' },
			{ k: 'delete', t: 'note', id: 'n-1', hlc: sam.hlc(), base },
			{ k: 'undelete', t: 'note', id: 'n-1', hlc: sam.hlc() },
		]);
		expect(
			(await lines('n-1')).slice(1).map(({ field, before, value, outcome }) => [field, before, value, outcome]),
		).toEqual([
			['#', 'there', 'deleted', 'delete'],
			['#', 'deleted', 'back', 'undelete'],
		]);
		const [text] = await pair.server.store.db.selectFrom('text_update').selectAll().execute();
		expect(text).toMatchObject({
			by_user: 'u-sam',
			device: 'device-aaaaaaaa',
			device_at: '2026-11-23T20:00:00+01:00',
			server_at: expect.stringMatching(/Z$/),
		});
	});

	test('has the lines of one commit in the order they were made', async () => {
		const first = await pair.setOp(sam, { title: 'One' });
		const ops = [first, { ...first, hlc: sam.hlc(), f: { title: { v: 'Two', base: first.hlc } } }];
		await sam.push(ops);
		expect((await lines('i-1')).slice(1).map(({ before, value }) => [before, value])).toEqual([
			['Late invoice', 'One'],
			['One', 'Two'],
		]);
	});
});
