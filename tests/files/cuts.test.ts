import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileTransport, fileTransport } from '../../electron/core/files/file-transport.ts';
import type { TestCore } from '../support/core.ts';
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts';
import { FileWorld, onAccount, only, sealedFiles } from './file-world.ts';

let world: FileWorld;
let wire: CuttingProxy;
let sam: TestCore;
let specialist: TestCore;
beforeAll(async () => {
	world = await FileWorld.start();
	wire = await openCuttingProxy(world.server.url);
	sam = await world.laptop('sam', { url: wire.url });
	specialist = await world.laptop('specialist', { url: wire.url });
});
afterAll(async () => {
	await wire.close();
	await world.stop();
});

/** Takes the file off the record again, so that the next case begins with an empty list. */
async function clear(): Promise<void> {
	for (const { id } of await sam.ok('attachments.list', onAccount)) await sam.ok('attachments.delete', { id });
	await world.settle(sam, specialist);
}

const cut = fc.record({ at: fc.integer({ min: 1, max: 400_000 }), restart: fc.boolean() });

describe('cut at any byte, the file is the same in the end', () => {
	it('on its way to the office', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 900_000 }),
				fc.array(cut, { minLength: 1, maxLength: 5 }),
				async (size, cuts) => {
					const file = world.file('up.bin', size);
					await world.add(sam, file.path);
					await sam.ok('sync.now', {});
					for (const { at, restart } of cuts) {
						wire.cutAfter('up', at);
						await sam.ok('files.now', {});
						wire.cutAfter('up', null);
						if (restart) await sam.reopen();
					}
					await sam.ok('files.now', {});
					expect(await only(sam)).toMatchObject({ state: 'here', onlyHere: false });
					expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
					await clear();
				},
			),
			{ numRuns: 12 },
		);
	}, 120_000);

	it('on its way to the other laptop', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 900_000 }),
				fc.array(cut, { minLength: 1, maxLength: 5 }),
				async (size, cuts) => {
					const file = world.file('down.bin', size);
					const id = await world.add(sam, file.path);
					await world.settle(sam, specialist);
					for (const { at, restart } of cuts) {
						wire.cutAfter('down', at);
						await specialist.core.call('attachments.fetch', { id });
						wire.cutAfter('down', null);
						if (restart) await specialist.reopen();
					}
					await specialist.ok('attachments.fetch', { id });
					expect((await world.copyOf(specialist, id)).equals(file.bytes)).toBe(true);
					await clear();
				},
			),
			{ numRuns: 12 },
		);
	}, 120_000);

	it('and what has arrived is not carried twice', async () => {
		const size = 3_000_000;
		const file = world.file('big.bin', size);
		const id = await world.add(sam, file.path);
		await sam.ok('sync.now', {});
		const before = wire.carried();
		const cutsBefore = wire.cuts();
		for (let round = 0; round < 4; round++) {
			wire.cutAfter('up', 500_000);
			await sam.ok('files.now', {});
		}
		wire.cutAfter('up', null);
		await sam.ok('files.now', {});
		const sent = wire.carried().up - before.up;
		expect(wire.cuts() - cutsBefore).toBeGreaterThanOrEqual(3);
		expect(sent).toBeLessThan(size * 1.15);
		await specialist.ok('sync.now', {});
		const middle = wire.carried();
		for (let round = 0; round < 4; round++) {
			wire.cutAfter('down', 500_000);
			await specialist.core.call('attachments.fetch', { id });
		}
		wire.cutAfter('down', null);
		await specialist.ok('attachments.fetch', { id });
		expect(wire.carried().down - middle.down).toBeLessThan(size * 1.25);
		expect((await world.copyOf(specialist, id)).equals(file.bytes)).toBe(true);
		await clear();
	}, 60_000);
});

/** The real way with one byte of the file changed, as long as `isWrong`. */
function liar(user: string, isWrong: () => boolean): FileTransport {
	const real = fileTransport({ url: world.server.url, token: `dev-${user}` });
	return {
		send: async (request) => {
			const { body } = request;
			if (request.method === 'PATCH' && body && isWrong()) {
				const changed = Buffer.from(body);
				changed[0]! ^= 1;
				return real.send({ ...request, body: changed });
			}
			const reply = await real.send(request);
			if (request.method !== 'GET' || !isWrong()) return reply;
			const changed = async function* () {
				for await (const chunk of reply.body) {
					const copy = Buffer.from(chunk);
					copy[0]! ^= 1;
					yield copy;
				}
			};
			return { ...reply, body: changed() };
		},
	};
}

describe('wrong bytes', () => {
	it('are refused by the server, which keeps nothing of them, and sent again', async () => {
		let isWrong = true;
		const laptop = await world.laptop('sam', { fileTransport: liar('sam', () => isWrong) });
		const file = world.file('wrong-up.bin', 300_000);
		await world.add(laptop, file.path);
		await world.settle(laptop);
		expect(await only(laptop)).toMatchObject({ state: 'waiting', problem: 'wrong_file', onlyHere: true });
		expect(world.kept(file.sha256)).toBeUndefined();
		isWrong = false;
		await laptop.ok('files.now', {});
		expect(world.kept(file.sha256)?.equals(file.bytes)).toBe(true);
		await sam.ok('sync.now', {});
		await clear();
	});

	it('are refused by the laptop, which shows and keeps nothing of them', async () => {
		let isWrong = true;
		const laptop = await world.laptop('specialist', { fileTransport: liar('specialist', () => isWrong) });
		const file = world.file('wrong-down.bin', 300_000);
		const id = await world.add(sam, file.path);
		await world.settle(sam, laptop);
		expect((await laptop.refused('attachments.fetch', { id })).code).toBe('wrong_file');
		expect(await only(laptop)).toMatchObject({ state: 'queued', problem: 'wrong_file' });
		expect(sealedFiles(laptop)).toEqual([]);
		isWrong = false;
		await laptop.ok('attachments.fetch', { id });
		expect((await world.copyOf(laptop, id)).equals(file.bytes)).toBe(true);
		await clear();
	});
});
