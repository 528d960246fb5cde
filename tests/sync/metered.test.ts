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
	laptop = await startCore({ ...options, autoSync: true });
	await laptop.ok('sync.now', {});
	await stage.advance(1);
});
afterEach(async () => {
	await laptop.stop();
	await server.stop();
});

const status = () => laptop.ok('sync.status', {});
const newIssue = (title: string) => laptop.ok('issues.create', { account_id: 'a-1', title });
const groupOf = async (title: string) =>
	(await laptop.ok('sync.unsent', {})).find((change) => change.title === title)?.group ?? 0;
const atTheOffice = async () =>
	Object.values((await server.serverTables()).records).flatMap(({ v }) =>
		v.ref_no && v.ref_no !== 'Q-1' ? [v.title] : [],
	);

/** Requests made while `work` is done. */
async function askedDuring(work: () => Promise<unknown>): Promise<string[]> {
	const before = stage.asked.length;
	await work();
	return stage.asked.slice(before).map((path) => path.replace('/v1/sync/', ''));
}

describe('a metered link', () => {
	it('carries nothing by itself while nothing is urgent: no poll, no poke, no fetch', async () => {
		expect(await laptop.ok('sync.metered', { choice: 'yes' })).toMatchObject({ metered: true, meteredChoice: 'yes' });
		await stage.advance(1);
		const asked = await askedDuring(async () => {
			await newIssue('Waits');
			await stage.advance(300_000);
		});
		expect(asked).toEqual([]);
		expect(await status()).toMatchObject({ state: 'unsent', unsent: 1, nextAttemptAt: null });
	});

	it('carries what is urgent, alone, once, and at once', async () => {
		await laptop.ok('sync.metered', { choice: 'yes' });
		for (let index = 0; index < 61; index += 1) await newIssue(`Queue ${index}`);
		await newIssue('Escalation');
		await laptop.ok('outbox.urgent', { group: await groupOf('Escalation'), urgent: true });
		const asked = await askedDuring(() => stage.advance(3000));
		expect(asked).toEqual(['hello', 'push']);
		expect(await status()).toMatchObject({ unsent: 61, urgent: 0, metered: true });
		expect(await atTheOffice()).toEqual(['Escalation']);
		expect(await askedDuring(() => stage.advance(200_000))).toEqual([]);
	});

	it('carries everything once when the person asks for it', async () => {
		await laptop.ok('sync.metered', { choice: 'yes' });
		await newIssue('One');
		await newIssue('Two');
		expect(await laptop.ok('sync.now', { what: 'all' })).toMatchObject({
			state: 'acknowledged',
			unsent: 0,
			metered: true,
		});
		expect((await atTheOffice()).sort()).toEqual(['One', 'Two']);
		await newIssue('Three');
		expect(await askedDuring(() => stage.advance(200_000))).toEqual([]);
		expect((await status()).unsent).toBe(1);
	});

	it('is what the system says it is, unless the person knows better', async () => {
		expect(await status()).toMatchObject({ metered: false, meteredChoice: 'auto' });
		laptop.core.setLinkHint({ metered: true });
		expect(await status()).toMatchObject({ metered: true, meteredChoice: 'auto' });
		expect((await laptop.ok('sync.metered', { choice: 'no' })).metered).toBe(false);
		laptop.core.setLinkHint({ metered: false });
		expect((await laptop.ok('sync.metered', { choice: 'yes' })).metered).toBe(true);
		await laptop.reopen();
		expect(await status()).toMatchObject({ metered: true, meteredChoice: 'yes' });
		expect((await laptop.ok('sync.metered', { choice: 'auto' })).metered).toBe(false);
	});

	it('once left, lets everything go by itself', async () => {
		laptop.core.setLinkHint({ metered: true });
		await newIssue('Waits');
		await stage.advance(100_000);
		expect((await status()).unsent).toBe(1);
		laptop.core.setLinkHint({ metered: false });
		await stage.advance(10);
		await stage.advance(10);
		expect(await status()).toMatchObject({ state: 'acknowledged', unsent: 0 });
	});

	it('first takes with it what was handed over before, since the office counts', async () => {
		await newIssue('Handed over');
		server.setFault({ kind: 'drop-reply', path: '/push', times: 1 });
		await laptop.ok('sync.now', {});
		await laptop.ok('sync.metered', { choice: 'yes' });
		await newIssue('Waits');
		await newIssue('Escalation');
		await laptop.ok('outbox.urgent', { group: await groupOf('Escalation'), urgent: true });
		await stage.advance(20_000);
		expect((await atTheOffice()).sort()).toEqual(['Escalation', 'Handed over']);
		expect((await laptop.ok('sync.unsent', {})).map(({ title }) => title)).toEqual(['Waits']);
	});
});
