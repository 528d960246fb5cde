import { afterEach, beforeEach, expect, it } from 'vitest';
import { syncRecords } from '../support/sync-records.ts';
import { FileWorld } from './file-world.ts';

let world: FileWorld;
/** A manager reads visits and writes none; a file on one is refused. */
beforeEach(async () => {
	world = await FileWorld.start({
		records: syncRecords.map((record) =>
			record.id === 'u-sam' ? { ...record, v: { name: 'Ada Lind', role: 'MANAGER' } } : record,
		),
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': [], 'u-manager': [] },
	});
});
afterEach(() => world.stop());

it('a refused file that gets another place goes to the account of that place', async () => {
	const laptop = await world.laptop('sam');
	const file = world.file('Fee schedule.pdf', 1000);
	await world.add(laptop, file.path, { parent_type: 'visit', parent_id: 'v-1' });
	expect(await laptop.ok('sync.now', {})).toMatchObject({ refused: 1 });
	const [refused] = await laptop.ok('sync.unsent', {});
	const values = { account_id: 'a-2', parent_type: 'issue', parent_id: 'i-2' };
	await laptop.ok('outbox.fix', { group: refused!.group, values });
	expect(await laptop.ok('sync.now', {})).toMatchObject({ refused: 0, unsent: 0 });
	await laptop.ok('files.now', {});
	expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
	expect(await laptop.ok('sync.status', {})).toMatchObject({ files: { up: 0 } });
	expect(laptop.core.store.raw.prepare('SELECT * FROM blob_queue').all()).toEqual([]);
});
