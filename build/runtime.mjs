// Everything that must be there before an Electron of ours can start, in one call.
import { needsCompiledDriver, resolveElectron } from './electron-runtime.mjs';
import { compileDriver } from './native-fallback.mjs';
import { rootDir } from './paths.mjs';
import { ensureSystem } from './system-libraries.mjs';

/**
 * @typedef {object} Runtime
 * @property {import('./electron-runtime.mjs').ElectronRuntime} electron
 * @property {string | undefined} driver the compiled binding, for an Electron that cannot load the shipped one
 * @property {string[]} switches that this user needs (root on Linux has no sandbox)
 * @property {Record<string, string>} env FIELDBOOK_ELECTRON, and FIELDBOOK_NATIVE where there is a compiled driver
 */

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<Runtime>}
 */
export async function prepareRuntime({ log = console.error } = {}) {
	const electron = await resolveElectron({ log });
	await ensureSystem({ executable: electron.executable }, log);
	const beforeCompiling = () => ensureSystem({ compiler: true }, log);
	const driver = needsCompiledDriver(electron) ? await compileDriver({ log, beforeCompiling }) : undefined;
	const env = { FIELDBOOK_ELECTRON: electron.executable, ...(driver ? { FIELDBOOK_NATIVE: driver } : {}) };
	return { electron, driver, switches: electronSwitches(), env };
}

/** Chromium refuses to run as root with its sandbox. */
export function electronSwitches() {
	return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/**
 * How to open the app of this checkout.
 * @param {Runtime} runtime
 */
export function appCommand(runtime) {
	return { command: runtime.electron.executable, args: [...runtime.switches, rootDir] };
}
