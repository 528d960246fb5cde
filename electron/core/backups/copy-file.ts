import { type FileHandle, open } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import { writeError } from '../files/write-error.ts';

const SLICE = 1 << 20;
/** Where SQLite keeps its locks. It never writes that page, and on Windows nobody else can read there. */
const LOCKED = { from: 0x4000_0000, to: 0x4000_1000 };

export interface Copying {
	bytes: number;
	signal: AbortSignal;
	onBytes?: (bytes: number) => void;
}

/** Copies a file a slice at a time, so that the thread is free in between, and syncs it. Throws `cancelled`, `disk_full`, `io_error`. */
export async function copyBytes(from: FileHandle, target: string, { bytes, signal, onBytes }: Copying): Promise<void> {
	let to: FileHandle | undefined;
	try {
		to = await open(target, 'w', 0o600);
		const slice = Buffer.allocUnsafe(SLICE);
		for (let at = 0; at < bytes; ) {
			if (signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
			if (at === LOCKED.from) at = LOCKED.to;
			const most = at < LOCKED.from ? LOCKED.from - at : SLICE;
			const { bytesRead } = await from.read(slice, 0, Math.min(SLICE, most, bytes - at), at);
			if (bytesRead === 0) break;
			await writeAll(to, slice.subarray(0, bytesRead), at);
			at += bytesRead;
			onBytes?.(Math.min(at, bytes));
		}
		await to.truncate(bytes);
		await to.sync();
	} catch (error) {
		throw writeError(error);
	} finally {
		await to?.close();
	}
}

async function writeAll(to: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
	for (let at = 0; at < bytes.length; ) at += (await to.write(bytes, at, bytes.length - at, start + at)).bytesWritten;
}
