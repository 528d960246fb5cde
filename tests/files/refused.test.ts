import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import type { TestCore } from '../support/core.ts';
import { FileWorld, onAccount, only, sealedFiles } from './file-world.ts';

let world: FileWorld;
let sam: TestCore;
beforeEach(async () => {
	world = await FileWorld.start({ accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': ['a-2'], 'u-manager': [] } });
	sam = await world.laptop('sam');
});
afterEach(() => world.stop());

const give = () =>
	reassign(world.server.store.db, { account: 'a-1', from: 'u-sam', to: 'u-specialist', by: null }, new Date());
const raw = () => sam.core.store.raw;

/** Adds a file whose record the server does not take. */
async function addRefused(name: string) {
	const file = world.file(name, 100_000);
	const id = await world.add(sam, file.path);
	raw().prepare("UPDATE outbox_op SET op = json_set(op, '$.v.size', 'many') WHERE row_id = ?").run(id);
	await world.settle(sam);
	const change = (await sam.ok('sync.unsent', {})).find((one) => one.row_id === id);
	expect(change).toMatchObject({ refused: 'bad_value', title: name });
	return { ...file, id, group: change?.group ?? 0 };
}

describe('a file that the office refused', () => {
	it('stays readable when its account goes to somebody else, until that is dismissed', async () => {
		const refused = await addRefused('only copy.bin');
		const other = world.file('at the office.bin', 1000);
		await world.add(sam, other.path);
		await world.settle(sam);
		await give();
		await world.settle(sam);
		await world.settle(sam);
		expect(raw().prepare('SELECT id FROM account').pluck().all()).toEqual(['a-2']);
		expect(raw().prepare('SELECT id FROM attachment').pluck().all()).toEqual([refused.id]);
		await sam.reopen();
		expect((await world.copyOf(sam, refused.id)).equals(refused.bytes)).toBe(true);
		expect(sealedFiles(sam)).toHaveLength(1);
		expect(JSON.stringify(await sam.ok('sync.unsent', {}))).toContain('only copy.bin');
		await sam.ok('sync.dismiss', { group: refused.group });
		await world.settle(sam);
		expect(raw().prepare('SELECT count(*) FROM attachment').pluck().get()).toBe(0);
		expect(raw().prepare('SELECT count(*) FROM blob_queue').pluck().get()).toBe(0);
		expect(sealedFiles(sam)).toEqual([]);
	});

	it('stays when the laptop pulls from the start', async () => {
		const refused = await addRefused('only copy.bin');
		raw().prepare("UPDATE meta SET value = 'another' WHERE key = 'server_epoch'").run();
		await world.settle(sam);
		expect((await world.copyOf(sam, refused.id)).equals(refused.bytes)).toBe(true);
	});

	it('keeps no account here, and one that was only renamed in vain is sent before its account goes', async () => {
		await addRefused('refused.bin');
		const file = world.file('renamed.bin', 1000);
		const id = await world.add(sam, file.path);
		await sam.ok('sync.now', {});
		await sam.ok('attachments.rename', { id, file_name: 'other.bin' });
		raw().prepare("UPDATE outbox_op SET op = replace(op, 'other.bin', '') WHERE row_id = ? AND kind = 'set'").run(id);
		await sam.ok('sync.now', {});
		expect((await sam.ok('sync.status', {})).refused).toBe(2);
		await give();
		await sam.ok('sync.now', {});
		expect((await sam.ok('attachments.list', onAccount)).map((one) => one.id)).toContain(id);
		await sam.ok('files.now', {});
		expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
		await sam.ok('sync.now', {});
		expect(raw().prepare('SELECT id FROM account').pluck().all()).toEqual(['a-2']);
	});

	it('is still said to be here alone after it was dismissed, and is not asked about any more', async () => {
		const refused = await addRefused('kept.bin');
		expect((await sam.ok('sync.status', {})).files.up).toBe(1);
		await sam.ok('sync.dismiss', { group: refused.group });
		expect((await sam.ok('sync.status', {})).files.up).toBe(0);
		expect(await only(sam)).toMatchObject({ onlyHere: true });
		expect((await world.copyOf(sam, refused.id)).equals(refused.bytes)).toBe(true);
		expect(existsSync(sealedFiles(sam)[0] ?? '')).toBe(true);
	});
});
