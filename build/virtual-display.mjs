// A display for tests, tour and benchmarks where there is none. Xvfb itself is asked for a free number: picking one and
// hoping fails when two runs start together.
import { spawn } from 'node:child_process';
import { stopChild } from './processes.mjs';
import { ensureSystem } from './system-libraries.mjs';

export function hasDisplay() {
	return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Runs a task with a display: the person's own where there is one, otherwise a virtual one that ends with the task.
 * `DISPLAY` of this process is set meanwhile, so children find it.
 * @template T
 * @param {(display: string) => Promise<T>} task
 * @param {{ size?: string }} [options] width x height
 * @returns {Promise<T>}
 */
export async function withDisplay(task, { size = '1920x1200' } = {}) {
	if (hasDisplay()) return task(process.env['DISPLAY'] ?? '');
	const { display, close } = await openVirtualDisplay(size);
	process.env['DISPLAY'] = display;
	try {
		return await task(display);
	} finally {
		delete process.env['DISPLAY'];
		await close();
	}
}

/**
 * @param {string} size
 * @returns {Promise<{ display: string, close: () => Promise<void> }>}
 */
async function openVirtualDisplay(size) {
	await ensureSystem({ virtualDisplay: true });
	const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'];
	const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
	const endWithUs = () => void server.kill('SIGTERM');
	process.once('exit', endWithUs);
	const close = async () => {
		process.off('exit', endWithUs);
		await stopChild(server);
	};
	try {
		return { display: `:${await readDisplayNumber(server)}`, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function readDisplayNumber(server) {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error('Xvfb did not start within 20 seconds.')), 20_000);
		const settle = (/** @type {() => void} */ done) => {
			clearTimeout(timer);
			done();
		};
		server.stdio[3]?.once('data', (chunk) => settle(() => resolve(String(chunk).trim())));
		server.once('error', (error) => settle(() => reject(error)));
		server.once('exit', (code) => settle(() => reject(new Error(`Xvfb ended with code ${code}.`))));
	});
}
