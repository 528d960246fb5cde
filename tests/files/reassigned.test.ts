import { afterEach, beforeEach, expect, it } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import { FileWorld, onAccount, only, sealedFiles } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start({ accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-2'], 'u-manager': [] } });
});
afterEach(() => world.stop());

const give = () =>
	reassign(world.server.store.db, { account: 'a-1', from: 'u-sam', to: 'u-specialist', by: null }, new Date());

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
