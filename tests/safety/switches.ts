import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { packApp } from '../../build/pack.mjs';
import { readFuses, unexpectedFuses } from '../../build/packed-fuses.mjs';
import { withDisplay } from '../../build/virtual-display.mjs';
import { REFUSED_SWITCHES } from '../../electron/main/start-options.ts';
import { asPlainUser, type PlainUser } from '../support/plain-user.ts';
import type { Options, Result } from './result.ts';

const START_MS = 60_000;

/**
 * Packs the app as it is released and starts it as an ordinary user with each switch by which another program could drive
 * it, look into it or take its walls down, and with the variables of the environment that would have it run other code.
 * Before and after, the same app starts as it should. `plant` does it with the build for tests, which lets them pass.
 */
export async function run({ plant }: Options): Promise<Result> {
	const { executable } = await packApp({ variant: plant ? 'test' : 'release', targets: ['dir'] });
	const fuses = unexpectedFuses(await readFuses(executable), { driven: false });
	const user = asPlainUser([], executable);
	try {
		return await withDisplay(() => tryAll(user, fuses));
	} finally {
		user.remove();
	}
}

async function tryAll(user: PlainUser, fuses: string[]): Promise<Result> {
	const passed = [...fuses];
	if (!(await starts(user))) passed.push('the app itself does not start');
	for (const name of REFUSED_SWITCHES) {
		const { code, said } = await startWith(user, [`--${name}=1`]);
		if (code !== 2 || !said.includes(`does not start with --`)) passed.push(`--${name} ended with ${code}`);
	}
	for (const [what, isHarmless] of Object.entries(variables)) if (!(await isHarmless(user))) passed.push(what);
	if (!(await starts(user))) passed.push('the app itself does not start afterwards');
	const tried = REFUSED_SWITCHES.length + Object.keys(variables).length + 1;
	return { name: 'switches', ok: passed.length === 0, tried, lost: passed.length, passed };
}

/** What the environment must not be able to do. */
const variables: Record<string, (user: PlainUser) => Promise<boolean>> = {
	'ELECTRON_RUN_AS_NODE runs code': async (user) => {
		const { said } = await startWith(user, ['-e', 'console.log("ran"+"here")'], { ELECTRON_RUN_AS_NODE: '1' });
		return !said.includes('ranhere');
	},
	'NODE_OPTIONS runs code': async (user) => {
		const { script, mark } = leaveScript(user);
		await startWith(user, [], { NODE_OPTIONS: `--require ${script}` });
		return !fs.existsSync(mark);
	},
	'FIELDBOOK_NATIVE loads code': async (user) => {
		const { script } = leaveScript(user);
		return starts(user, { FIELDBOOK_NATIVE: script });
	},
	'SIGUSR1 opens a door': async (user) => {
		const child = launch(user, [], {});
		const said = listen(child);
		await isPainted(child, said);
		for (const pid of descendants(child.pid ?? 0)) process.kill(pid, 'SIGUSR1');
		await new Promise((resolve) => setTimeout(resolve, 1500));
		const isOpen = said.text.includes('Debugger listening') || (await answers(9229));
		await end(child);
		return !isOpen;
	},
};

function leaveScript(user: PlainUser): { script: string; mark: string } {
	const script = path.join(user.userData, '..', 'other.cjs');
	const mark = path.join(user.userData, '..', 'mark');
	fs.writeFileSync(script, `require('fs').writeFileSync(${JSON.stringify(mark)}, 'ran')`, { mode: 0o644 });
	return { script, mark };
}

/** True when the app paints its first screen. */
async function starts(user: PlainUser, env: Record<string, string> = {}): Promise<boolean> {
	const child = launch(user, [], env);
	const isUp = await isPainted(child, listen(child));
	await end(child);
	return isUp;
}

/** Starts the app and waits until it ends by itself, or until it has painted; then it is ended. */
async function startWith(user: PlainUser, args: string[], env: Record<string, string> = {}) {
	const child = launch(user, args, env);
	const said = listen(child);
	const painted = isPainted(child, said);
	const code = await Promise.race([
		new Promise<number | null>((resolve) => child.once('exit', resolve)),
		painted.then((isUp) => (isUp ? null : child.exitCode)),
	]);
	await end(child);
	return { code, said: said.text };
}

function launch(user: PlainUser, args: string[], env: Record<string, string>): ChildProcess {
	const { DISPLAY = '', PATH = '' } = process.env;
	const own = { FIELDBOOK_USER_DATA: user.userData, FIELDBOOK_SAMPLE: '1', FIELDBOOK_TIMING: '1' };
	return spawn(user.command.executablePath, [...user.command.args, ...args], {
		env: { DISPLAY, PATH, ...user.env, ...own, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
}

function listen(child: ChildProcess): { text: string } {
	const said = { text: '' };
	for (const stream of [child.stdout, child.stderr])
		stream?.on('data', (bytes: Buffer) => {
			said.text += bytes.toString('utf8');
		});
	return said;
}

async function isPainted(child: ChildProcess, said: { text: string }): Promise<boolean> {
	const until = Date.now() + START_MS;
	while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
		if (said.text.includes('TIMING ')) return true;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return said.text.includes('TIMING ');
}

async function end(child: ChildProcess): Promise<void> {
	const all = descendants(child.pid ?? 0);
	if (child.exitCode === null && child.signalCode === null) {
		const gone = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGTERM');
		const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
		await gone;
		clearTimeout(insist);
	}
	for (const pid of all)
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// It ended with its parent.
		}
}

/** A process and all that came from it. */
function descendants(root: number): number[] {
	if (root === 0) return [];
	const parents = fs.readdirSync('/proc').flatMap((name) => {
		if (!/^\d+$/.test(name)) return [];
		try {
			const parent = /^PPid:\s+(\d+)$/m.exec(fs.readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
			return [[Number(name), Number(parent)] as const];
		} catch {
			return [];
		}
	});
	const found = [root];
	for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
	return found;
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = net.connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
