import zlib from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { around, backoff } from '../../electron/core/sync/reaching/backoff.ts';
import { type Transport, TransportError } from '../../electron/core/sync/reaching/transport.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { syncRecords } from '../support/sync-records.ts';

describe('the time until the next attempt', () => {
	const failures = fc.integer({ min: 1, max: 10_000 });
	const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

	it('is anywhere between nothing and a doubling span, never above five minutes', () => {
		fc.assert(
			fc.property(failures, random, (count, chance) => {
				const span = Math.min(300_000, 1000 * 2 ** Math.min(count, 60));
				const wait = backoff(count, chance);
				expect(wait).toBeGreaterThanOrEqual(0);
				expect(wait).toBeLessThanOrEqual(span);
				expect(backoff(count, 0)).toBe(0);
				expect(backoff(count, 0.999_999)).toBeGreaterThan(span * 0.999);
			}),
		);
	});

	it('never undercuts what the server asked for', () => {
		fc.assert(
			fc.property(failures, random, fc.integer({ min: 0, max: 3_600_000 }), (count, chance, retryAfterMs) => {
				const error = new TransportError('server_error', 'Busy.', { retryAfterMs });
				expect(backoff(count, chance, error)).toBeGreaterThanOrEqual(retryAfterMs);
			}),
		);
	});

	it('is calm when waiting alone does not help', () => {
		for (const problem of ['signed_out', 'upgrade'] as const)
			fc.assert(
				fc.property(failures, random, (count, chance) => {
					const wait = backoff(count, chance, new TransportError(problem, ''));
					expect(wait).toBeGreaterThanOrEqual(240_000);
					expect(wait).toBeLessThanOrEqual(360_000);
				}),
			);
		expect([around(60_000, 0), around(60_000, 0.5), around(60_000, 0.999_999)]).toEqual([
			48_000,
			60_000,
			expect.closeTo(72_000, 0),
		]);
	});
});

describe('the loop', () => {
	let server: TestServer;
	let stage: Stage;
	let laptop: TestCore;
	beforeEach(async () => {
		server = await startTestServer({ records: syncRecords });
		stage = openStage();
		const options = {
			userId: 'u-sam',
			server: { url: server.url, token: 'dev-sam' },
			surroundings: stage,
			autoSync: true,
		};
		laptop = await startCore(options);
	});
	afterEach(async () => {
		await laptop.stop();
		await server.stop();
	});

	const rounds = () => stage.asked.filter((path) => path.endsWith('/hello')).length;
	const status = () => laptop.ok('sync.status', {});
	const newIssue = (title: string) => laptop.ok('issues.create', { account_id: 'a-1', title });

	/** Lets the first round and what it starts come to rest. */
	async function settle(): Promise<void> {
		for (let turn = 0; turn < 40; turn += 1) {
			await stage.advance(1);
			if ((await status()).state === 'acknowledged') return;
		}
		throw new Error('The first round did not end.');
	}

	it('asks again every minute give or take a fifth, and soon after an edit', async () => {
		await settle();
		const first = rounds();
		await stage.advance(47_000);
		expect(rounds()).toBe(first);
		await stage.advance(14_000);
		await stage.advance(1);
		expect(rounds()).toBe(first + 1);
		await newIssue('Edit');
		await stage.advance(1600);
		await stage.advance(1);
		expect(rounds()).toBe(first + 2);
		expect((await status()).unsent).toBe(0);
	});

	it('does not wait for the end of a long stretch of edits', async () => {
		await settle();
		const first = rounds();
		for (let second = 0; second < 11; second += 1) {
			await newIssue(`Edit ${second}`);
			await stage.advance(1000);
		}
		await stage.advance(1);
		expect(rounds()).toBe(first + 1);
	});

	it('sends one change alone, and the rest a minute later, whatever is written or heard meanwhile', async () => {
		await settle();
		await laptop.ok('sync.pause', { paused: true });
		for (const title of ['One', 'Two', 'Three']) await newIssue(title);
		stage.setFetch(() => Promise.reject(new TypeError('fetch failed')));
		await laptop.ok('sync.pause', { paused: false });
		await stage.advance(1);
		stage.setFetch(null);
		const two = (await laptop.ok('sync.unsent', {})).find(({ title }) => title === 'Two')?.group ?? 0;
		expect(await laptop.ok('outbox.sendAlone', { group: two })).toMatchObject({ unsent: 2 });
		await newIssue('Four');
		await stage.advance(50_000);
		expect(await status()).toMatchObject({ unsent: 3 });
		const titles = Object.values((await server.serverTables()).records).map(({ v }) => v.title);
		expect(titles).toContain('Two');
		expect(titles).not.toContain('Four');
		await stage.advance(12_000);
		await stage.advance(1);
		expect(await status()).toMatchObject({ unsent: 0 });
	});

	it('sends everything at once when asked to, also after one went alone', async () => {
		await settle();
		for (const title of ['One', 'Two']) await newIssue(title);
		const [one] = await laptop.ok('sync.unsent', {});
		expect(await laptop.ok('outbox.sendAlone', { group: one?.group ?? 0 })).toMatchObject({ unsent: 1 });
		expect(await laptop.ok('sync.now', {})).toMatchObject({ unsent: 0 });
	});

	it('makes no round after round for what is held back here', async () => {
		await settle();
		await newIssue('Held');
		const [held] = await laptop.ok('sync.unsent', {});
		await laptop.ok('outbox.hold', { group: held?.group ?? 0, held: true });
		const first = rounds();
		await stage.advance(30_000);
		expect(rounds()).toBe(first + 1);
		await laptop.ok('outbox.hold', { group: held?.group ?? 0, held: false });
		await stage.advance(1600);
		await stage.advance(1);
		expect(await status()).toMatchObject({ unsent: 0 });
	});

	it('always has a next attempt, whatever failed', async () => {
		await settle();
		const replies: (() => Promise<Response>)[] = [
			async () => Promise.reject(new TypeError('fetch failed')),
			async () => new Response('<html>'),
			async () => new Response('{}', { headers: { 'x-fieldbook-server': server.epoch } }),
			async () => new Response('{', { status: 500, headers: { 'x-fieldbook-server': server.epoch } }),
			async () => new Response('{}', { status: 401, headers: { 'x-fieldbook-server': server.epoch } }),
		];
		for (const reply of replies) {
			stage.setFetch(reply);
			await newIssue('Waits');
			await stage.advance(400_000);
			const { nextAttemptAt, state } = await status();
			expect(state).toBe('offline');
			expect(Date.parse(nextAttemptAt ?? '')).toBeGreaterThanOrEqual(stage.now());
		}
		stage.setFetch(null);
		await stage.advance(400_000);
		await settle();
		expect((await status()).unsent).toBe(0);
	});

	it('waits as long as the server asks', async () => {
		await settle();
		stage.setRandom(0);
		const headers = { 'x-fieldbook-server': server.epoch, 'retry-after': '120' };
		stage.setFetch(async () => new Response('{"error":{"code":"busy","message":""}}', { status: 503, headers }));
		await stage.advance(61_000);
		await stage.advance(1);
		const tried = stage.asked.length;
		await stage.advance(100_000);
		expect(stage.asked.length).toBe(tried);
		await stage.advance(25_000);
		expect(stage.asked.length).toBeGreaterThan(tried);
	});

	it('gives up a request that hears of no abort, as of a broken network stack', async () => {
		await settle();
		await newIssue('Stuck');
		stage.hang();
		await stage.advance(25_000);
		expect(await status()).toMatchObject({ state: 'offline', unsent: 1, problem: 'unreachable' });
		stage.setFetch(null);
		// One that was begun meanwhile hangs as well.
		await stage.advance(60_000);
		await settle();
		expect((await status()).unsent).toBe(0);
	});

	it('halves its pushes on a network that breaks them, down to twenty, and doubles them again', async () => {
		await settle();
		await newIssue('The first goes alone');
		await laptop.ok('sync.now', {});
		const sizes: number[] = [];
		let isBroken = true;
		stage.setFetch(async (url, init) => {
			if (!String(url).endsWith('/push')) return fetch(url, init);
			sizes.push(pushSize(init?.body));
			if (isBroken) throw new TypeError('terminated');
			return fetch(url, init);
		});
		for (let index = 0; index < 300; index += 1) await newIssue(`Number ${index}`);
		for (let turn = 0; turn < 7; turn += 1) await laptop.ok('sync.now', {});
		expect(sizes).toEqual([300, 250, 125, 62, 31, 20, 20]);
		isBroken = false;
		sizes.length = 0;
		await laptop.ok('sync.now', {});
		expect(sizes).toEqual([20, 20, 40, 40, 80, 80, 20]);
		expect((await status()).unsent).toBe(0);
	});

	it('is woken by a poke, and goes on polling without one', async () => {
		await settle();
		await stage.advance(1);
		expect(stage.asked).toContain('/v1/sync/poke');
		const first = rounds();
		const other = await startCore({ userId: 'u-specialist', server: { url: server.url, token: 'dev-specialist' } });
		await other.ok('sync.now', {});
		await other.ok('issues.create', { account_id: 'a-1', title: 'From the office' });
		await other.ok('sync.now', {});
		await until(async () => {
			await stage.advance(500);
			const issues = await laptop.ok('issues.list', {});
			return issues.some(({ title }) => title === 'From the office');
		});
		expect(rounds()).toBeGreaterThan(first);
		await other.stop();
	});

	it('comes back to the poke line after it broke, with growing pauses', async () => {
		await settle();
		stage.setFetch(async (url, init) => {
			if (String(url).includes('/poke')) throw new TypeError('terminated');
			return fetch(url, init);
		});
		server.setFault({ kind: 'down', times: 1, path: '/poke' });
		const lines = () => stage.asked.filter((path) => path.endsWith('/poke')).length;
		// The line that is open ends with the server's next silence.
		await stage.advance(61_000);
		const before = lines();
		await stage.advance(60_000);
		expect(lines() - before).toBeGreaterThan(1);
		expect(lines() - before).toBeLessThan(12);
	});
});

function pushSize(body: unknown): number {
	const text = typeof body === 'string' ? body : unpack(body as Uint8Array);
	return (JSON.parse(text) as { groups: unknown[] }).groups.length;
}

function unpack(body: Uint8Array): string {
	return zlib.zstdDecompressSync(body).toString();
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
	for (let turn = 0; turn < 100; turn += 1) if (await isDone()) return;
	throw new Error('It did not come to that.');
}

describe('a round that hangs', () => {
	it('is left behind after 90 seconds without a byte, writes nothing more, and another is begun', async () => {
		const stage = openStage();
		let asked = 0;
		const late: (() => void)[] = [];
		const transport: Transport = {
			request: () => {
				asked += 1;
				return new Promise((_, reject) => late.push(() => reject(new TransportError('unreachable', 'Late.'))));
			},
		};
		const laptop = await startCore({ transport, surroundings: stage, autoSync: true });
		await stage.advance(1);
		expect(asked).toBe(1);
		await stage.advance(89_000);
		expect(asked).toBe(1);
		await stage.advance(5000);
		expect(asked).toBe(2);
		expect(await laptop.ok('sync.status', {})).toMatchObject({ state: 'offline', problem: 'unreachable' });
		const stopping = laptop.stop();
		await stage.advance(2500);
		await stopping;
		for (const end of late) end();
	});
});
