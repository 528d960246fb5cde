import { afterEach, beforeEach, expect, test } from 'vitest';
import { readState, WRITTEN_BESIDE, WRITTEN_BY_COMMIT } from '../../server/backup/backup-file.ts';
import { listTables } from '../../server/backup/list-tables.ts';
import { topSeq } from '../../server/store/transaction.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: RawDevice;
beforeEach(async () => {
	server = await startTestServer({ records: syncRecords });
	sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	await sam.hello();
});
afterEach(() => server.stop());

test('a push of which nothing is applied has a commit of its own, which no backup made before has', async () => {
	const { db } = server.store;
	const [durable, state] = [await topSeq(db), await readState(db)];
	const op = { k: 'set', t: 'issue', id: 'nowhere', hlc: sam.hlc(), f: { title: { v: 'Lost', base: null } } };
	const { body } = await sam.send([sam.group([op])]);
	expect(body.results).toMatchObject([{ s: 'refused' }]);
	expect(body.seq).toBeGreaterThan(durable);
	expect(await topSeq(db)).toBe(body.seq);
	expect(await readState(db)).not.toBe(state);
});

test('a backup is due after whatever is written without a commit', async () => {
	const { db } = server.store;
	const tables = await db.transaction().execute((trx) => listTables(trx));
	const known = [...WRITTEN_BY_COMMIT, ...Object.keys(WRITTEN_BESIDE)].sort();
	expect(tables.map(({ name }) => name).sort()).toEqual(known);

	const at = new Date().toISOString();
	const writes: Record<string, () => Promise<unknown>> = {
		revoked_user: () => db.insertInto('revoked_user').values({ user_id: 'u-x', at, by_user: null }).execute(),
		revoked_device: () => db.insertInto('revoked_device').values({ device: 'd-x', at, by_user: null }).execute(),
		identity: () =>
			db.insertInto('identity').values({ issuer: 'i', subject: 's', user_id: 'u-x', created_at: at }).execute(),
		device_session: () => db.insertInto('device_session').values({ sid: 's', device: 'd-x', seen_at: at }).execute(),
		reporting_line: () => db.insertInto('reporting_line').values({ user_id: 'u-x', manager_id: 'u-y' }).execute(),
		departure: () =>
			db
				.insertInto('departure')
				.values({ device: 'd-x', asked_at: at, told_at: null, unsent: null, wiped_at: null })
				.execute(),
		again: () => db.updateTable('departure').set({ wiped_at: at }).execute(),
	};
	let before = await readState(db);
	for (const [name, write] of Object.entries(writes)) {
		await write();
		const after = await readState(db);
		expect([name, after]).not.toEqual([name, before]);
		before = after;
	}
	await db.updateTable('device_session').set({ seen_at: '2030' }).execute();
	expect(await readState(db)).toBe(before);
});
