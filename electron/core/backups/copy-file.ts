import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import { writeError } from '../write-error.ts';

/** Read, hashed and written in well under 10 milliseconds. */
const SLICE = 1 << 18;
/** Where SQLite keeps its locks. It never writes that page, and on Windows nobody else can read there. */
const LOCKED = { from: 0x4000_0000, to: 0x4000_1000 };

export interface Copying {
	bytes: number;
	signal: AbortSignal;
	onBytes?: (bytes: number) => void;
}

/**
 * Copies a file a slice at a time, so that the thread is free in between, and syncs it. Answers the SHA-256 of what was
 * read, in hex. Throws `cancelled`, `disk_full`, `io_error`.
 */
export async function copyBytes(
	from: FileHandle,
	target: string,
	{ bytes, signal, onBytes }: Copying,
): Promise<string> {
	const hash = createHash('sha256');
	let to: FileHandle | undefined;
	try {
		to = await open(target, 'w', 0o600);
		const slice = Buffer.allocUnsafe(SLICE);
		for (let at = 0; at < bytes; ) {
			if (signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
			if (at === LOCKED.from) at = skipLocked(hash);
			const most = at < LOCKED.from ? LOCKED.from - at : SLICE;
			const { bytesRead } = await from.read(slice, 0, Math.min(SLICE, most, bytes - at), at);
			if (bytesRead === 0) break;
			hash.update(slice.subarray(0, bytesRead));
			await writeAll(to, slice.subarray(0, bytesRead), at);
			at += bytesRead;
			onBytes?.(Math.min(at, bytes));
		}
		await to.truncate(bytes);
		await to.sync();
		return hash.digest('hex');
	} catch (error) {
		throw writeError(error);
	} finally {
		await to?.close();
	}
}

/** That page is all zero in the copy. */
function skipLocked(hash: Hash): number {
	hash.update(Buffer.alloc(LOCKED.to - LOCKED.from));
	return LOCKED.to;
}

/** The SHA-256 of a file, in hex, on this thread. */
export function hashOf(file: string): string {
	const hash = createHash('sha256');
	const slice = Buffer.allocUnsafe(SLICE);
	const handle = openSync(file, 'r');
	try {
		for (let read = readSync(handle, slice); read > 0; read = readSync(handle, slice))
			hash.update(slice.subarray(0, read));
	} finally {
		closeSync(handle);
	}
	return hash.digest('hex');
}

async function writeAll(to: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
	for (let at = 0; at < bytes.length; ) at += (await to.write(bytes, at, bytes.length - at, start + at)).bytesWritten;
}
