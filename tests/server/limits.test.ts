import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildServer, type ServerOptions } from '../../server/app.ts';
import { Buckets } from '../../server/security/rate-limits.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

describe('a bucket', () => {
	test('gives what is in it, fills with time and never beyond its brim', () => {
		const buckets = new Buckets({ burst: 3, perSecond: 2 });
		expect([0, 0, 0, 0].map((at) => buckets.take('a', at))).toEqual([0, 0, 0, 1]);
		expect(buckets.take('b', 0)).toBe(0);
		expect(buckets.take('a', 400)).toBe(1);
		expect(buckets.take('a', 500)).toBe(0);
		expect(buckets.take('a', 500)).toBe(1);
		expect([0, 0, 0, 0].map(() => buckets.take('a', 1e9))).toEqual([0, 0, 0, 1]);
	});

	test('a million names do not fill the memory', () => {
		const buckets = new Buckets({ burst: 1, perSecond: 1 });
		for (let n = 0; n < 100_000; n++) buckets.take(`name ${n}`, 0);
		// Forgotten long ago, so it begins anew; the newest is remembered.
		expect([buckets.take('name 0', 0), buckets.take('name 99999', 0)]).toEqual([0, 1]);
	});
});

let server: TestServer;
let app: FastifyInstance;

beforeEach(async () => {
	server = await startTestServer();
});
afterEach(async () => {
	await app?.close();
	await server.stop();
});

async function serve(options: Partial<ServerOptions>): Promise<string> {
	app = await buildServer({ db: server.store.db, clock: () => new Date(), ...options });
	return app.listen({ port: 0, host: '127.0.0.1' });
}

const rates = { person: { burst: 5, perSecond: 0.001 }, stranger: { burst: 5, perSecond: 0.001 } };

describe('too many requests', () => {
	const ask = (url: string, token?: string, headers: Record<string, string> = {}) =>
		fetch(`${url}/v1/sessions`, { headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers } });
	const statuses = async (asked: () => Promise<Response>) => {
		const all: number[] = [];
		for (let n = 0; n < 7; n++) all.push((await asked()).status);
		return all;
	};

	test('of one person are refused, and say when to ask again; others go on', async () => {
		const url = await serve({ rates });
		expect(await statuses(() => ask(url, 'dev-sam'))).toEqual([200, 200, 200, 200, 200, 429, 429]);
		const refused = await ask(url, 'dev-sam');
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		expect(await refused.json()).toMatchObject({ error: { code: 'too_many' } });
		expect((await ask(url, 'dev-manager')).status).toBe(200);
	});

	test('of somebody without a token that is taken are refused, whatever address they invent; who is signed in goes on', async () => {
		const url = await serve({ rates });
		let n = 0;
		const invent = () => ask(url, `guess-${n++}`, { 'x-forwarded-for': `10.0.0.${n}`, forwarded: `for=10.0.0.${n}` });
		expect(await statuses(invent)).toEqual([401, 401, 401, 401, 401, 429, 429]);
		for (const open of ['/v1/sign-in', '/v1/openapi.json', '/nowhere'])
			expect([open, (await fetch(url + open)).status]).toEqual([open, 429]);
		expect((await ask(url, 'dev-sam')).status).toBe(200);
	});

	test('behind a proxy of ours they are counted by the address that it names', async () => {
		const url = await serve({ rates, proxies: ['127.0.0.1'] });
		const from = (address: string) => ask(url, 'guess', { 'x-forwarded-for': address });
		expect(await statuses(() => from('203.0.113.7'))).toEqual([401, 401, 401, 401, 401, 429, 429]);
		expect((await from('203.0.113.8')).status).toBe(401);
		// What the client itself put before is not believed.
		expect((await from('198.51.100.1, 203.0.113.7')).status).toBe(429);
	});
});

describe('who takes their time', () => {
	/** Opens a line, sends what is given and waits for its end; the answer. */
	function say(url: string, text: string): Promise<string> {
		const { hostname, port } = new URL(url);
		return new Promise((resolve, reject) => {
			let heard = '';
			const line = connect(Number(port), hostname, () => line.write(text));
			line.on('data', (chunk) => {
				heard += chunk.toString();
			});
			line.on('error', reject);
			line.on('close', () => resolve(heard));
		});
	}

	test.each([
		['with the head', 'POST /v1/sync/push HTTP/1.1\r\nhost: x\r\n'],
		[
			'with the body',
			'POST /v1/sync/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer dev-sam\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
		],
	])('%s is cut off, a hundred at once, and others are answered meanwhile', async (_, text) => {
		const url = await serve({ patience: { headMs: 500, requestMs: 500 } });
		const slow = Array.from({ length: 100 }, () => say(url, text));
		expect((await fetch(`${url}/v1/health`)).status).toBe(200);
		for (const heard of await Promise.all(slow)) expect(heard).toMatch(/^(HTTP\/1\.1 (408|400) |$)/);
	});
});

describe('what a body is called', () => {
	// Ways in which a check by the media type was once stepped around.
	const disguises = [
		'application/json\t',
		' application/json',
		'application/json;',
		'application/json ; charset=utf-8',
		'application/json;charset=utf-7',
		'application/jsonx',
		'application/JSON',
		'application/json\ta',
		'application/x-www-form-urlencoded',
		'multipart/form-data; boundary=x',
		'text/plain; application/json',
		'application/json, text/plain',
		'application/vnd.api+json',
		'',
	];

	test.each(disguises)('as "%s" the same is looked at, or nothing is', async (type) => {
		app = await buildServer({ db: server.store.db, clock: () => new Date() });
		const payload = JSON.stringify({ device: 'd', unknown: true });
		const headers = { authorization: 'Bearer dev-manager', 'content-type': type };
		const reply = await app.inject({ method: 'POST', url: '/v1/admin/revoke', headers, payload });
		expect([400, 415]).toContain(reply.statusCode);
		expect(reply.json()).toMatchObject({ error: { code: expect.stringMatching(/^bad_(request|media_type)$/) } });
	});
});

test('no refusal says how the server is made, and none may be kept, framed or read by a page of the web', async () => {
	app = await buildServer({
		db: server.store.db,
		clock: () => new Date(),
		signIn: undefined,
		report: () => undefined,
	});
	const asked = [
		{ method: 'GET' as const, url: '/nowhere' },
		{ method: 'GET' as const, url: '/v1/sessions' },
		{ method: 'GET' as const, url: '/v1/sign-in' },
		{ method: 'GET' as const, url: '/v1/sync/pull?max=x', headers: { authorization: 'Bearer dev-sam' } },
		{ method: 'GET' as const, url: '/v1/sync/digest?account=nowhere', headers: { authorization: 'Bearer dev-sam' } },
		{ method: 'DELETE' as const, url: '/v1/sync/push' },
		{
			method: 'OPTIONS' as const,
			url: '/v1/sync/push',
			headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
		},
		{ method: 'POST' as const, url: '/v1/sync/push', headers: { authorization: 'Bearer dev-sam' }, payload: '{' },
		{ method: 'GET' as const, url: `/v1/blobs/${'x'.repeat(200)}` },
		{ method: 'GET' as const, url: '/%c0%ae%c0%ae/' },
	];
	for (const one of asked) {
		const { headers, statusCode, body } = await app.inject(one);
		expect([one.url, statusCode]).toEqual([
			one.url,
			expect.toSatisfy((status: number) => status >= 400 && status < 500),
		]);
		expect(body).toMatch(/^\{"error":\{"code":"[a-z_]+","message":"[^"]+"\}\}$/);
		expect(body).not.toMatch(/node_modules|\.ts|stack|select |postgres|fastify/i);
		expect(headers).toMatchObject({
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff',
			'strict-transport-security': expect.stringContaining('max-age='),
		});
		expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
		expect(headers.server ?? headers['x-powered-by']).toBeUndefined();
	}
});
