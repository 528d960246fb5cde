import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { blobKeys, FRAME, HEADER, sealedSize } from '../../electron/core/files/blob-format.ts';
import { TEST_KEY } from '../support/core.ts';

let root: string;
let folder: BlobFolder;
beforeEach(() => {
	root = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-blobs-'));
	folder = new BlobFolder(path.join(root, 'store.files'), blobKeys(Buffer.from(TEST_KEY, 'hex')));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function add(bytes: Buffer, chunk = 10_000): Promise<string> {
	const taken = await folder.take(inChunks(bytes, chunk));
	await taken.keep();
	return taken.sha256;
}

async function readAll(sha256: string): Promise<Buffer> {
	const reader = await folder.open(sha256);
	const pieces: Buffer[] = [];
	try {
		for await (const piece of reader.stream()) pieces.push(piece);
	} finally {
		await reader.close();
	}
	return Buffer.concat(pieces);
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const onDisk = () =>
	fs
		.readdirSync(folder.folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));

/** A file of two frames and a bit, kept; its place on the disk. */
async function keepOne(): Promise<{ bytes: Buffer; sha256: string; file: string }> {
	const bytes = randomBytes(2 * FRAME + 1234);
	const sha256 = await add(bytes);
	return { bytes, sha256, file: onDisk()[0]! };
}

describe('a file on the laptop', () => {
	it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME + 17])('of %i bytes comes back as it was', async (size) => {
		const bytes = randomBytes(size);
		const sha256 = await add(bytes);
		expect(sha256).toBe(sha(bytes));
		expect(sha(await readAll(sha256))).toBe(sha256);
		expect(fs.statSync(onDisk()[0]!).size).toBe(sealedSize(size));
	});

	it('can be read in any part, however it was cut when it came', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: 200_000 }),
				fc.integer({ min: 1, max: 90_000 }),
				fc.array(fc.tuple(fc.nat(220_000), fc.nat(150_000)), { minLength: 1, maxLength: 5 }),
				async (size, chunk, ranges) => {
					const bytes = randomBytes(size);
					const reader = await folder.open(await add(bytes, chunk));
					for (const [offset, length] of ranges)
						expect(await reader.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
					await reader.close();
				},
			),
			{ numRuns: 40 },
		);
	});

	it('shows nobody without the key what it is: neither name, nor checksum, nor content', async () => {
		const sentinel = `sentinel-${sha(randomBytes(8))}`;
		const bytes = Buffer.from(sentinel.repeat(3000));
		const sha256 = await add(bytes);
		for (const file of onDisk()) {
			expect(fs.readFileSync(file).includes(sentinel.slice(0, 20))).toBe(false);
			expect(file.replaceAll('/', '')).not.toContain(sha256.slice(0, 16));
			expect(fs.readFileSync(file).includes(Buffer.from(sha256, 'hex'))).toBe(false);
			if (process.platform !== 'win32') expect(fs.statSync(file).mode & 0o077).toBe(0);
		}
	});

	it('stays closed to another key', async () => {
		const { sha256, file } = await keepOne();
		const other = new BlobFolder(folder.folder, blobKeys(Buffer.from('deadbeef'.repeat(8), 'hex')));
		await expect(other.open(sha256)).rejects.toMatchObject({ code: 'file_not_here' });
		// And should somebody bring it to the place where the other key looks for it:
		await (await other.take(inChunks(Buffer.from('x'), 1))).keep();
		const taken = await other.take(inChunks(fs.readFileSync(file), 5000));
		await taken.discard();
		const place = onDisk().find((one) => one !== file)!;
		fs.copyFileSync(file, place);
		await expect(other.open(sha(Buffer.from('x')))).rejects.toMatchObject({ code: 'file_damaged' });
	});
});

describe('damage is noticed before a wrong byte is shown', () => {
	/** What can be read of the file, up to where reading refuses. */
	async function readUntilRefused(sha256: string): Promise<{ got: Buffer; code: string | undefined }> {
		const pieces: Buffer[] = [];
		try {
			const reader = await folder.open(sha256);
			try {
				for await (const piece of reader.stream()) pieces.push(piece);
			} finally {
				await reader.close();
			}
			return { got: Buffer.concat(pieces), code: undefined };
		} catch (error) {
			return { got: Buffer.concat(pieces), code: (error as { code?: string }).code };
		}
	}

	it('a single bit anywhere', async () => {
		const { bytes, sha256, file } = await keepOne();
		const sealed = fs.readFileSync(file);
		const inHeader = Array.from({ length: HEADER }, (_, at) => at);
		const anywhere = fc.sample(fc.nat(sealed.length - 1), 200);
		for (const at of [...inHeader, ...anywhere, sealed.length - 1]) {
			const broken = Buffer.from(sealed);
			broken[at]! ^= 1 << (at % 8);
			fs.writeFileSync(file, broken);
			const { got, code } = await readUntilRefused(sha256);
			expect(code, `bit of byte ${at}`).toBe('file_damaged');
			expect(got.equals(bytes.subarray(0, got.length))).toBe(true);
		}
	});

	it('any cut, and anything put behind it', async () => {
		const { sha256, file } = await keepOne();
		const sealed = fs.readFileSync(file);
		for (const length of [0, 1, HEADER - 1, HEADER, HEADER + 10, sealed.length - FRAME, sealed.length - 1]) {
			fs.writeFileSync(file, sealed.subarray(0, length));
			expect((await readUntilRefused(sha256)).code, `cut at ${length}`).toBe('file_damaged');
		}
		fs.writeFileSync(file, Buffer.concat([sealed, Buffer.from([0])]));
		expect((await readUntilRefused(sha256)).code).toBe('file_damaged');
	});

	it('frames that changed places, within a file or between two', async () => {
		const first = await keepOne();
		const sealed = fs.readFileSync(first.file);
		const size = FRAME + 28;
		const swapped = Buffer.concat([
			sealed.subarray(0, HEADER),
			sealed.subarray(HEADER + size, HEADER + 2 * size),
			sealed.subarray(HEADER, HEADER + size),
			sealed.subarray(HEADER + 2 * size),
		]);
		fs.writeFileSync(first.file, swapped);
		expect((await readUntilRefused(first.sha256)).code).toBe('file_damaged');
		const other = randomBytes(2 * FRAME + 1234);
		await add(other);
		const otherFile = onDisk().find((file) => file !== first.file)!;
		const foreign = fs.readFileSync(otherFile);
		fs.writeFileSync(
			first.file,
			Buffer.concat([
				sealed.subarray(0, HEADER),
				foreign.subarray(HEADER, HEADER + size),
				sealed.subarray(HEADER + size),
			]),
		);
		expect((await readUntilRefused(first.sha256)).code).toBe('file_damaged');
	});

	it('a whole file in the place of another', async () => {
		const first = await keepOne();
		await add(randomBytes(2 * FRAME + 1234));
		const otherFile = onDisk().find((file) => file !== first.file)!;
		fs.copyFileSync(otherFile, first.file);
		expect((await readUntilRefused(first.sha256)).code).toBe('file_damaged');
	});

	it('and adding the file again mends it', async () => {
		const { bytes, sha256, file } = await keepOne();
		fs.writeFileSync(file, Buffer.alloc(100));
		await add(bytes);
		expect(sha(await readAll(sha256))).toBe(sha256);
	});
});

describe('a write that ends early', () => {
	class Crash extends Error {}

	it.each(['file written', 'file renamed'])(
		'at "%s" leaves the old state or the whole file, never half',
		async (point) => {
			const bytes = randomBytes(3 * FRAME);
			const dying = new BlobFolder(folder.folder, blobKeys(Buffer.from(TEST_KEY, 'hex')), (name) => {
				if (name === point) throw new Crash();
			});
			await expect(dying.take(inChunks(bytes, 7000)).then((taken) => taken.keep())).rejects.toThrow(Crash);
			const found = await folder.open(sha(bytes)).then(
				(reader) => reader,
				(error) => error.code as string,
			);
			if (typeof found === 'string') expect(found).toBe('file_not_here');
			else await found.close();
			const inventory = await folder.inventory();
			await inventory.keepOnly([], []);
			expect(onDisk()).toEqual([]);
		},
	);

	it('by the source or by the person leaves nothing', async () => {
		const failing = (async function* () {
			yield randomBytes(FRAME * 2);
			throw new Error('the stick was pulled out');
		})();
		await expect(folder.take(failing)).rejects.toThrow('the stick');
		const stop = new AbortController();
		const slow = (async function* () {
			yield randomBytes(FRAME);
			stop.abort();
			yield randomBytes(FRAME);
		})();
		await expect(folder.take(slow, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
		expect(onDisk()).toEqual([]);
	});
});

describe('a file that comes in pieces', () => {
	it('is the same file, wherever it was cut and however often', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: 400_000 }),
				fc.array(fc.tuple(fc.integer({ min: 1, max: 150_000 }), fc.boolean()), { maxLength: 12 }),
				async (size, steps) => {
					const bytes = randomBytes(size);
					const name = { sha256: sha(bytes), size };
					let part = await folder.part(name);
					for (const [length, isRestart] of [...steps, [size, false] as const]) {
						const from = part.here();
						for await (const chunk of inChunks(bytes.subarray(from, from + length), 9999)) await part.write(chunk);
						// A cut: the bytes that filled no frame are gone, a restart forgets even more.
						part.rewind();
						if (!isRestart) continue;
						await part.close();
						part = await folder.part(name);
					}
					expect(part.isWhole()).toBe(true);
					await part.finish();
					await part.close();
					expect((await readAll(name.sha256)).equals(bytes)).toBe(true);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('does not count as here when it is another file, and never holds more than was announced', async () => {
		const bytes = randomBytes(FRAME + 500);
		const name = { sha256: sha(bytes), size: bytes.length };
		const part = await folder.part(name);
		const wrong = Buffer.from(bytes);
		wrong[FRAME + 3]! ^= 1;
		await part.write(wrong);
		expect(part.isWhole()).toBe(true);
		await expect(part.finish()).rejects.toMatchObject({ code: 'wrong_file' });
		await expect(part.write(Buffer.from([1]))).rejects.toMatchObject({ code: 'wrong_file' });
		await part.close();
		await expect(folder.open(name.sha256)).rejects.toMatchObject({ code: 'file_not_here' });
	});

	it('keeps what was written before a power cut and nothing that the cut left behind', async () => {
		const bytes = randomBytes(5 * FRAME);
		const name = { sha256: sha(bytes), size: bytes.length };
		const part = await folder.part(name);
		await part.write(bytes.subarray(0, 4 * FRAME));
		await part.close();
		const file = onDisk().find((one) => one.endsWith('.part'))!;
		const lying = fs.readFileSync(file);
		// The third frame never reached the disk, the fourth did.
		lying.fill(0, HEADER + 2 * (FRAME + 28), HEADER + 3 * (FRAME + 28));
		fs.writeFileSync(file, lying);
		const again = await folder.part(name);
		expect(again.here()).toBe(2 * FRAME);
		await again.write(bytes.subarray(2 * FRAME));
		await again.finish();
		await again.close();
		expect((await readAll(name.sha256)).equals(bytes)).toBe(true);
	});
});
