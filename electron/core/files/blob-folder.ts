import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../../shared/contract/errors.ts';
import { writeError } from '../write-error.ts';
import {
	type BlobKeys,
	type BlobName,
	diskName,
	FRAME,
	frameStart,
	newSeal,
	sealedSize,
	sealFrame,
	sealHeader,
	wipeBlobKeys,
} from './blob-format.ts';
import { type BlobPart, openPart } from './blob-part.ts';
import { type BlobReader, openBlob } from './blob-reader.ts';

/** Left free for the store itself: words go before files. */
const RESERVE_BYTES = 200 * 1_048_576;

export interface TakeOptions {
	signal?: AbortSignal;
	/** Told after each frame how many bytes have been read so far. */
	onBytes?: (bytes: number) => void;
}

/** Bytes that have been written aside, whole and synced, and what they are called. */
export interface TakenBlob extends BlobName {
	/** Puts them in their place. One that is there already is replaced: the new one has just been read whole. */
	keep(): Promise<void>;
	discard(): Promise<void>;
}

/** What a start finds on the disk. */
export interface Inventory {
	has(sha256: string): boolean;
	/** Removes everything but these: what was written and never noted, or noted as gone and never removed. */
	keepOnly(whole: Iterable<string>, parts: Iterable<string>): Promise<number>;
}

/** Called between any two steps of a write; a test may end the process there. */
export type CrashPoint = (name: string) => void;

/**
 * The folder beside the store that holds the bytes of files: each named by its content, sealed with keys that come from
 * the store's, readable in any part. A file is here whole or not at all: it is written aside, synced, then renamed.
 */
export class BlobFolder {
	readonly folder: string;
	readonly #keys: BlobKeys;
	readonly #crashPoint: CrashPoint;

	/** The keys are the folder's from here on. */
	constructor(folder: string, keys: BlobKeys, crashPoint: CrashPoint = () => {}) {
		this.folder = folder;
		this.#keys = keys;
		this.#crashPoint = crashPoint;
	}

	/**
	 * Takes in bytes of any length at constant memory. They lie aside until they are kept or discarded; nothing remains of
	 * them when it throws: `disk_full`, `io_error`, `cancelled`, or what the source threw.
	 */
	async take(source: AsyncIterable<Uint8Array>, options: TakeOptions = {}): Promise<TakenBlob> {
		const aside = path.join(this.folder, `new-${randomUUID()}`);
		const discard = () => rm(aside, { force: true });
		try {
			await mkdir(this.folder, { recursive: true, mode: 0o700 });
			const name = await this.#writeAside(aside, source, options);
			return { ...name, keep: () => this.#settle(aside, name.sha256), discard };
		} catch (error) {
			await discard();
			throw writeError(error);
		}
	}

	async #writeAside(aside: string, source: AsyncIterable<Uint8Array>, options: TakeOptions): Promise<BlobName> {
		const handle = await open(aside, 'wx', 0o600);
		try {
			const seal = newSeal(this.#keys);
			const hash = createHash('sha256');
			let size = 0;
			let index = 0;
			for await (const frame of inFrames(source)) {
				if (options.signal?.aborted) throw new CoreError('cancelled', 'Cancelled.');
				hash.update(frame);
				size += frame.length;
				await writeAt(handle, sealFrame(seal, index, frame), frameStart(index++));
				options.onBytes?.(size);
			}
			const name = { sha256: hash.digest('hex'), size };
			// The header comes last: until then nothing in the file can be read.
			await writeAt(handle, sealHeader(seal, name), 0);
			await handle.sync();
			this.#crashPoint('file written');
			return name;
		} finally {
			await handle.close();
		}
	}

	async #settle(from: string, sha256: string): Promise<void> {
		const place = this.#place(sha256);
		try {
			await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
			await rename(from, place);
			this.#crashPoint('file renamed');
			// A folder is only there for sure once the one it lies in is on the disk, up to the store's.
			for (const folder of [path.dirname(place), this.folder, path.dirname(this.folder)]) await syncFolder(folder);
		} catch (error) {
			throw writeError(error);
		}
	}

	/** Opens a file to be read in any part. Throws `file_not_here`, or `file_damaged` when it is not the file of that name. */
	open(sha256: string): Promise<BlobReader> {
		return openBlob(this.#keys, this.#place(sha256), sha256);
	}

	/** Takes up a file that is being fetched where it was left, or begins it. */
	async part(name: BlobName): Promise<BlobPart> {
		const file = `${this.#place(name.sha256)}.part`;
		await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
		const part = await openPart(this.#keys, file, name);
		return {
			...part,
			finish: async () => {
				await part.finish();
				this.#crashPoint('file fetched');
				await this.#settle(file, name.sha256);
			},
		};
	}

	/** Removes a file and what has been fetched of it. */
	async drop(sha256: string): Promise<void> {
		await rm(this.#place(sha256), { force: true });
		await rm(`${this.#place(sha256)}.part`, { force: true });
	}

	async dropPart(sha256: string): Promise<void> {
		await rm(`${this.#place(sha256)}.part`, { force: true });
	}

	/** Forgets the keys: nothing can be read or written any more. */
	lock(): void {
		wipeBlobKeys(this.#keys);
	}

	/** Throws `disk_full` when `bytes` more would leave the store itself too little room. */
	async requireRoom(bytes: number): Promise<void> {
		const at = await statfs(path.dirname(this.folder)).catch(() => undefined);
		if (at && at.bavail * at.bsize < sealedSize(bytes) + RESERVE_BYTES)
			throw new CoreError('disk_full', 'The disk has too little room for this file.');
	}

	/** Lists the disk. To be asked while nothing is being written. */
	async inventory(): Promise<Inventory> {
		const found = new Set(await filesIn(this.folder));
		return {
			has: (sha256) => found.has(this.#place(sha256)),
			keepOnly: async (whole, parts) => {
				const wanted = new Set([...whole].map((sha256) => this.#place(sha256)));
				for (const sha256 of parts) wanted.add(`${this.#place(sha256)}.part`);
				const rest = [...found].filter((file) => !wanted.has(file));
				for (const file of rest) await rm(file, { force: true });
				return rest.length;
			},
		};
	}

	#place(sha256: string): string {
		const name = diskName(this.#keys, sha256);
		return path.join(this.folder, name.slice(0, 2), name.slice(2));
	}
}

/** The same bytes cut into frames; only the last is shorter. */
async function* inFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	const frame = Buffer.allocUnsafe(FRAME);
	let filled = 0;
	for await (const chunk of source) {
		for (let at = 0; at < chunk.length; ) {
			const taken = Math.min(FRAME - filled, chunk.length - at);
			frame.set(chunk.subarray(at, at + taken), filled);
			filled += taken;
			at += taken;
			if (filled < FRAME) continue;
			yield frame;
			filled = 0;
		}
	}
	if (filled > 0) yield frame.subarray(0, filled);
}

async function writeAt(handle: FileHandle, bytes: Buffer, start: number): Promise<void> {
	for (let at = 0; at < bytes.length; )
		at += (await handle.write(bytes, at, bytes.length - at, start + at)).bytesWritten;
}

/** A rename is on the disk only once its folder is. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function filesIn(folder: string): Promise<string[]> {
	const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	return found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
