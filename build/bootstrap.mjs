// The one way into every task. It runs on whatever Node started npm and before anything is installed, so it imports
// nothing but Node itself; it then hands over to the task under the Node version that the project pins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = path.join(rootDir, 'package-lock.json');
const stampFile = path.join(rootDir, 'node_modules', '.fieldbook-lock');
const pinnedNode = path.join(
	rootDir,
	'node_modules',
	'node',
	'bin',
	process.platform === 'win32' ? 'node.exe' : 'node',
);

/** @type {Record<string, string[]>} */
const tasks = {
	start: ['build/start.mjs'],
	dev: ['build/dev.mjs'],
	build: ['build/build-app.mjs'],
	check: ['build/check.mjs'],
	test: ['build/run-tests.mjs'],
	unit: ['node_modules/vitest/vitest.mjs', 'run'],
	e2e: ['build/run-tests.mjs', '--only', 'e2e'],
	format: ['node_modules/@biomejs/biome/bin/biome', 'check', '--write'],
	tour: ['build/with-app.mjs', 'tests/tour/tour.ts'],
	bench: ['build/with-app.mjs', 'tests/bench/bench.ts'],
	server: ['server/main.ts'],
	seed: ['build/seed.ts'],
	import: ['build/import-cli.ts'],
	renewals: ['build/renewals-cli.ts'],
	screenshots: ['build/with-app.mjs', 'tests/tour/screenshots.ts'],
	sim: ['tests/sim/run.ts'],
	kill: ['tests/kill/run.ts'],
	net: ['tests/net/run.ts'],
	safety: ['tests/safety/run.ts'],
	sbom: ['build/sbom.mjs'],
	icons: ['build/icons.mjs'],
	pack: ['build/pack.mjs'],
	dist: ['build/pack.mjs', '--installers'],
};

const [task = '', ...rest] = process.argv.slice(2);
const command = tasks[task];
if (!command) {
	console.error(`Unknown task "${task}". Known: ${Object.keys(tasks).join(', ')}`);
	process.exit(2);
}
installIfNeeded();
runUnderPinnedNode([...command, ...rest]);

function installIfNeeded() {
	const lock = fs.readFileSync(lockFile);
	const wanted = createHash('sha256').update(lock).digest('hex');
	if (fs.existsSync(pinnedNode)) {
		if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === wanted) return;
		if (installedEqualsLock(JSON.parse(lock.toString('utf8')))) {
			fs.writeFileSync(stampFile, wanted);
			return;
		}
	}
	console.error('Installing the packages of package-lock.json ...');
	installPackages();
	if (!fs.existsSync(pinnedNode)) {
		console.error('npm finished, but the pinned Node is not there: see the lines above, then run "npm ci" again.');
		process.exit(1);
	}
	fs.writeFileSync(stampFile, wanted);
}

/** True after an ordinary `npm install` or `npm ci` by hand: reinstalling then would only cost time. */
function installedEqualsLock(/** @type {Lock} */ lock) {
	const hidden = path.join(rootDir, 'node_modules', '.package-lock.json');
	if (!fs.existsSync(hidden)) return false;
	const installed = /** @type {Lock} */ (JSON.parse(fs.readFileSync(hidden, 'utf8'))).packages;
	const names = Object.keys(lock.packages).filter((name) => name !== '');
	const here = names.every((name) => {
		const found = installed[name];
		return found ? found.version === lock.packages[name]?.version : lock.packages[name]?.optional === true;
	});
	return here && Object.keys(installed).every((name) => name in lock.packages);
}

function installPackages() {
	const major = Number.parseInt(npm(['--version'], 'pipe').trim(), 10);
	if (major >= 11) {
		// Engine warnings name tools that run under the pinned Node, not under the one that installs them.
		npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'inherit');
		return;
	}
	// Older npm does not know the list of allowed install scripts in package.json and would compile the database driver.
	npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], 'inherit');
	npm(['rebuild', 'node', '--ignore-scripts=false'], 'inherit');
}

function npm(/** @type {string[]} */ args, /** @type {'pipe' | 'inherit'} */ output) {
	const cli = process.env['npm_execpath'];
	const known = cli?.endsWith('.js') && cli.includes('npm');
	const result = spawnSync(known ? process.execPath : 'npm', known ? [/** @type {string} */ (cli), ...args] : args, {
		cwd: rootDir,
		encoding: 'utf8',
		stdio: ['ignore', output, 'inherit'],
		shell: !known && process.platform === 'win32',
	});
	if (result.status !== 0) {
		console.error(`npm ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}`);
		process.exit(result.status || 1);
	}
	return result.stdout ?? '';
}

function runUnderPinnedNode(/** @type {string[]} */ args) {
	const env = { ...process.env };
	// Tools that start `node` by name must get the same one.
	env['PATH'] = [path.dirname(pinnedNode), path.join(rootDir, 'node_modules', '.bin'), env['PATH']]
		.filter(Boolean)
		.join(path.delimiter);
	// Set in some editors' terminals; with it every Electron would start as a plain Node.
	delete env['ELECTRON_RUN_AS_NODE'];
	const child = spawn(pinnedNode, args, { cwd: rootDir, env, stdio: 'inherit' });
	// A terminal sends Ctrl+C to both; the child decides how to end, and this process reports how it did.
	process.on('SIGINT', () => undefined);
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	child.on('error', (error) => {
		console.error(error.message);
		process.exit(1);
	});
	child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */
