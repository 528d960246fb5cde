import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TestCore } from '../support/core.ts';
import { FileWorld, only } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start();
});
afterEach(() => world.stop());

const patiently = { timeout: 30_000, interval: 50 };
const queued = (laptop: TestCore) =>
	laptop.core.store.raw.prepare('SELECT problem, next_at FROM blob_queue').all() as {
		problem: string | null;
		next_at: string | null;
	}[];

/** A laptop that keeps the files of an account, and whose one file could not be had; the office has it by now. */
async function waiting(): Promise<TestCore> {
	const sam = await world.laptop('sam');
	await world.add(sam, world.file('plan.bin', 50_000).path);
	await sam.ok('sync.now', {});
	const specialist = await world.laptop('specialist', { autoSync: true });
	await specialist.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
	await vi.waitFor(() => expect(queued(specialist)).toMatchObject([{ problem: 'not_there' }]), patiently);
	const [job] = queued(specialist);
	expect(Date.parse(job?.next_at ?? '')).toBeGreaterThan(Date.now() + 600_000);
	await sam.ok('files.now', {});
	return specialist;
}

it('a file kept for offline use is fetched as soon as the network is back, not a quarter of an hour later', async () => {
	const specialist = await waiting();
	specialist.core.wake();
	await vi.waitFor(async () => expect(await only(specialist)).toMatchObject({ state: 'here' }), patiently);
});

it('what only the way held up goes on with the next answer of the office; what is not there waits', async () => {
	const specialist = await waiting();
	await specialist.ok('sync.now', {});
	await specialist.ok('sync.now', {});
	expect(await only(specialist)).toMatchObject({ state: 'queued' });
	const held = "UPDATE blob_queue SET problem = 'unreachable', next_at = '2099-01-01T00:00:00.000Z'";
	specialist.core.store.raw.prepare(held).run();
	await specialist.ok('sync.now', {});
	await vi.waitFor(async () => expect(await only(specialist)).toMatchObject({ state: 'here' }), patiently);
});

it('what waits is named with its record, how far it is, and why and until when it waits', async () => {
	const sam = await world.laptop('sam');
	const visit = await sam.ok('visits.create', {
		...{ account_id: 'a-1', purpose: 'Review', time_zone: 'Asia/Tokyo' },
		...{ local_start: '2026-12-01T09:00', local_end: '2026-12-01T10:00' },
	});
	await world.add(sam, world.file('agenda.pdf', 50_000).path, { parent_type: 'visit', parent_id: visit.id });
	const about = { file_name: 'agenda.pdf', size: 50_000, parent_title: 'Review', account_name: /^Halden/ };
	expect(await sam.ok('files.waiting', {})).toMatchObject([
		{ ...about, account_name: expect.stringMatching(about.account_name), direction: 'up', unsent: true, nextAt: null },
	]);
	await sam.ok('sync.now', {});
	const specialist = await world.laptop('specialist', { autoSync: true });
	await specialist.ok('offline.choose', { kind: 'visit', id: visit.id, chosen: true });
	await vi.waitFor(async () => {
		const [file] = await specialist.ok('files.waiting', {});
		expect(file).toMatchObject({ direction: 'down', state: 'queued', problem: 'not_there', kept: true, unsent: false });
		expect(Date.parse(file?.nextAt ?? '')).toBeGreaterThan(Date.now());
	}, patiently);
	await sam.ok('files.now', {});
	expect(await sam.ok('files.waiting', {})).toEqual([]);
	await specialist.ok('files.now', {});
	expect(await specialist.ok('files.waiting', {})).toEqual([]);
});
