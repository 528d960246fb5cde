import { randomBytes } from 'node:crypto';
import {
	closeSync,
	existsSync,
	fsyncSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import { syncFolder } from '../vault/durable-file.ts';

const GONE = '.gone-';

/**
 * Destroys a workspace: the wrapped keys first, without which everything else is noise, then the files. What a crash
 * leaves is taken up by `finishWipes`. The store must be closed.
 */
export function wipeWorkspace(folder: string): void {
	if (!existsSync(folder)) return;
	const gone = `${folder}${GONE}${randomBytes(6).toString('hex')}`;
	try {
		renameSync(folder, gone);
	} catch {
		// Something still holds a file in it open. The keys go all the same.
		destroy(folder);
		return;
	}
	syncFolder(path.dirname(folder));
	destroy(gone);
}

/** Goes on with what was cut off. What cannot be removed now is tried again at the next start; its keys are gone. */
export function finishWipes(folder: string): void {
	const parent = path.dirname(folder);
	if (!existsSync(parent)) return;
	for (const name of readdirSync(parent))
		if (name.startsWith(`${path.basename(folder)}${GONE}`)) destroy(path.join(parent, name));
}

function destroy(folder: string): void {
	for (const name of readdirSync(folder)) if (name.startsWith('slots')) overwrite(path.join(folder, name));
	syncFolder(folder);
	try {
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	} catch (error) {
		process.stderr.write(`WIPE ${error instanceof Error ? error.message : error}\n`);
	}
	syncFolder(path.dirname(folder));
}

/** A disk may keep the old bytes elsewhere all the same; the keys in them are wrapped. */
function overwrite(file: string): void {
	const { size } = statSync(file);
	const handle = openSync(file, 'r+');
	try {
		writeSync(handle, randomBytes(size), 0, size, 0);
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	rmSync(file);
}
