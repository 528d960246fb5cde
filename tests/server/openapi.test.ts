import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildServer } from '../../server/app.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

interface Content {
	schema?: Record<string, unknown>;
}

interface Operation {
	operationId: string;
	summary?: string;
	security?: unknown[];
	parameters?: { name: string; in: string; required: boolean }[];
	requestBody?: { content: Record<string, Content> };
	responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

interface OpenApi {
	openapi: string;
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, unknown> };
}

let server: TestServer;
let sam: RawDevice;
let api: OpenApi;
let folder: string;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'fieldbook-openapi-'));
	server = await startTestServer({ records: syncRecords });
	sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	api = (await sam.request<OpenApi>('/v1/openapi.json')).body;
});
afterEach(async () => {
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

/** A schema of the document as one that stands alone, read by a reader of JSON schemas. */
function reader(schema: Record<string, unknown> | undefined): z.ZodType {
	const text = JSON.stringify({ ...schema, $defs: api.components.schemas });
	return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}

const operation = (method: string, path: string) => api.paths[path]?.[method.toLowerCase()] as Operation;

describe('the description', () => {
	test('has every route of the running server, each with a summary, replies and errors', async () => {
		const app = await buildServer({
			db: server.store.db,
			clock: () => new Date(),
			watchCommits: server.store.watchCommits,
			blobDir: folder,
		});
		await app.ready();
		const described = new Set<string>();
		const openApi = (await app.inject({ url: '/v1/openapi.json' })).json<OpenApi>();
		for (const [path, methods] of Object.entries(openApi.paths))
			for (const [method, { summary, responses }] of Object.entries(methods)) {
				described.add(`${method.toUpperCase()} ${path}`);
				expect(summary, `${method} ${path}`).toMatch(/\w{3}/);
				const statuses = Object.keys(responses);
				expect(
					statuses.some((status) => status < '400'),
					`${method} ${path}`,
				).toBe(true);
				expect(statuses, `${method} ${path}`).toContain('500');
			}
		// The server's own list of addresses, which knows nothing of the description.
		const routes = app.printRoutes({ commonPrefix: false, includeHooks: false });
		expect(described).toEqual(new Set(routesIn(routes)));
		expect(described.size).toBeGreaterThan(5);
		await app.close();
	});

	test('with a route that has no description, or says of nobody that they may use it, there is no server', async () => {
		const app = await buildServer({ db: server.store.db, clock: () => new Date() });
		expect(() => app.get('/v1/sync/forgotten/:id', () => ({}))).toThrow('does not say who may use it');
		const about = { summary: 'Half described', replies: {} };
		expect(() => app.get('/v1/sync/forgotten', { config: { about } }, () => ({}))).toThrow('asks for nobody');
		await app.close();
	});

	test('has no reference to nowhere, no two operations of one name, and says who must be signed in', () => {
		expect(api.openapi).toBe('3.1.0');
		const names = [...JSON.stringify(api).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
			([, name]) => name,
		);
		expect(names.length).toBeGreaterThan(10);
		for (const name of names) expect(api.components.schemas).toHaveProperty([name ?? '']);
		const ids = Object.values(api.paths).flatMap((methods) => Object.values(methods).map((it) => it.operationId));
		expect(new Set(ids).size).toBe(ids.length);
		expect(operation('POST', '/v1/sync/push')).toMatchObject({ security: [{ token: [] }] });
		expect(operation('GET', '/v1/health').security).toBeUndefined();
		const [cursor] = operation('GET', '/v1/sync/pull').parameters ?? [];
		expect(cursor).toMatchObject({ name: 'cursor', in: 'query', required: false });
		expect(operation('GET', '/v1/sync/digest').parameters?.[0]).toMatchObject({ name: 'account', required: true });
	});
});

describe('real exchanges', () => {
	test('are as described: requests, replies and refusals', async () => {
		const told = async (route: string, body: unknown, answer: { status: number; body: unknown }) => {
			const [method = '', path = ''] = route.split(' ');
			const { requestBody, responses } = operation(method, path);
			const request = requestBody?.content['application/json'];
			if (request) expect(reader(request.schema).safeParse(body).error).toBeUndefined();
			const reply = responses[String(answer.status)];
			expect(reply, `${method} ${path} ${answer.status}`).toBeDefined();
			const schema = reply?.content?.['application/json']?.schema;
			expect(schema).toBeDefined();
			expect(reader(schema).safeParse(answer.body).error).toBeUndefined();
			// What the schema would refuse shows that it says anything at all.
			expect(reader(schema).safeParse({}).success).toBe(false);
		};
		const hello = {
			device: sam.device,
			short: sam.short,
			name: 'Laptop',
			app: '0.1.0',
			protocol: 1,
			schema: 1,
			lastAckedGroup: 0,
			cursor: null,
		};
		await told('POST /v1/sync/hello', hello, await sam.hello());
		const groups = [
			sam.group([
				{ k: 'create', t: 'issue', id: 'i-9', hlc: sam.hlc(), v: { ...issueValues('a-1'), tags: ['a', { b: null }] } },
				{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { title: { v: 'New', base: null, was: { x: [1] } } } },
				{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' },
				{ k: 'delete', t: 'issue', id: 'i-2', hlc: sam.hlc(), base: sam.hlc() },
			]),
		];
		const request = { device: sam.device, nonce: sam.nonce, groups };
		await told('POST /v1/sync/push', request, await sam.send(groups));
		sam.nonce = 'another';
		await told('POST /v1/sync/push', { ...request, nonce: 'another' }, await sam.send(groups));
		await told('GET /v1/sync/digest', undefined, await sam.request('/v1/sync/digest?account=a-1'));
		await told('GET /v1/sync/digest', undefined, await sam.request('/v1/sync/digest?account=a-none'));
		await told('GET /v1/sync/pull', undefined, await sam.request('/v1/sync/pull?cursor=wrong'));
		await told('GET /v1/health', undefined, await sam.request('/v1/health'));
		const nobody = new RawDevice(server.url, 'nobody', 'bbbbbbbb');
		await told('GET /v1/sync/pull', undefined, await nobody.request('/v1/sync/pull'));
	});

	test('each line of a page is as described', async () => {
		await sam.hello();
		await sam.push([{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' }]);
		const { body } = await sam.request<string>('/v1/sync/pull');
		const schema = operation('GET', '/v1/sync/pull').responses['200']?.content?.['application/x-ndjson']?.schema;
		const line = reader(schema);
		const lines = body.trimEnd().split('\n');
		expect(lines.length).toBeGreaterThan(5);
		for (const text of lines) expect(line.safeParse(JSON.parse(text)).error, text).toBeUndefined();
		expect(line.safeParse({ end: 'soon' }).success).toBe(false);
	});
});

/** "GET /v1/x/{id}" of each route in Fastify's printed tree, whose branches are indented by four. */
function routesIn(tree: string): string[] {
	const path: string[] = [];
	return tree.split('\n').flatMap((line) => {
		const [, indent = '', part = '', methods] = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
		if (!part) return [];
		path.length = indent.length / 4;
		path.push(part);
		const whole = path.join('').replaceAll(/:(\w+)/g, '{$1}');
		return (methods?.split(', ') ?? []).map((method) => `${method} ${whole}`);
	});
}
