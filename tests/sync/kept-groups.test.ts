import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

const DAY = 86_400_000;

let server: TestServer;
let laptop: TestCore;
let offset: number;
let durable: number | undefined;
beforeEach(async () => {
	offset = 0;
	durable = undefined;
	const clock = () => new Date(Date.now() + offset);
	server = await startTestServer({ records: syncRecords, clock, durableSeq: () => durable, leaseDays: 0 });
	laptop = await startCore({ userId: 'u-sam', server: { url: server.url, token: 'dev-sam' }, now: clock });
	await laptop.ok('sync.now', {});
});
afterEach(async () => {
	await laptop.stop();
	await server.stop();
});

/** Numbers on the wire of the groups the laptop still holds. */
const held = () => laptop.core.store.raw.prepare('SELECT wire_no FROM outbox ORDER BY wire_no').pluck().all();
const seqs = () => laptop.core.store.raw.prepare('SELECT seq FROM outbox ORDER BY wire_no').pluck().all() as number[];

async function send(title: string): Promise<void> {
	await laptop.ok('issues.create', { account_id: 'a-1', title });
	await laptop.ok('sync.now', {});
}

it('an acknowledged change is kept for thirty days', async () => {
	for (const title of ['1', '2', '3']) await send(title);
	offset = 29 * DAY;
	await send('4');
	expect(held()).toEqual([1, 2, 3, 4]);
	offset = 31 * DAY;
	await send('5');
	expect(held()).toEqual([4, 5]);
});

it('and for as long as the server could still lose it', async () => {
	for (const title of ['1', '2', '3']) await send(title);
	const [, second] = seqs();
	durable = second;
	offset = 31 * DAY;
	await send('4');
	expect(held()).toEqual([3, 4]);
	durable = Number.MAX_SAFE_INTEGER;
	await send('5');
	expect(held()).toEqual([4, 5]);
});

it('the newest stays whatever its age, since it holds the count', async () => {
	await send('1');
	offset = 40 * DAY;
	await laptop.ok('sync.now', {});
	expect(held()).toEqual([1]);
	await laptop.ok('issues.create', { account_id: 'a-1', title: 'Taken back' });
	const [change] = await laptop.ok('sync.unsent', {});
	await laptop.ok('outbox.undo', { group: change?.group ?? 0 });
	offset = 90 * DAY;
	await laptop.ok('sync.now', {});
	expect(held()).toContain(1);
	await send('2');
	expect(held()).toContain(2);
	expect(await laptop.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', problem: null });
});
