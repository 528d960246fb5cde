import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileWorld } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start();
});
afterEach(() => world.stop());

it('files that arrive one after the other are on one receipt, at either end, with their bytes', async () => {
	const sam = await world.laptop('sam');
	const specialist = await world.laptop('specialist');
	await world.add(sam, world.file('fees.pdf', 40_000).path);
	const id = await world.add(sam, world.file('minutes.txt', Buffer.from('Agreed.')).path);
	await world.settle(sam);
	const [newest, records] = await sam.ok('receipts.list', {});
	expect(newest).toMatchObject({ sent: 0, bytesUp: 40_007, summary: '2 files' });
	expect(records).toMatchObject({ sent: 2 });
	const { lines } = await sam.ok('receipts.get', { id: newest?.id ?? 0 });
	expect(lines.map(({ kind, title, detail }) => [kind, title, detail]).sort()).toEqual([
		['file', 'fees.pdf', 'is at the office'],
		['file', 'minutes.txt', 'is at the office'],
	]);
	await specialist.ok('sync.now', {});
	await specialist.ok('attachments.fetch', { id });
	const [here] = await specialist.ok('receipts.list', {});
	expect(here).toMatchObject({ bytesDown: 7, summary: 'files: minutes.txt (is on this laptop)' });
});
