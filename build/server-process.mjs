import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { rootDir } from './paths.mjs';
import { stopChild } from './processes.mjs';

/**
 * @typedef {object} ServerProcess
 * @property {string} url
 * @property {Record<string, unknown>} announcement the whole line that the server printed when it was ready
 * @property {number | undefined} pid
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the central API of this checkout as a child and waits until it listens.
 * @param {{ dataDir: string, sample?: boolean, port?: number, args?: string[], timeoutMs?: number }} options
 * @returns {Promise<ServerProcess>}
 */
export async function startServer({ dataDir, sample = false, port = 0, args = [], timeoutMs = 120_000 }) {
	const own = ['server/main.ts', '--port', String(port), '--data', dataDir, ...(sample ? ['--sample'] : []), ...args];
	const child = spawn(process.execPath, own, { cwd: rootDir, stdio: ['ignore', 'pipe', 'inherit'] });
	// The last resort; the ordinary end is stop().
	const endWithUs = () => void child.kill('SIGTERM');
	process.once('exit', endWithUs);
	const stop = async () => {
		process.off('exit', endWithUs);
		await stopChild(child, 10_000);
	};
	try {
		const announcement = await readAnnouncement(child, timeoutMs);
		return { url: String(announcement['listening']), announcement, pid: child.pid, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} timeoutMs
 * @returns {Promise<Record<string, unknown>>}
 */
function readAnnouncement(child, timeoutMs) {
	return new Promise((resolve, reject) => {
		const fail = (/** @type {string} */ reason) => reject(new Error(`The central API did not start: ${reason}`));
		const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
		child.once('error', (error) => fail(error.message));
		child.once('exit', (code) => {
			clearTimeout(timer);
			fail(`exit code ${code}`);
		});
		const lines = readline.createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
		lines.on('line', (line) => {
			const parsed = parseAnnouncement(line);
			if (!parsed) return;
			clearTimeout(timer);
			resolve(parsed);
		});
	});
}

/**
 * @param {string} line
 * @returns {Record<string, unknown> | undefined}
 */
function parseAnnouncement(line) {
	try {
		const value = JSON.parse(line);
		return typeof value?.listening === 'string' ? value : undefined;
	} catch {
		return undefined;
	}
}
