import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

it('a change being taken back is not sent, nor what builds on it; let go of, both are', async () => {
	const { sam } = two;
	const held = await sam.ok('issues.create', { account_id: 'a-1', title: 'Held' });
	await sam.ok('issues.update', { id: held.id, patch: { priority: 'HIGH' } });
	const other = await sam.ok('issues.create', { account_id: 'a-1', title: 'Other' });
	const group = (await sam.ok('sync.unsent', {}))[0]?.group ?? 0;
	await sam.ok('outbox.hold', { group, held: true });
	await sam.ok('sync.now', {});
	await sam.ok('outbox.sendAlone', { group });
	const atServer = async () => Object.keys((await two.server.serverTables()).records);
	expect(await atServer()).toContain(`issue ${other.id}`);
	expect(await atServer()).not.toContain(`issue ${held.id}`);
	expect((await sam.ok('sync.unsent', {})).map(({ title, waitsFor }) => [title, waitsFor])).toEqual([
		['Held', null],
		['Held', null],
	]);
	await sam.ok('outbox.hold', { group, held: false });
	await sam.ok('sync.now', {});
	expect(await atServer()).toContain(`issue ${held.id}`);
	expect(await sam.ok('sync.unsent', {})).toEqual([]);
});
