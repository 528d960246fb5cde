import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { rootDir } from '../../build/paths.mjs';
import { electronSwitches } from '../../build/runtime.mjs';

export interface StartedApp {
	/** Milliseconds from just before the process was spawned to its first painted screen with data. */
	ms: number;
	/** The app's own marks, milliseconds since the process was created. */
	marks: Record<string, number>;
	pid: number;
	stop(): Promise<void>;
}

/** Starts the built app without anything attached to it and waits until the account list is painted. */
export function startApp(userData: string, env: Record<string, string> = {}): Promise<StartedApp> {
	return start(rootDir, { FIELDBOOK_USER_DATA: userData, FIELDBOOK_SAMPLE: '1', FIELDBOOK_TIMING: '1', ...env });
}

/** Starts a window of the same runtime with nothing in it. */
export function startBare(userData: string): Promise<StartedApp> {
	return start(path.join(import.meta.dirname, 'bare'), { BARE_USER_DATA: userData });
}

async function start(folder: string, env: Record<string, string>): Promise<StartedApp> {
	const executable = process.env['FIELDBOOK_ELECTRON'];
	if (!executable) throw new Error('FIELDBOOK_ELECTRON is not set: run this by `npm run bench`.');
	const spawnedAt = performance.timeOrigin + performance.now();
	const child = spawn(executable, [...electronSwitches(), folder], {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	const stop = () => stopGroup(child);
	try {
		const { createdAt = 0, ...marks } = await readTiming(child);
		const ms = createdAt + (marks['painted'] ?? Number.NaN) - spawnedAt;
		return { ms, marks, pid: child.pid as number, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

function readTiming(child: ChildProcess): Promise<Record<string, number>> {
	return new Promise((resolve, reject) => {
		let errors = '';
		const fail = (reason: string) => reject(new Error(`The app did not paint: ${reason}\n${errors.slice(-2000)}`));
		const timer = setTimeout(() => fail('nothing within 60 s'), 60_000);
		child.stderr?.on('data', (chunk) => (errors += chunk));
		child.once('error', (error) => fail(error.message));
		child.once('exit', (code) => {
			clearTimeout(timer);
			fail(`it ended with code ${code}`);
		});
		readline.createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
			if (!line.startsWith('TIMING ')) return;
			clearTimeout(timer);
			resolve(JSON.parse(line.slice('TIMING '.length)));
		});
	});
}

async function stopGroup(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const group = -(child.pid as number);
	process.kill(group, 'SIGTERM');
	const timer = setTimeout(() => process.kill(group, 'SIGKILL'), 5000);
	await ended;
	clearTimeout(timer);
}

/** Proportional set size of a process and all its descendants, in MB: shared pages count once. */
export function memoryOf(pid: number): { mb: number; processes: number } {
	const tree = descendants(pid);
	const kilobytes = tree.reduce((sum, id) => sum + readPss(id), 0);
	return { mb: kilobytes / 1024, processes: tree.length };
}

function descendants(pid: number): number[] {
	const children = new Map<number, number[]>();
	for (const entry of fs.readdirSync('/proc')) {
		const parent = /^\d+$/.test(entry) ? parentOf(Number(entry)) : undefined;
		if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
	}
	const found: number[] = [];
	const walk = (id: number) => {
		found.push(id);
		for (const child of children.get(id) ?? []) walk(child);
	};
	walk(pid);
	return found;
}

/** The name of a process may hold spaces and brackets, so fields are counted from the last bracket. */
function parentOf(pid: number): number | undefined {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
	} catch {
		return undefined;
	}
}

function readPss(pid: number): number {
	try {
		return Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
	} catch {
		return 0;
	}
}
