import { afterEach, beforeEach, expect, it } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import { RawDevice } from '../support/raw-device.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';
import { FileWorld, onAccount, only, sealedFiles } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start({ accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-2'], 'u-manager': [] } });
});
afterEach(() => world.stop());

const give = (from = 'u-sam', to = 'u-specialist') =>
	reassign(world.server.store.db, { account: 'a-1', from, to, by: null }, new Date());

/** The same with an issue on the account that goes, and a third account that only the specialist has. */
async function startWithIssue(): Promise<void> {
	await world.stop();
	world = await FileWorld.start({
		records: [
			...syncRecords,
			{ t: 'app_user', id: 'u-specialist', v: { name: 'Ben Roth', role: 'SPECIALIST' } },
			{ t: 'account', id: 'a-3', v: { account_no: '1003', name: 'Kestrel (fictional)' } },
			{ t: 'issue', id: 'moves', v: issueValues('a-1') },
		],
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-2', 'a-3'], 'u-manager': [] },
	});
}

it('an account that goes to somebody else leaves only once its files are at the office', async () => {
	const sam = await world.laptop('sam');
	const file = world.file('only copy.bin', 100_000);
	await world.add(sam, file.path);
	await sam.ok('sync.now', {});
	await give();
	await sam.ok('sync.now', {});
	expect(await only(sam)).toMatchObject({ onlyHere: true });
	await sam.ok('files.now', {});
	expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
	await sam.ok('sync.now', {});
	await sam.ok('files.now', {});
	expect(await sam.ok('attachments.list', onAccount)).toEqual([]);
	expect(sealedFiles(sam)).toEqual([]);
	const specialist = await world.laptop('specialist');
	const { id } = await only(specialist);
	await specialist.ok('attachments.fetch', { id });
	expect((await world.copyOf(specialist, id)).equals(file.bytes)).toBe(true);
});

it('whoever had the account brings what they had attached, and reads nothing there any more', async () => {
	const sam = await world.laptop('sam');
	const file = world.file('mine.bin', 1000);
	await world.add(sam, file.path);
	await sam.ok('sync.now', {});
	await give();
	await sam.ok('files.now', {});
	const read = (token: string) =>
		fetch(`${world.server.url}/v1/blobs/${file.sha256}?account=a-1`, { headers: { authorization: `Bearer ${token}` } });
	expect((await read('dev-sam')).status).toBe(404);
	expect((await read('dev-specialist')).status).toBe(200);
});

it('a pull from the start leaves a file whose bytes only this laptop has, although its account has gone', async () => {
	const sam = await world.laptop('sam');
	const file = world.file('only copy.bin', 1000);
	await world.add(sam, file.path);
	await sam.ok('sync.now', {});
	await give();
	// As after a restore: no line says that the account has gone, it is only not there any more.
	sam.core.store.raw.prepare("UPDATE meta SET value = 'another' WHERE key = 'server_epoch'").run();
	await sam.ok('sync.now', {});
	await sam.ok('files.now', {});
	expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
	await sam.ok('sync.now', {});
	await sam.ok('files.now', {});
	expect(await sam.ok('attachments.list', onAccount)).toEqual([]);
	expect(sealedFiles(sam)).toEqual([]);
});

it('an account that comes back before its files let it leave brings what became of its records meanwhile', async () => {
	await startWithIssue();
	const sam = await world.laptop('sam');
	await world.add(sam, world.file('only copy.bin', 1000).path);
	await sam.ok('sync.now', {});
	await give();
	await sam.ok('sync.now', {});
	expect(await only(sam)).toMatchObject({ onlyHere: true });
	const specialist = new RawDevice(world.server.url, 'dev-specialist', 'bbbbbbbb');
	specialist.schema = 2;
	await specialist.hello();
	const issue = (await specialist.pull()).rows.find((row) => row.id === 'moves');
	const edit = { account_id: { v: 'a-3', base: issue?.fv } };
	await specialist.push([{ k: 'set', t: 'issue', id: 'moves', hlc: specialist.hlc(), f: edit }]);
	await give('u-specialist', 'u-sam');
	await sam.ok('sync.now', {});
	await sam.ok('sync.now', {});
	const issues = await sam.ok('issues.list', {});
	expect(issues.map((one) => one.id).sort()).toEqual(['i-1', 'i-2']);
	expect(await only(sam)).toMatchObject({ onlyHere: true });
});
