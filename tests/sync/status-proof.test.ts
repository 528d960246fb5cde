import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let stage: Stage;
let laptop: TestCore;
beforeEach(async () => {
	server = await startTestServer({ records: syncRecords });
	stage = openStage();
	const options = { userId: 'u-sam', server: { url: server.url, token: 'dev-sam' }, surroundings: stage };
	laptop = await startCore(options);
	await laptop.ok('sync.now', {});
});
afterEach(async () => {
	await laptop.stop();
	await server.stop();
});

const newIssue = () => laptop.ok('issues.create', { account_id: 'a-1', title: 'Written offline' });

/** Lets the real answer of one path through another's hands. */
function change(path: string, hands: (reply: Response) => Response | Promise<Response>): void {
	stage.setFetch(async (url, init) => {
		const reply = await fetch(url, init);
		return new URL(String(url)).pathname.endsWith(path) ? hands(reply) : reply;
	});
}

function withHeaders(reply: Response, headers: Record<string, string>): Response {
	const all = new Headers(reply.headers);
	for (const [name, value] of Object.entries(headers)) all.set(name, value);
	for (const name of ['content-encoding', 'content-length']) all.delete(name);
	return new Response(reply.body, { status: reply.status, headers: all });
}

/** What the queue holds, to the letter. */
const queue = () =>
	laptop.core.store.raw
		.prepare(
			'SELECT o.group_no, o.wire_no, o.sent_at, p.op, p.pending FROM outbox o JOIN outbox_op p USING (group_no) WHERE sent_at IS NULL',
		)
		.all();

describe('the state', () => {
	it.each([
		['a portal’s page', () => new Response('<html>Welcome to our Wi-Fi</html>')],
		['a portal’s JSON', () => Response.json({ serverEpoch: 'x', ok: true })],
		['a proxy’s error', () => new Response('Bad gateway', { status: 502 })],
		[
			'a portal’s redirect taken for an answer',
			() => new Response('', { status: 200, headers: { location: '/login' } }),
		],
	])('is offline behind %s, and the queue is not touched', async (_, page) => {
		await newIssue();
		const before = queue();
		stage.setFetch(async () => page());
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'offline', unsent: 1, problem: 'not_our_server' });
		expect(queue()).toEqual(before);
		stage.setFetch(null);
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'acknowledged', unsent: 0, problem: null });
	});

	it('is offline when a page comes out of a cache on the way', async () => {
		change('/pull', (reply) => withHeaders(reply, { age: '340' }));
		const cursor = laptop.core.store.raw.prepare("SELECT value FROM meta WHERE key = 'cursor'").pluck().get();
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'offline', problem: 'not_our_server' });
		expect(laptop.core.store.raw.prepare("SELECT value FROM meta WHERE key = 'cursor'").pluck().get()).toBe(cursor);
	});

	it('is offline when another server than the one greeted answers', async () => {
		await newIssue();
		const other = { 'x-fieldbook-server': '0c6a7a4e-0000-4000-8000-000000000000' };
		change('/push', (reply) => withHeaders(reply, other));
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'offline', unsent: 1, problem: 'not_our_server' });
		stage.setFetch(null);
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'acknowledged', unsent: 0 });
		const { records } = await server.serverTables();
		expect(Object.values(records).filter(({ v }) => v.title === 'Written offline')).toHaveLength(1);
	});

	it('is offline when the answer to the greeting names another server than its mark does', async () => {
		// On every answer, so that nothing else can give it away.
		change('', (reply) => withHeaders(reply, { 'x-fieldbook-server': 'somebody-else' }));
		const epoch = laptop.core.store.raw.prepare("SELECT value FROM meta WHERE key = 'server_epoch'").pluck().get();
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'offline', problem: 'not_our_server' });
		expect(laptop.core.store.raw.prepare("SELECT value FROM meta WHERE key = 'server_epoch'").pluck().get()).toBe(
			epoch,
		);
	});

	it('is never “acknowledged” by a round that did not reach the end', async () => {
		const { acknowledgedAt } = await laptop.ok('sync.status', {});
		await newIssue();
		change('/push', (reply) => withHeaders(reply, { age: '9' }));
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'offline', acknowledgedAt });
	});
});

describe('an expired session', () => {
	it('blocks no work, touches no queue, and is asked about now and then', async () => {
		await newIssue();
		const before = queue();
		stage.setFetch(async (url, init) => {
			const headers = { ...(init?.headers as Record<string, string>), authorization: 'Bearer expired' };
			return fetch(url, { ...init, headers });
		});
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'offline', unsent: 1, problem: 'signed_out' });
		expect(queue()).toEqual(before);
		const { id } = await newIssue();
		await laptop.ok('issues.update', { id, patch: { priority: 'HIGH' } });
		expect((await laptop.ok('sync.status', {})).unsent).toBe(3);
		stage.setFetch(null);
		expect(await laptop.ok('sync.now', {})).toMatchObject({ state: 'acknowledged', unsent: 0, problem: null });
	});
});
