import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: TestCore;
let office: RawDevice;
let now = Date.parse('2026-11-24T08:00:00Z');

beforeEach(async () => {
	server = await startTestServer({
		records: [
			...syncRecords,
			...Array.from({ length: 400 }, (_, n) => ({ t: 'issue' as const, id: `x-${n}`, v: issueValues('a-1') })),
		],
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-1', 'a-2'], 'u-manager': [] },
	});
	sam = await startCore({
		userId: 'u-sam',
		server: { url: server.url, token: 'dev-sam' },
		surroundings: { now: () => now, random: Math.random, after: () => () => {}, fetch },
	});
	office = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
	office.schema = 2;
	await office.hello();
	await office.pull();
	await sam.ok('sync.now', {});
});
afterEach(async () => {
	await sam.stop();
	await server.stop();
});

const held = () => sam.core.store.raw.prepare('SELECT count(*) FROM issue WHERE deleted_at IS NULL').pluck().get();

async function deleteSome(from: number, to: number): Promise<void> {
	const ops = Array.from({ length: to - from }, (_, n) => ({
		k: 'delete',
		t: 'issue',
		id: `x-${from + n}`,
		hlc: office.hlc(),
		base: 'fffffffffffffffffffffffff',
	}));
	expect((await office.push(ops)).filter((result) => result.s !== 'merged')).toEqual([]);
}

describe('a mass deletion', () => {
	it('of a tenth goes through', async () => {
		await deleteSome(0, 40);
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: null });
		expect(held()).toBe(362);
	});

	it('of more stops before anything of it is done, while the person works and sends on', async () => {
		await deleteSome(0, 60);
		const { id } = await sam.ok('issues.create', { account_id: 'a-2', title: 'Meanwhile' });
		const status = await sam.ok('sync.now', {});
		expect(status).toMatchObject({
			brake: {
				...{ records: 60, deleted: 60, held: 409, leaving: 0, heldAccounts: 2, moreAccounts: 0 },
				accounts: [{ name: 'Norrland Turbines', records: 60, leaves: false }],
			},
			unsent: 0,
		});
		expect(held()).toBe(403);
		expect((await server.serverTables()).records[`issue ${id}`]).toBeDefined();
		// Nor later, by itself or after the person has said to keep it.
		now += 3_600_000;
		await sam.ok('sync.now', {});
		expect(await sam.ok('sync.brake', { choice: 'keep' })).toMatchObject({ brake: { records: 60 } });
		await sam.ok('sync.now', {});
		expect(held()).toBe(403);
	});

	it('leaves the office data as old as it is, also where nothing is asked for', async () => {
		const pulledAt = async () => (await sam.ok('sync.status', {})).pulledAt;
		const before = await pulledAt();
		await deleteSome(0, 60);
		await new Promise((resolve) => setTimeout(resolve, 5));
		// The first is stopped, the second does not ask.
		for (const _ of [1, 2])
			expect(await sam.ok('sync.now', {})).toMatchObject({ brake: { records: 60 }, problem: null });
		expect(await pulledAt()).toBe(before);
		await sam.ok('sync.brake', { choice: 'apply' });
		await sam.ok('sync.now', {});
		expect((await pulledAt()) ?? '').toSatisfy((at: string) => at > (before ?? ''));
	});

	it('goes through when the person lets it', async () => {
		await deleteSome(0, 60);
		await sam.ok('sync.now', {});
		await sam.ok('sync.brake', { choice: 'apply' });
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: null });
		expect(held()).toBe(342);
	});

	it('is asked about again when much more has come since the person looked', async () => {
		await deleteSome(0, 60);
		await sam.ok('sync.now', {});
		await deleteSome(60, 200);
		// The answer is to what was shown.
		server.setFault({ kind: 'down' });
		await sam.ok('sync.brake', { choice: 'apply' });
		server.setFault(null);
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: { records: 200 } });
		expect(held()).toBe(402);
	});

	it('is forgotten when the server does not want it any more', async () => {
		await deleteSome(0, 60);
		await sam.ok('sync.now', {});
		await office.push(
			Array.from({ length: 60 }, (_, n) => ({ k: 'undelete', t: 'issue', id: `x-${n}`, hlc: office.hlc() })),
		);
		now += 700_000;
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: null });
		expect(held()).toBe(402);
	});

	it('counts together what comes in several pages', async () => {
		for (let from = 0; from < 150; from += 30) await deleteSome(from, from + 30);
		// As little in a page as a very bad network carries.
		server.setFault({ kind: 'half', path: '/pull', times: 5 });
		for (let turn = 0; turn < 6; turn += 1) await sam.ok('sync.now', {});
		expect(await sam.ok('sync.status', {})).toMatchObject({ brake: { records: 150 } });
		expect(held()).toBe(402);
	});
});

describe('accounts that a manager gives to somebody else', () => {
	const give = (account: string) =>
		reassign(server.store.db, { account, from: 'u-sam', to: 'u-manager', by: null }, new Date());
	const atServer = async (id: string) => (await server.serverTables()).records[`issue ${id}`];

	it('leave without a question when it is one, however large, and the unsent work in it goes first', async () => {
		const { id } = await sam.ok('issues.create', { account_id: 'a-1', title: 'Not sent yet' });
		await give('a-1');
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: null, unsent: 0 });
		expect(held()).toBe(1);
		expect(await atServer(id)).toBeDefined();
	});

	it('are asked about when they are several and more than half, by name and number, and as no deletion', async () => {
		await give('a-1');
		await give('a-2');
		expect(await sam.ok('sync.now', {})).toMatchObject({
			brake: {
				...{ records: 408, deleted: 0, held: 408, leaving: 2, heldAccounts: 2 },
				accounts: [
					{ name: 'Norrland Turbines', records: 406, leaves: true },
					{ name: 'Delta Optics', records: 2, leaves: true },
				],
			},
		});
		expect(held()).toBe(402);
		await sam.ok('sync.brake', { choice: 'apply' });
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: null });
		expect(held()).toBe(0);
	});

	it('hide no deletion in the account that stays', async () => {
		await give('a-2');
		await deleteSome(0, 60);
		expect(await sam.ok('sync.now', {})).toMatchObject({ brake: { deleted: 60, leaving: 1 } });
		expect(held()).toBe(402);
	});
});
