import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../shared/sync/protocol.ts';
import { readVersions } from '../../shared/sync/version.ts';
import type { RawDevice } from '../support/raw-device.ts';
import { SyncPair } from '../support/sync-pair.ts';
import { issueValues } from '../support/sync-records.ts';

let pair: SyncPair;
let sam: RawDevice;
let specialist: RawDevice;

beforeEach(async () => {
	pair = await SyncPair.start();
	({ sam, specialist } = pair);
});
afterEach(() => pair.server.stop());

describe('refusals', () => {
	test('one refused operation keeps nothing else back, and is kept whole', async () => {
		const ops = [
			pair.createOp(sam, 'i-9'),
			{ k: 'create', t: 'spaceship', id: 'x-1', hlc: sam.hlc(), v: {} },
			{ ...pair.createOp(sam, 'x-2'), v: { ...issueValues('a-1'), wings: 2 } },
			{ ...pair.createOp(sam, 'x-3'), v: { ...issueValues('a-1'), status: 'FLYING' } },
			{ ...pair.createOp(sam, 'x-4'), v: { ...issueValues('a-1'), title: 'x'.repeat(501) } },
			{ ...pair.createOp(sam, 'x-5'), v: { account_id: 'a-1' } },
			{ k: 'set', t: 'issue', id: 'nowhere', hlc: sam.hlc(), f: { title: { v: 'x', base: null } } },
			{ k: 'create', t: 'app_user', id: 'u-9', hlc: sam.hlc(), v: { name: 'Me' } },
			{ k: 'create', t: 'conflict', id: 'c-9', hlc: sam.hlc(), v: { entity: 'issue', row_id: 'i-1', field: 'title' } },
			{ k: 'dance', t: 'issue', id: 'i-1', hlc: sam.hlc() },
			'not an operation',
			{ ...pair.createOp(sam, 'nul\0'), id: 'nul\0' },
			JSON.parse(
				`{"k":"create","t":"mapping_profile","id":"m-1","hlc":"${sam.hlc()}","v":{"account_id":"a-1","name":"M","header_key":"a","settings":{"__proto__":{"x":1}}}}`,
			),
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'title', u: 'AQID' },
			{
				k: 'text',
				t: 'note',
				id: 'n-1',
				hlc: sam.hlc(),
				field: 'body',
				u: Buffer.alloc(LIMITS.bytesPerText + 1).toString('base64'),
			},
			pair.createOp(sam, 'i-10'),
		];
		const results = await sam.push(ops);
		expect(results.map((result) => [result.op, result.reason])).toEqual([
			[1, 'unknown_entity'],
			[2, 'unknown_field'],
			[3, 'bad_value'],
			[4, 'bad_value'],
			[5, 'bad_value'],
			[6, 'no_record'],
			[7, 'office_owned'],
			[8, 'office_owned'],
			[9, 'bad_value'],
			[10, 'bad_value'],
			[11, 'bad_value'],
			[12, 'bad_value'],
			[13, 'bad_value'],
			[14, 'bad_value'],
		]);
		const { records } = await pair.server.serverTables();
		expect(records['issue i-9']).toBeDefined();
		expect(records['issue i-10']).toBeDefined();
		const kept = await pair.server.store.db.selectFrom('quarantine').selectAll().orderBy('op_no').execute();
		expect(kept).toHaveLength(14);
		expect(JSON.stringify(kept[2]?.payload)).toContain('FLYING');
	});

	test("a person may not write the office's fields; an import may", async () => {
		const op = await pair.setOp(sam, { title: 'Mine' }, 'patent_asset p-1');
		expect(await sam.push([op])).toMatchObject([{ reason: 'office_owned', fields: ['title'] }]);
		expect(await pair.valueIn('patent_asset p-1', 'title')).toBe('Blade root');
		expect(await sam.push([{ ...op, hlc: sam.hlc() }], 'import')).toEqual([]);
		expect(await pair.valueIn('patent_asset p-1', 'title')).toBe('Mine');
		expect(await sam.push([await pair.setOp(sam, { sam_note: 'Ask Eva' }, 'patent_asset p-1')])).toEqual([]);
	});

	test('an office record cannot be deleted by a person, except what an import brought', async () => {
		const create = (id: string) => ({
			k: 'create',
			t: 'patent_asset',
			id,
			hlc: sam.hlc(),
			v: { account_id: 'a-1', import_batch_id: 'b-1', title: 'New' },
		});
		const del = (id: string, base: string) => ({ k: 'delete', t: 'patent_asset', id, hlc: sam.hlc(), base });
		await sam.push([create('p-2')], 'import');
		expect(await sam.push([create('p-3')])).toMatchObject([{ reason: 'office_owned' }]);
		const results = await sam.push([
			del('p-1', sam.hlc()),
			del('p-2', sam.hlc()),
			{ ...del('a-1', sam.hlc()), t: 'account' },
		]);
		expect(results).toMatchObject([
			{ op: 0, reason: 'office_owned' },
			{ op: 2, reason: 'office_owned' },
		]);
		expect((await pair.server.serverTables()).records['patent_asset p-2']?.deleted).toBe(true);
	});

	test('a refused edit is sent out again as it stands', async () => {
		await sam.pull();
		await sam.push([{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { status: { v: 'FLYING', base: null } } }]);
		expect((await sam.pull()).rows.map((row) => row.id)).toEqual(['i-1']);
	});

	test('any text a laptop may hold is kept to the letter', async () => {
		const title = 'NUL \0, half a pair \ud800, "quotes" \\ and 電気';
		await sam.push([await pair.setOp(sam, { title })]);
		expect((await specialist.pull()).rows.find((row) => row.id === 'i-1')?.v.title).toBe(title);
	});

	test('the very same creation under another device name is no clash; another record under its id is', async () => {
		const op = pair.createOp(sam, 'i-9');
		await sam.push([op]);
		await sam.push([await pair.setOp(sam, { title: 'Edited since' }, 'issue i-9')]);
		expect(await specialist.push([op])).toEqual([]);
		expect(await specialist.push([{ ...pair.createOp(specialist, 'i-9') }])).toMatchObject([{ reason: 'id_taken' }]);
		expect(readVersions((await specialist.pull()).rows.find((row) => row.id === 'i-9')!.fv)['*']).toBe(op.hlc);
	});
});
