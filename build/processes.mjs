import { spawn, spawnSync } from 'node:child_process';
import { rootDir } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to the environment of this process
 * @property {number} [timeoutMs] after which the whole process group is ended
 * @property {'inherit' | 'capture'} [output]
 */

/**
 * Runs a command to its end. It never throws for a command that fails: the caller looks at `code`.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
export function run(command, args, options = {}) {
	const capture = options.output === 'capture';
	const child = spawn(command, args, {
		cwd: options.cwd ?? rootDir,
		env: { ...process.env, ...options.env },
		stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
		// A group of its own, so that a timeout ends what the command started, too.
		detached: process.platform !== 'win32',
	});
	let output = '';
	let timedOut = false;
	child.stdout?.on('data', (chunk) => (output += chunk));
	child.stderr?.on('data', (chunk) => (output += chunk));
	const onStop = () => void endGroup(child, 'SIGTERM');
	process.once('SIGINT', onStop);
	process.once('SIGTERM', onStop);
	const timer = setTimeout(
		() => {
			timedOut = true;
			endGroup(child, 'SIGKILL');
		},
		options.timeoutMs ?? 2 ** 31 - 1,
	);
	return new Promise((resolve) => {
		const finish = (/** @type {number} */ code) => {
			clearTimeout(timer);
			process.off('SIGINT', onStop);
			process.off('SIGTERM', onStop);
			resolve({ code, output, timedOut });
		};
		child.on('error', (error) => {
			output += `${error.message}\n`;
			finish(127);
		});
		child.on('close', (code) => finish(code ?? 1));
	});
}

/**
 * Runs a script of the project, or a tool's JavaScript entry, under the Node that runs this process.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function runNode(args, options) {
	return run(process.execPath, args, options);
}

/**
 * Asks a child to end and insists after a while.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMs]
 * @returns {Promise<void>}
 */
export async function stopChild(child, graceMs = 5000) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
	await ended;
	clearTimeout(timer);
}

/** @param {string} command */
export function isOnPath(command) {
	return spawnSync(process.platform === 'win32' ? 'where' : 'which', [command], { stdio: 'ignore' }).status === 0;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function endGroup(child, signal) {
	if (!child.pid) return;
	try {
		if (process.platform === 'win32') child.kill(signal);
		else process.kill(-child.pid, signal);
	} catch {
		// It ended in between.
	}
}
