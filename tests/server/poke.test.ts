import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildServer } from '../../server/app.ts';
import { PokeHub } from '../../server/poke.ts';
import { inTransaction, nextSeq } from '../../server/store/transaction.ts';
import { listenForPokes, type PokeListener } from '../support/pokes.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: RawDevice;
let listeners: PokeListener[];

beforeEach(async () => {
	server = await startTestServer({ records: syncRecords, accounts: { 'u-manager': ['a-2'] }, heartbeatMs: 200 });
	sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	await sam.hello();
	listeners = [];
});
afterEach(async () => {
	for (const listener of listeners) listener.stop();
	await server.stop();
});

async function listen(token: string, query = ''): Promise<PokeListener> {
	const listener = await listenForPokes(server.url, token, query);
	listeners.push(listener);
	return listener;
}

const createIn = (account: string, id: string) => ({
	k: 'create',
	t: 'issue',
	id,
	hlc: sam.hlc(),
	v: issueValues(account),
});

async function pushSeq(ops: readonly unknown[]): Promise<number> {
	return (await sam.send([sam.group(ops)])).body.seq;
}

describe('pokes', () => {
	test('whoever may see something new is told its number and nothing else; nobody else is', async () => {
		const specialist = await listen('dev-specialist');
		const manager = await listen('dev-manager');
		const seq = await pushSeq([createIn('a-1', 'i-8')]);
		expect(await specialist.next()).toEqual({ seq });
		const later = await pushSeq([createIn('a-2', 'i-9')]);
		expect(await specialist.next()).toEqual({ seq: later });
		expect(await manager.next()).toEqual({ seq: later });
		expect(manager.heard).toHaveLength(1);
		expect(specialist.text).not.toContain('Late invoice');
	});

	test('a burst is one poke, of the last number', async () => {
		const specialist = await listen('dev-specialist');
		const seqs: number[] = [];
		for (let index = 0; index < 10; index++) seqs.push(await pushSeq([createIn('a-1', `b-${index}`)]));
		while (specialist.heard.at(-1)?.seq !== seqs.at(-1)) await specialist.next();
		expect(specialist.heard.length).toBeLessThan(10);
	});

	test('somebody who was away says what they know and is told at once, or not at all', async () => {
		const seq = await pushSeq([createIn('a-1', 'i-8')]);
		expect(await (await listen('dev-specialist', `?after=${seq - 1}`)).next()).toEqual({ seq });
		const known = await listen('dev-specialist', `?after=${seq}`);
		const other = await listen('dev-manager', `?after=${seq - 1}`);
		await Promise.all([known.beats(2), other.beats(2)]);
		expect([...known.heard, ...other.heard]).toEqual([]);
	});

	test('an account that comes to somebody is news to them', async () => {
		const manager = await listen('dev-manager');
		const seq = await inTransaction(server.store.db, async (trx) => {
			const next = await nextSeq(trx);
			const given = { user_id: 'u-manager', account_id: 'a-1', from_seq: next };
			await trx.insertInto('assignment').values(given).execute();
			return next;
		});
		expect(await manager.next()).toEqual({ seq });
	});

	test('a stream nobody answers for is ended with the server, cleanly', async () => {
		const { db, watchCommits } = server.store;
		const app = await buildServer({ db, watchCommits, clock: () => new Date() });
		const url = await app.listen({ port: 0, host: '127.0.0.1' });
		const streams = [await listenForPokes(url, 'dev-sam'), await listenForPokes(url, 'dev-specialist')];
		const started = performance.now();
		await app.close();
		expect(await Promise.all(streams.map((stream) => stream.ended))).toEqual(['ended', 'ended']);
		expect(performance.now() - started).toBeLessThan(3000);
	});

	test('of one person, the oldest of too many streams gives way', async () => {
		const streams: PokeListener[] = [];
		for (let index = 0; index < 9; index++) streams.push(await listen('dev-specialist'));
		expect(await streams[0]?.ended).toBe('ended');
		const seq = await pushSeq([createIn('a-1', 'i-8')]);
		expect(await streams[8]?.next()).toEqual({ seq });
		expect(await streams[1]?.next()).toEqual({ seq });
	});

	test('beats while nothing happens, and only for whom the token is known', async () => {
		const specialist = await listen('dev-specialist');
		await specialist.beats(3);
		expect(specialist.heard).toEqual([]);
		const refused = await fetch(`${server.url}/v1/sync/poke`, { headers: { authorization: 'Bearer nobody-knows' } });
		expect(refused.status).toBe(401);
		const wrong = await sam.request('/v1/sync/poke?after=yesterday');
		expect(wrong.status).toBe(400);
		expect((await sam.hello()).body.features).toContain('poke');
	});

	test('however many listen, a burst of commits costs three statements', async () => {
		let statements = 0;
		const counted = server.store.db.withPlugin({
			transformQuery: ({ node }) => {
				statements += 1;
				return node;
			},
			transformResult: async ({ result }) => result,
		});
		const hub = new PokeHub({ db: counted, heartbeatMs: 60_000 });
		const told: string[] = [];
		for (const user of ['u-sam', 'u-specialist', 'u-manager', 'u-4', 'u-5', 'u-6', 'u-7', 'u-8', 'u-9', 'u-10'])
			for (let index = 0; index < 8; index++)
				await hub.add({ userId: user, send: (text) => void told.push(text), end: () => undefined }, undefined);
		const seq = await pushSeq([createIn('a-1', 'i-8')]);
		told.length = 0;
		statements = 0;
		for (let index = 0; index < 50; index++) hub.committed();
		await vi.waitFor(() => expect(told).toEqual(Array(16).fill(`data: {"seq":${seq}}\n\n`)));
		// The number, for whom it works, and who sees something.
		expect(statements).toBe(3);
		hub.close();
	});
});
