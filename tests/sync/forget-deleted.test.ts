import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: TestCore;
let day: number;
const clock = () => new Date(Date.now() + day * 86_400_000);
beforeEach(async () => {
	day = 0;
	const records = [...syncRecords, { t: 'issue' as const, id: 'x-1', v: issueValues('a-1') }];
	server = await startTestServer({ records, clock, leaseDays: 0 });
	sam = await startCore({ userId: 'u-sam', server: { url: server.url, token: 'dev-sam' }, now: clock });
	await sam.ok('sync.now', {});
});
afterEach(async () => {
	await sam.stop();
	await server.stop();
});

const held = (id: string) => sam.core.store.raw.prepare('SELECT count(*) FROM issue WHERE id = ?').pluck().get(id);
async function twice(): Promise<void> {
	await sam.ok('sync.now', {});
	await sam.ok('sync.now', {});
}

it('a record deleted four hundred days ago goes without a trace, and not before', async () => {
	await sam.ok('issues.delete', { id: 'i-1' });
	await twice();
	day = 200;
	await sam.ok('issues.delete', { id: 'x-1' });
	await twice();
	day = 399;
	await twice();
	expect([held('i-1'), held('x-1')]).toEqual([1, 1]);
	day = 408;
	await twice();
	expect([held('i-1'), held('x-1')]).toEqual([0, 1]);
	expect(sam.core.store.raw.prepare("SELECT count(*) FROM history WHERE row_id = 'i-1'").pluck().get()).toBe(0);
	expect(await sam.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', problem: null });
	// The office has it still: laptop and office are of one mind all the same.
	expect((await server.serverTables()).records['issue i-1']?.deleted).toBe(true);
	expect(sam.core.store.raw.prepare("SELECT value FROM meta WHERE key = 'digest'").get()).toBeUndefined();
});
