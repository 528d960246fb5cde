import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileWorld } from '../files/file-world.ts';
import type { TestCore } from '../support/core.ts';

let world: FileWorld;
let sam: TestCore;
beforeEach(async () => {
	world = await FileWorld.start();
	sam = await world.laptop('sam');
});
afterEach(() => world.stop());

/** What a sync and a look at the files do, several times over: whatever would be let go goes. */
async function settleAll(): Promise<void> {
	for (let round = 0; round < 3; round += 1) await world.settle(sam);
}

it('a file that is only here survives a backup that does not know it, and reaches the office once it is back', async () => {
	const { name } = await sam.ok('backups.make', {});
	const { path, bytes, sha256 } = world.file('only-here.bin', 200_000);
	const id = await world.add(sam, path);
	const { before } = await sam.ok('backups.restore', { name, keepUnsent: false });
	await settleAll();
	await sam.reopen();
	await settleAll();
	expect(world.kept(sha256)).toBeUndefined();
	await sam.ok('backups.restore', { name: before as string, keepUnsent: false });
	expect((await world.copyOf(sam, id)).equals(bytes)).toBe(true);
	await settleAll();
	expect(world.kept(sha256)?.equals(bytes)).toBe(true);
});

it('a file that is taken along is sent with its record', async () => {
	const { name } = await sam.ok('backups.make', {});
	const { path, bytes, sha256 } = world.file('taken.bin', 200_000);
	const id = await world.add(sam, path);
	await sam.ok('backups.restore', { name, keepUnsent: true });
	expect((await world.copyOf(sam, id)).equals(bytes)).toBe(true);
	await settleAll();
	expect(world.kept(sha256)?.equals(bytes)).toBe(true);
});

it('a file that was sent since the backup is there again with the next sync', async () => {
	const { name } = await sam.ok('backups.make', {});
	const { path, bytes } = world.file('sent.bin', 200_000);
	const id = await world.add(sam, path);
	await settleAll();
	await sam.ok('backups.restore', { name, keepUnsent: false });
	await settleAll();
	await sam.core.call('attachments.fetch', { id });
	await settleAll();
	expect((await world.copyOf(sam, id)).equals(bytes)).toBe(true);
});
