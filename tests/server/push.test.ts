import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawDevice } from '../support/raw-device.ts';
import { SyncPair } from '../support/sync-pair.ts';

let pair: SyncPair;
let sam: RawDevice;
let specialist: RawDevice;

beforeEach(async () => {
	pair = await SyncPair.start();
	({ sam, specialist } = pair);
});
afterEach(() => pair.server.stop());

describe('groups', () => {
	test('the same push three times is applied once and answered alike', async () => {
		const groups = [sam.group([pair.createOp(sam, 'i-9'), pair.createOp(sam, 'i-2', 'a-1')])];
		const nonce = sam.nonce;
		const first = await sam.send(groups);
		const before = await pair.server.serverTables();
		sam.nonce = nonce;
		const second = await sam.send(groups);
		const third = await sam.send(groups);
		expect(first.body.results).toMatchObject([{ no: 1, op: 1, s: 'refused', reason: 'id_taken' }]);
		expect(second.body).toMatchObject({ ackedThrough: 1, results: first.body.results });
		expect(third.body).toMatchObject({ ackedThrough: 1, results: first.body.results });
		expect(await pair.server.serverTables()).toEqual(before);
	});

	test('a lost reply: the work is kept, the repetition is answered, and the next push goes on', async () => {
		pair.server.setFault({ kind: 'drop-reply', times: 1, path: '/push' });
		const groups = [sam.group([pair.createOp(sam, 'i-9')])];
		await expect(sam.send(groups)).rejects.toThrow();
		expect(await pair.valueIn('issue i-9', 'title')).toBe('Late invoice');
		const again = await sam.send([...groups, { ...sam.group([pair.createOp(sam, 'i-10')]), no: 2 }]);
		expect(again.body).toMatchObject({ ackedThrough: 2, results: [] });
		expect(await pair.history()).toHaveLength(0);
		expect(pair.server.faultsMet()).toBe(1);
	});

	test('a text update sent again is stored once', async () => {
		const op = {
			k: 'text',
			t: 'note',
			id: 'n-1',
			hlc: sam.hlc(),
			field: 'body',
			u: Buffer.from([1, 2, 3]).toString('base64'),
		};
		const groups = [sam.group([op])];
		await sam.send(groups);
		await sam.send(groups);
		expect((await pair.server.serverTables()).texts).toEqual({ 'note n-1 body': [op.u] });
	});

	test('a gap is refused and nothing of the request is kept', async () => {
		const answer = await sam.send([
			sam.group([pair.createOp(sam, 'i-9')]),
			{ ...sam.group([pair.createOp(sam, 'i-10')]), no: 3 },
		]);
		expect(answer).toMatchObject({ status: 409, body: { error: { code: 'gap' } } });
		expect((await pair.server.serverTables()).records['issue i-9']).toBeUndefined();
	});

	test('an old nonce is a fork', async () => {
		const old = sam.nonce;
		await sam.push([pair.createOp(sam, 'i-9')]);
		await sam.push([pair.createOp(sam, 'i-10')]);
		sam.nonce = old;
		expect(await sam.send([sam.group([pair.createOp(sam, 'i-11')])])).toMatchObject({
			status: 409,
			body: { error: { code: 'fork' } },
		});
	});

	test('a copied profile that counts on from the same number is a fork, not a repetition', async () => {
		const copy = new RawDevice(pair.server.url, 'dev-sam', 'aaaaaaaa');
		copy.nonce = sam.nonce;
		await sam.push([pair.createOp(sam, 'i-9')]);
		const byNonce = await copy.send([copy.group([pair.createOp(copy, 'i-10')])]);
		expect(byNonce).toMatchObject({ status: 409, body: { error: { code: 'fork' } } });
		// Even one that asked for the present nonce first.
		await copy.hello({ lastAckedGroup: 0 });
		const afterHello = await copy.send([copy.group([pair.createOp(copy, 'i-11')])]);
		expect(afterHello).toMatchObject({ status: 409, body: { error: { code: 'fork' } } });
	});

	test('a repeated group may have other values: an import sends its rows as they are', async () => {
		const op = pair.createOp(sam, 'i-9');
		const group = sam.group([op]);
		await sam.send([group]);
		const again = await sam.send([{ ...group, ops: [{ ...op, v: { ...op.v, title: 'Changed since' } }] }]);
		expect(again.body).toMatchObject({ ackedThrough: 1, results: [] });
		expect(await sam.send([{ ...group, ops: [] }])).toMatchObject({ status: 200 });
	});

	test('one commit has one number, and numbers rise by one', async () => {
		const one = await sam.send([sam.group([pair.createOp(sam, 'i-9'), pair.createOp(sam, 'i-10')])]);
		const two = await specialist.send([specialist.group([pair.createOp(specialist, 'i-11')])]);
		expect(two.body.seq).toBe(one.body.seq + 1);
		const { rows } = await specialist.pull();
		expect(rows.filter((row) => row.seq === one.body.seq).map((row) => row.id)).toEqual(['i-9', 'i-10']);
	});
});
