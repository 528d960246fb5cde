import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countUnsentFiles, dropAccountFiles } from '../../db/drop-account-files.ts';
import { beginUnit } from '../../db/unit.ts';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { blobKeys } from '../../electron/core/files/blob-format.ts';
import { fileTransport } from '../../electron/core/files/file-transport.ts';
import { TEST_KEY, type TestCore } from '../support/core.ts';
import { FileWorld, flipBit, onAccount, only, sealedFiles, token } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start();
});
afterEach(() => world.stop());

const onTwo = { parent_type: 'account', parent_id: 'a-2' } as const;

async function newVisit(laptop: TestCore): Promise<string> {
	const visit = await laptop.ok('visits.create', {
		account_id: 'a-2',
		purpose: 'Review',
		time_zone: 'Asia/Tokyo',
		local_start: '2026-12-01T09:00',
		local_end: '2026-12-01T10:00',
	});
	return visit.id;
}

describe('a record never waits for a file', () => {
	it('not while no file gets through', async () => {
		const laptop = await world.laptop('sam', {
			fileTransport: { send: () => Promise.reject(new Error('the line for files is dead')) },
		});
		await world.add(laptop, world.file('large.bin', 200_000).path);
		await laptop.ok('files.now', {});
		await laptop.ok('sync.now', {});
		const status = await laptop.ok('sync.status', {});
		expect(status).toMatchObject({ state: 'partly', unsent: 0, files: { up: 1 } });
		expect(await only(laptop)).toMatchObject({ state: 'waiting', unsent: false });
	});

	it('and files wait while the person works offline or pays for the link, unless they ask', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		const file = world.file('plan.bin', 50_000);
		await world.add(sam, file.path);
		await sam.ok('sync.now', {});
		await sam.ok('sync.pause', { paused: true });
		await sam.ok('files.now', {});
		expect(world.kept(file.sha256)).toBeUndefined();
		await sam.ok('sync.pause', { paused: false });
		await sam.ok('files.now', {});
		expect(world.kept(file.sha256)).toBeDefined();

		await specialist.ok('sync.now', {});
		await specialist.ok('sync.pause', { paused: true });
		const { id } = await only(specialist);
		expect((await specialist.refused('attachments.fetch', { id })).code).toBe('offline');
		await specialist.ok('sync.pause', { paused: false });
		await specialist.ok('sync.metered', { choice: 'yes' });
		await specialist.ok('attachments.fetch', { id });
		expect(await only(specialist)).toMatchObject({ state: 'here' });
	});

	it('by itself nothing goes over a metered link', async () => {
		const specialist = await world.laptop('specialist');
		const sam = await world.laptop('sam');
		await world.add(sam, world.file('plan.bin', 50_000).path);
		await world.settle(sam);
		await specialist.ok('sync.metered', { choice: 'yes' });
		await specialist.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
		await specialist.ok('sync.now', {});
		await specialist.stop();
		const again = await world.laptop('specialist', { autoSync: true });
		await again.ok('sync.metered', { choice: 'yes' });
		await again.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
		await new Promise((resolve) => setTimeout(resolve, 1200));
		expect(await only(again)).toMatchObject({ state: 'office' });
		await again.ok('sync.metered', { choice: 'no' });
		await expect.poll(async () => (await only(again)).state, { timeout: 15_000 }).toBe('here');
	});
});

describe('chosen for offline use', () => {
	it('the files of a client, those to come too, are fetched and stay', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		await world.add(sam, world.file('one.bin', 40_000).path);
		await world.add(sam, world.file('other.bin', 40_000).path, onTwo);
		await specialist.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
		await world.settle(sam, specialist);
		expect((await only(specialist)).state).toBe('here');
		expect((await only(specialist, onTwo)).state).toBe('office');
		await world.add(sam, world.file('two.bin', 30_000).path);
		await world.settle(sam, specialist);
		expect((await specialist.ok('attachments.list', onAccount)).map(({ state }) => state)).toEqual(['here', 'here']);
		expect(await specialist.ok('offline.list', {})).toMatchObject({
			usedBytes: 70_000,
			choices: [{ kind: 'account', id: 'a-1', files: 2, here: 2, bytes: 70_000 }],
		});
		await specialist.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: false });
		expect((await specialist.ok('offline.list', {})).choices).toEqual([]);
	});

	it('the files of a visit and of the notes written there', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		const id = await newVisit(sam);
		const note = await sam.ok('notes.create', { account_id: 'a-2', parent_type: 'visit', parent_id: id });
		const onNote = { parent_type: 'note', parent_id: note.id } as const;
		await world.add(sam, world.file('slides.bin', 20_000).path, { parent_type: 'visit', parent_id: id });
		await world.add(sam, world.file('photo.bin', 30_000).path, onNote);
		await world.settle(sam, specialist);
		await specialist.ok('offline.choose', { kind: 'visit', id, chosen: true });
		await world.settle(specialist);
		expect((await only(specialist, { parent_type: 'visit', parent_id: id })).state).toBe('here');
		expect((await only(specialist, onNote)).state).toBe('here');
		expect((await specialist.ok('offline.list', {})).choices).toMatchObject([{ files: 2, here: 2, bytes: 50_000 }]);
	});
});

describe('what stays on a full laptop', () => {
	it('is what was chosen, what was used last, and whatever the office has yet to get', async () => {
		const sam = await world.laptop('sam', { fileBudget: 250_000 });
		const first = world.file('first.bin', 100_000);
		const second = world.file('second.bin', 100_000);
		const third = world.file('third.bin', 100_000);
		const firstId = await world.add(sam, first.path);
		const secondId = await world.add(sam, second.path);
		await world.settle(sam);
		await sam.ok('attachments.preview', { id: firstId });
		await world.add(sam, third.path);
		// Too much is here, and nothing may go: one is not sent, and the office was not asked about the others.
		expect(sealedFiles(sam)).toHaveLength(3);
		await world.settle(sam);
		const states = new Map(
			(await sam.ok('attachments.list', onAccount)).map(({ file_name, state }) => [file_name, state]),
		);
		expect(Object.fromEntries(states)).toEqual({ 'first.bin': 'here', 'second.bin': 'office', 'third.bin': 'here' });
		expect(sealedFiles(sam)).toHaveLength(2);
		await sam.ok('attachments.fetch', { id: secondId });
		expect((await world.copyOf(sam, secondId)).equals(second.bytes)).toBe(true);
	});

	it('is everything while the server does not hold it, whatever it once said', async () => {
		const sam = await world.laptop('sam', { fileBudget: 10_000 });
		const file = world.file('only.bin', 100_000);
		await sam.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
		const id = await world.add(sam, file.path);
		await world.settle(sam);
		await world.server.store.db.deleteFrom('blob_account').execute();
		await sam.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: false });
		await sam.ok('files.now', {});
		expect((await world.copyOf(sam, id)).equals(file.bytes)).toBe(true);
	});

	it('is everything that was chosen', async () => {
		const sam = await world.laptop('sam', { fileBudget: 10_000 });
		await sam.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
		await world.add(sam, world.file('kept.bin', 100_000).path);
		await world.settle(sam);
		expect((await only(sam)).state).toBe('here');
		await sam.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: false });
		await sam.ok('files.now', {});
		expect((await only(sam)).state).toBe('office');
		expect(sealedFiles(sam)).toEqual([]);
	});
});

describe('after a crash', () => {
	it('a file that was written and never noted goes, one that a record speaks of is taken up', async () => {
		const sam = await world.laptop('sam');
		const specialist = await world.laptop('specialist');
		const file = world.file('crash.bin', 150_000);
		const id = await world.add(specialist, file.path);
		await world.settle(specialist, sam);
		// Died between the rename and the row: once for a file of nobody, once for one whose record is here.
		const folder = new BlobFolder(`${sam.file}.files`, blobKeys(Buffer.from(TEST_KEY, 'hex')));
		for (const bytes of [Buffer.from('nobody asked'), file.bytes]) {
			const taken = await folder.take(
				(async function* () {
					yield bytes;
				})(),
			);
			await taken.keep();
		}
		expect(sealedFiles(sam)).toHaveLength(2);
		await sam.reopen();
		expect(sealedFiles(sam)).toHaveLength(1);
		expect((await only(sam)).state).toBe('here');
		expect((await world.copyOf(sam, id)).equals(file.bytes)).toBe(true);
	});

	it('a file that has vanished from the disk is said to be where it still is', async () => {
		const sam = await world.laptop('sam');
		await world.add(sam, world.file('sent.bin', 10_000).path);
		await world.settle(sam);
		for (const sealed of sealedFiles(sam)) fs.rmSync(sealed);
		await world.add(sam, world.file('unsent.bin', 10_000).path, onTwo);
		const [unsent] = sealedFiles(sam);
		fs.rmSync(unsent!);
		await sam.reopen();
		expect((await only(sam)).state).toBe('office');
		expect(await only(sam, onTwo)).toMatchObject({ state: 'damaged', problem: 'only_copy' });
	});

	it('in the middle of a download, what had come is used and the rest is fetched', async () => {
		const sam = await world.laptop('sam');
		const ranges: (string | undefined)[] = [];
		const real = fileTransport({ url: world.server.url, token: 'dev-specialist' });
		const specialist = await world.laptop('specialist', {
			fileTransport: {
				send: (request) => {
					if (request.method === 'GET') ranges.push(request.headers?.range);
					return real.send(request);
				},
			},
		});
		const file = world.file('half.bin', 400_000);
		const id = await world.add(sam, file.path);
		await world.settle(sam, specialist);
		const folder = new BlobFolder(`${specialist.file}.files`, blobKeys(Buffer.from(TEST_KEY, 'hex')));
		const part = await folder.part({ sha256: file.sha256, size: file.bytes.length });
		await part.write(file.bytes.subarray(0, 300_000));
		await part.close();
		specialist.core.store.raw
			.prepare("INSERT INTO blob (sha256, size, state, bytes_here, used_at) VALUES (?, 400000, 'partial', 262144, '')")
			.run(file.sha256);
		const [sealed] = sealedFiles(specialist);
		flipBit(sealed!, 150_000);
		await specialist.reopen();
		expect(await only(specialist)).toMatchObject({ state: 'office', percent: 65 });
		await specialist.ok('attachments.fetch', { id });
		// Up to the frame that the crash spoiled.
		expect(ranges[0]).toMatch(/^bytes=131072-/);
		expect((await world.copyOf(specialist, id)).equals(file.bytes)).toBe(true);
	});
});

describe('a server that was put back', () => {
	it('gets every file again from the laptops that hold it', async () => {
		const sam = await world.laptop('sam');
		const file = world.file('again.bin', 120_000);
		await world.add(sam, file.path);
		await world.settle(sam);
		fs.rmSync(world.blobDir, { recursive: true });
		await world.replaceServer();
		await world.settle(sam);
		await world.settle(sam);
		expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
		expect(await only(sam)).toMatchObject({ state: 'here', onlyHere: false });
	});
});

describe('an account that leaves the laptop', () => {
	it('takes its files along, and only its own', async () => {
		const sam = await world.laptop('sam');
		const both = world.file('both.bin', 10_000);
		await world.add(sam, both.path);
		await world.add(sam, both.path, onTwo);
		await world.add(sam, world.file('one.bin', 10_000).path);
		await sam.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
		const { store } = sam.core;
		expect(countUnsentFiles(store, 'a-1')).toBe(2);
		await world.settle(sam);
		expect(countUnsentFiles(store, 'a-1')).toBe(0);
		expect(sealedFiles(sam)).toHaveLength(2);
		store.raw.transaction(() => {
			const clock = { last: undefined, now: () => new Date() };
			const unit = beginUnit({ store, clock, userId: 'u-sam', deviceShort: 'aaaaaaaa', label: '', origin: 'remote' });
			store.raw.prepare("DELETE FROM attachment WHERE account_id = 'a-1'").run();
			dropAccountFiles(unit, 'a-1');
		})();
		await sam.ok('files.now', {});
		expect(sealedFiles(sam)).toHaveLength(1);
		expect((await only(sam, onTwo)).state).toBe('here');
		expect((await sam.ok('offline.list', {})).choices).toEqual([]);
	});
});

describe('adding', () => {
	it('of a file that is no longer there is refused before anything is added', async () => {
		const sam = await world.laptop('sam');
		const good = world.file('good.txt', 100);
		const bad = await sam.refused('attachments.add', {
			...onAccount,
			files: [token(sam, good.path), token(sam, `${world.folder}/gone.txt`)],
		});
		expect(bad.code).toBe('file_unread');
		expect(await sam.ok('attachments.list', onAccount)).toEqual([]);
	});

	it('can be cancelled, and nothing remains of it', async () => {
		const sam = await world.laptop('sam');
		const file = world.file('large.bin', 20_000_000);
		const adding = sam.core.call(
			'attachments.add',
			{
				...onAccount,
				files: [token(sam, file.path)],
				progressId: 'p-1',
			},
			'p-1',
		);
		const stop = sam.core.onEvent((event) => {
			if (event.type === 'progress') void sam.core.call('calls.cancel', { progressId: 'p-1' });
		});
		const result = await adding;
		stop();
		expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
		expect(await sam.ok('attachments.list', onAccount)).toEqual([]);
		expect(sealedFiles(sam)).toEqual([]);
	});

	it('takes what was pasted', async () => {
		const sam = await world.laptop('sam');
		const data = Buffer.from('a picture').toString('base64');
		const { id } = await sam.ok('attachments.paste', { ...onAccount, file_name: 'Pasted.png', data });
		expect((await world.copyOf(sam, id)).toString()).toBe('a picture');
	});
});
