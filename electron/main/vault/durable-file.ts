import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Replaces a file so that after a crash either the old or the new text is there, whole; readable by this user only. */
export function writeDurably(file: string, text: string): void {
	const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
	try {
		const handle = openSync(temporary, 'wx', 0o600);
		try {
			writeFileSync(handle, text);
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
		renameSync(temporary, file);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw error;
	}
	syncFolder(path.dirname(file));
}

/** Makes a rename last; Windows has no such call and does it by itself. */
export function syncFolder(folder: string): void {
	if (process.platform === 'win32') return;
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
