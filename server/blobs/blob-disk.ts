import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream, type ReadStream } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ApiError } from '../api-error.ts';

/** A part of a file, both ends included, as HTTP counts. */
export interface ByteRange {
	start: number;
	end: number;
}

/** Left alone for this long before it counts as left behind: another process may be at work on it. */
const STALE_MS = 86_400_000;

/** The folder of files: `incoming` for those under way, the others by the first two digits of their checksum. */
export class BlobDisk {
	readonly dir: string;

	constructor(dir: string) {
		this.dir = dir;
	}

	/** Bytes of an upload that are on disk, 0 when none came yet. */
	async arrived(id: string): Promise<number> {
		return (await sizeOf(this.#incoming(id))) ?? 0;
	}

	/**
	 * Writes what comes on `body` behind the first `offset` bytes, at most up to `size`, and answers how many are there
	 * now. What came before a cut stays. Throws ApiError 413 for more than was announced, 503 `disk_full`.
	 */
	async receive(
		id: string,
		body: AsyncIterable<Uint8Array>,
		{ offset, size }: { offset: number; size: number },
	): Promise<number> {
		await mkdir(path.dirname(this.#incoming(id)), { recursive: true, mode: 0o700 });
		const handle = await openToWrite(this.#incoming(id));
		let at = offset;
		try {
			for await (const chunk of body) {
				if (at + chunk.length > size) throw new ApiError(413, 'too_large', 'More bytes came than were announced.');
				await writeAt(handle, chunk, at);
				at += chunk.length;
			}
			return at;
		} catch (error) {
			throw diskError(error);
		} finally {
			await handle.close();
		}
	}

	/**
	 * Takes an upload over as the file it was announced to be; true when its bytes are that file's. It is copied first:
	 * what was checked and what stays are then the same, whoever still has the upload open. Ends synced to the disk.
	 */
	async keep(id: string, sha256: string): Promise<boolean> {
		const place = this.#place(sha256);
		const copy = `${place}.${randomUUID()}.new`;
		await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
		try {
			if ((await this.arrived(id)) > 0) await copyFile(this.#incoming(id), copy, constants.COPYFILE_FICLONE);
			const handle = await open(copy, 'a', 0o600);
			try {
				if ((await hashOf(copy)) !== sha256) return false;
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(copy, place);
			await syncFolder(path.dirname(place));
			await syncFolder(this.dir);
			return true;
		} catch (error) {
			throw diskError(error);
		} finally {
			await rm(copy, { force: true });
		}
	}

	/** Forgets an upload's bytes. */
	async discard(id: string): Promise<void> {
		await rm(this.#incoming(id), { force: true });
	}

	/** Bytes of a kept file; undefined when it is not there. */
	async sizeOf(sha256: string): Promise<number | undefined> {
		return sizeOf(this.#place(sha256));
	}

	/** The bytes of a whole file within `range`. The stream fails when there is no such file. */
	read(sha256: string, range: ByteRange): ReadStream {
		return createReadStream(this.#place(sha256), { start: range.start, end: range.end, highWaterMark: 262_144 });
	}

	/** Removes what crashes left behind: uploads nobody knows (`isKnown`) and copies that were never finished. */
	async sweep(nowMs: number, isKnown: (id: string) => boolean): Promise<void> {
		const found = await readdir(this.dir, { recursive: true, withFileTypes: true }).catch(() => []);
		for (const entry of found) {
			if (!entry.isFile()) continue;
			const file = path.join(entry.parentPath, entry.name);
			const isLost = entry.parentPath.endsWith('incoming') ? !isKnown(entry.name) : entry.name.endsWith('.new');
			if (isLost && nowMs - (await stat(file)).mtimeMs > STALE_MS) await rm(file, { force: true });
		}
	}

	#incoming(id: string): string {
		return path.join(this.dir, 'incoming', id);
	}

	#place(sha256: string): string {
		return path.join(this.dir, sha256.slice(0, 2), sha256);
	}
}

async function sizeOf(file: string): Promise<number | undefined> {
	try {
		return (await stat(file)).size;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Never cut short on opening: what is there counts. */
async function openToWrite(file: string): Promise<FileHandle> {
	return open(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
}

async function writeAt(handle: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
	for (let done = 0; done < chunk.length; ) {
		done += (await handle.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
	}
}

async function hashOf(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 })) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

async function syncFolder(folder: string): Promise<void> {
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

function diskError(error: unknown): unknown {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return new ApiError(503, 'disk_full', 'The server has no room for files now.');
	return error;
}
