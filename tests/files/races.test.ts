import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileTransport, fileTransport } from '../../electron/core/files/file-transport.ts';
import { FileWorld, sealedFiles } from './file-world.ts';

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start();
});
afterEach(() => world.stop());

/** The way of bytes with something that happens between the server's answer and what is done on it. */
function wayWith(before: (method: string) => Promise<void>, after: (method: string) => void = () => {}): FileTransport {
	const own = fileTransport({ url: world.server.url, token: 'dev-specialist' });
	return {
		...own,
		send: async (request) => {
			await before(request.method);
			const reply = await own.send(request);
			after(request.method);
			return reply;
		},
	};
}

async function sendFrom(name: string, size: number) {
	const sam = await world.laptop('sam');
	const file = world.file(name, size);
	const id = await world.add(sam, file.path);
	await world.settle(sam);
	return { ...file, id };
}

describe('a file that two people at one laptop ask for', () => {
	it('comes for the one when the other gives it up', async () => {
		const { id, bytes } = await sendFrom('asked twice.bin', 300_000);
		const gate = Promise.withResolvers<void>();
		const laptop = await world.laptop('specialist', {
			fileTransport: wayWith((method) => (method === 'GET' ? gate.promise : Promise.resolve())),
		});
		const first = laptop.core.call('attachments.fetch', { id, progressId: 'one' }, 'one');
		const second = laptop.core.call('attachments.fetch', { id, progressId: 'two' }, 'two');
		await laptop.core.call('calls.cancel', { progressId: 'one' });
		gate.resolve();
		expect(await first).toMatchObject({ ok: false, error: { code: 'cancelled' } });
		expect(await second).toMatchObject({ ok: true });
		expect((await world.copyOf(laptop, id)).equals(bytes)).toBe(true);
	});
});

describe('a file that is about to make room', () => {
	it('stays when it is chosen at the very moment in which the office says that it holds it', async () => {
		const { id, bytes } = await sendFrom('chosen.bin', 200_000);
		let choosing: Promise<unknown> | undefined;
		let isMakingRoom = false;
		let fetched = 0;
		const laptop = await world.laptop('specialist', {
			fileBudget: 0,
			fileTransport: wayWith(
				async () => {},
				(method) => {
					if (method === 'GET') fetched += 1;
					if (method === 'HEAD' && isMakingRoom)
						choosing ??= laptop.ok('offline.choose', { kind: 'account', id: 'a-1', chosen: true });
				},
			),
		});
		await laptop.ok('attachments.fetch', { id });
		isMakingRoom = true;
		await laptop.ok('files.now', {});
		expect(choosing).toBeDefined();
		await choosing;
		expect(fetched).toBe(1);
		expect(sealedFiles(laptop)).toHaveLength(1);
		expect((await world.copyOf(laptop, id)).equals(bytes)).toBe(true);
	});
});
