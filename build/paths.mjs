import os from 'node:os';
import path from 'node:path';

/** The checkout. */
export const rootDir = path.resolve(import.meta.dirname, '..');

/** Where things are kept that took a download or a compiler to make; outside the checkout, so that every clone shares them. */
export function cacheDir() {
	const caches = {
		win32: process.env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local'),
		darwin: path.join(os.homedir(), 'Library', 'Caches'),
	};
	const base = process.env['XDG_CACHE_HOME'] || caches[/** @type {'win32'} */ (process.platform)];
	return path.join(base || path.join(os.homedir(), '.cache'), 'fieldbook');
}

/** The sample workspace: per user and never in the checkout, so that `git clean` cannot take a person's notes with it. */
export function sampleWorkspaceDir() {
	const bases = {
		win32: process.env['APPDATA'] ?? path.join(os.homedir(), 'AppData', 'Roaming'),
		darwin: path.join(os.homedir(), 'Library', 'Application Support'),
	};
	const base = bases[/** @type {'win32'} */ (process.platform)] ?? process.env['XDG_DATA_HOME'];
	return path.join(base || path.join(os.homedir(), '.local', 'share'), 'Fieldbook Sample');
}
