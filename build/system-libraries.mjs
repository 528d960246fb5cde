// What Electron needs from the system on Linux. As root on Debian and its relatives it is installed; otherwise the exact
// command is printed, because changing a person's system without their word is not ours to do.
import { spawnSync } from 'node:child_process';
import { isOnPath, run } from './processes.mjs';

const libraryPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6'];

/**
 * @typedef {object} Needs
 * @property {string} [executable] whose shared libraries must all be found
 * @property {boolean} [virtualDisplay]
 * @property {boolean} [compiler]
 * @property {string[]} [commands] further programs, named as their Debian package
 */

/**
 * @param {Needs} needs
 * @param {(line: string) => void} [log]
 */
export async function ensureSystem(needs, log = console.error) {
	if (process.platform !== 'linux') return;
	const packages = missingPackages(needs);
	if (packages.length === 0) return;
	const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
	if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
		throw new Error(`This system lacks what Fieldbook needs to run. On Debian or Ubuntu:\n  sudo ${command}`);
	}
	log(`Installing system packages: ${packages.join(' ')} ...`);
	await installPackages(packages);
	const still = missingPackages(needs);
	if (still.length > 0) throw new Error(`Still missing after the installation: ${still.join(' ')}`);
}

/** @param {string} executable */
export function missingLibraries(executable) {
	const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' });
	return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map((match) => String(match[1]));
}

/** @param {Needs} needs */
function missingPackages(needs) {
	const packages = new Set();
	if (needs.executable && missingLibraries(needs.executable).length > 0) {
		for (const name of libraryPackages) packages.add(name);
	}
	if (needs.virtualDisplay && !isOnPath('Xvfb')) packages.add('xvfb');
	if (needs.compiler && !(isOnPath('gcc') && isOnPath('g++'))) packages.add('g++');
	for (const name of needs.commands ?? []) if (!isOnPath(name)) packages.add(name);
	return /** @type {string[]} */ ([...packages]);
}

/** @param {string[]} packages */
async function installPackages(packages) {
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	const install = () => {
		const args = ['install', '-y', '--no-install-recommends', ...packages.map(currentName)];
		return run('apt-get', args, { env, output: 'capture', timeoutMs: 900_000 });
	};
	if ((await install()).code === 0) return;
	// A fresh machine has no package lists, and old lists name files that are gone.
	await run('apt-get', ['update'], { env, output: 'capture', timeoutMs: 300_000 });
	const second = await install();
	if (second.code !== 0) throw new Error(`apt-get failed:\n${second.output.trim().slice(-2000)}`);
}

/**
 * Newer releases renamed some libraries when time became 64 bits wide.
 * @param {string} name
 */
function currentName(name) {
	const renamed = `${name}t64`;
	return spawnSync('apt-cache', ['show', renamed], { stdio: 'ignore' }).status === 0 ? renamed : name;
}
