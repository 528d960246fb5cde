import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import path from 'node:path';

/** Gives a file its name so that it is still there after a power cut: its bytes first, then the rename, then the folder. */
export function renameDurably(from: string, to: string): void {
	syncPath(from, 'r+');
	renameSync(from, to);
	syncFolder(path.dirname(to));
}

/** Makes renames and removals in a folder last; Windows does that by itself. */
export function syncFolder(folder: string): void {
	if (process.platform !== 'win32') syncPath(folder, 'r');
}

function syncPath(name: string, flags: string): void {
	const handle = openSync(name, flags);
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
