import { rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { readMeta, writeMeta } from '../../../db/meta.ts';
import type { Store } from '../../../db/open-store.ts';
import type { ActionContext } from '../handler.ts';
import type { Sink } from './zip-writer.ts';

/**
 * Writes a file that appears whole or not at all. Nothing readable is left behind: not by a failure, and what the end of
 * the process leaves is removed at the next start. Answers its length in bytes. Throws what `fill` and the disk throw.
 */
export async function writeWhole(
	{ store, read }: Pick<ActionContext, 'store' | 'read'>,
	target: string,
	fill: (write: Sink) => Promise<void>,
): Promise<number> {
	const part = `${target}.part`;
	const remember = (name: string | null) =>
		// A damaged store is not written any more; what can be read of it can still be taken out.
		read(async () => writeMeta(store, 'export_part', name)).catch(() => undefined);
	await remember(part);
	let bytes = 0;
	try {
		const file = await open(part, 'w', 0o600);
		try {
			await fill(async (more) => {
				await writeAll(file, more);
				bytes += more.length;
			});
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(part, target);
		await syncFolder(path.dirname(target));
	} catch (error) {
		await rm(part, { force: true }).catch(() => undefined);
		throw error;
	} finally {
		await remember(null);
	}
	return bytes;
}

/** Removes what an export left that was ended from outside. */
export function removeLeftPart(store: Store): void {
	const part = readMeta(store, 'export_part');
	if (part === undefined || !part.endsWith('.part')) return;
	try {
		rmSync(part, { force: true });
		writeMeta(store, 'export_part', null);
	} catch {
		// On a disk that is not there now: the next start tries again.
	}
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
	for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
}

async function syncFolder(folder: string): Promise<void> {
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	await handle.sync().finally(() => handle.close());
}
