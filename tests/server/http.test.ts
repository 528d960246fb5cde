import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: RawDevice;

beforeEach(async () => {
	server = await startTestServer({ records: syncRecords });
	sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	await sam.hello();
});
afterEach(() => server.stop());

const push = (body: unknown, headers = {}) => sam.request<{ error: { code: string } }>('/v1/sync/push', body, headers);
const envelope = (groups: string) => `{"device":"${sam.device}","nonce":"${sam.nonce}","groups":${groups}}`;

describe('hello', () => {
	test('gives a new device its nonce and publishes whose it is', async () => {
		const { body } = await sam.hello();
		expect(body).toMatchObject({
			protocol: 1,
			lastGroup: 0,
			directive: 'ok',
			user: { id: 'u-sam', name: 'Sam Rivers' },
		});
		await sam.hello({ name: 'New name' });
		const device = (await sam.pull()).rows.find((row) => row.t === 'device');
		expect(device).toMatchObject({ id: sam.device, v: { short: 'aaaaaaaa', user_id: 'u-sam', name: 'New name' } });
	});

	test("a short name belongs to one device, and the server's own to none", async () => {
		const other = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
		for (const short of ['aaaaaaaa', 'server00']) {
			expect(await other.hello({ short })).toMatchObject({ status: 409, body: { error: { code: 'short_taken' } } });
		}
		expect((await other.hello()).status).toBe(200);
		expect((await other.hello({ short: 'cccccccc' })).status).toBe(409);
	});

	test("another user's device is refused in hello and push", async () => {
		const thief = new RawDevice(server.url, 'dev-specialist', 'aaaaaaaa');
		expect((await thief.hello()).status).toBe(403);
		thief.nonce = sam.nonce;
		expect((await thief.send([])).status).toBe(403);
	});

	test('another protocol is told so before its form is looked at', async () => {
		expect((await sam.request('/v1/sync/hello', { protocol: 2, anything: true })).body).toMatchObject({
			directive: 'upgrade',
		});
	});

	test('a push before hello', async () => {
		const fresh = new RawDevice(server.url, 'dev-sam', 'gggggggg');
		expect(await fresh.send([])).toMatchObject({ status: 409, body: { error: { code: 'unknown_device' } } });
	});
});

describe('hostile bodies', () => {
	test.each([
		['not JSON', () => '{"device":', '400 bad_request'],
		['an array', () => '[]', '400 bad_request'],
		['another form', () => '{"groups":1}', '400 bad_request'],
		['an unknown key', () => envelope('[],"admin":true'), '400 bad_request'],
		['__proto__ in the envelope', () => envelope('[],"__proto__":{"device":"x"}'), '400 bad_request'],
		['100,000 levels', () => envelope('['.repeat(100_000) + ']'.repeat(100_000)), '400 bad_request'],
		[
			'100,000 levels in one value',
			() => {
				const value = '['.repeat(100_000) + ']'.repeat(100_000);
				const op = `{"k":"create","t":"mapping_profile","id":"m-1","hlc":"${sam.hlc()}","v":{"settings":${value}}}`;
				return envelope(`[{"no":1,"at":"","origin":"person","ops":[${op}]}]`);
			},
			'400 bad_request',
		],
		['levels hidden behind text', () => `["\\"]}",${'[{"a":'.repeat(40)}1${'}]'.repeat(40)}]`, '400 bad_request'],
		[
			'501 operations',
			() => envelope(`[{"no":1,"at":"","origin":"person","ops":[${'0,'.repeat(500)}0]}]`),
			'400 bad_request',
		],
		['9 MiB', () => envelope(`"${'x'.repeat(9 * 1_048_576)}"`), '413 too_large'],
	])('%s', async (_, body, expected) => {
		const answer = await push(body());
		expect(`${answer.status} ${answer.body.error.code}`).toBe(expected);
		expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts|at /);
	});

	test('operations over two groups are counted together', async () => {
		const group = (no: number) => `{"no":${no},"at":"","origin":"person","ops":[${'0,'.repeat(299)}0]}`;
		expect(await push(envelope(`[${group(1)},${group(2)}]`))).toMatchObject({
			status: 413,
			body: { error: { code: 'too_large' } },
		});
	});

	test('other media', async () => {
		expect((await push(envelope('[]'), { 'content-type': 'text/plain' })).status).toBe(415);
		expect((await push(envelope('[]'), { 'content-type': 'application/json' })).status).toBe(200);
	});

	test('names that JavaScript keeps for itself are no fields and no entities', async () => {
		const v = { ...issueValues('a-1'), constructor: 'x' };
		const results = await sam.push([
			{ k: 'create', t: 'constructor', id: 'x-1', hlc: sam.hlc(), v: {} },
			{ k: 'create', t: 'issue', id: 'x-2', hlc: sam.hlc(), v },
			{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { toString: { v: 'x', base: null } } },
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'valueOf', u: 'AQID' },
			{ k: 'set', t: '__proto__', id: 'i-1', hlc: sam.hlc(), f: {} },
		]);
		expect(results.map((result) => result.reason)).toEqual([
			'unknown_entity',
			'unknown_field',
			'unknown_field',
			'unknown_field',
			'unknown_entity',
		]);
	});

	test('the server answers others while a large body comes in', async () => {
		const large = push(envelope(`"${'x'.repeat(8_000_000)}"`));
		const started = performance.now();
		expect((await sam.request('/v1/health')).status).toBe(200);
		expect(performance.now() - started).toBeLessThan(1000);
		await large;
	});
});

describe('faults of the test server', () => {
	test.each([
		['down', 'throws'],
		['drop-reply', 'throws'],
		['half', 'throws'],
		['status500', 500],
		['html', 200],
	] as const)('%s', async (kind, expected) => {
		server.setFault({ kind, times: 1, path: '/pull' });
		const asked = fetch(`${server.url}/v1/sync/pull`, { headers: { authorization: 'Bearer dev-sam' } }).then(
			async (reply) => {
				await reply.text();
				return reply.status;
			},
		);
		if (expected === 'throws') await expect(asked).rejects.toThrow();
		else expect(await asked).toBe(expected);
		expect((await sam.pull()).rows.length).toBeGreaterThan(0);
	});
});
