import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface Holder {
	pid: number;
	/** Start time of the process as the kernel counts it; tells a reused pid from the real holder. */
	started: string;
	/** Which start of the machine it was; a lock of an earlier one was left by a power cut or a crash of the machine. */
	boot?: string;
}

/**
 * How the last server in a folder ended: by itself, killed while the machine went on (what it had written is in the
 * machine's memory or on disk), or together with the machine, where what was never flushed is gone.
 */
export type LastEnd = 'clean' | 'killed' | 'with the machine';

/** Reads from the lock how the last server in the folder ended, or that one is at work. */
export function lastEndIn(dir: string): LastEnd | 'at work' {
	const path = join(dir, 'server.lock');
	if (!existsSync(path)) return 'clean';
	const holder = readHolder(path);
	if (holder && isAlive(holder)) return 'at work';
	return holder?.boot !== undefined && holder.boot === bootId() ? 'killed' : 'with the machine';
}

/**
 * Takes the folder for this process: PGlite's files must never be open twice. Returns the function that lets go.
 * Throws when another living process holds it; the lock of a process that died is taken over.
 */
export function lockFolder(dir: string): () => void {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const path = join(dir, 'server.lock');
	for (let attempt = 0; attempt < 3; attempt++) {
		if (tryLock(path)) return () => rmSync(path, { force: true });
		const holder = readHolder(path);
		if (holder && isAlive(holder)) {
			throw new Error(`The folder ${dir} is in use by another server (process ${holder.pid}).`);
		}
		rmSync(path, { force: true });
	}
	throw new Error(`The folder ${dir} cannot be locked.`);
}

function tryLock(path: string): boolean {
	try {
		const file = openSync(path, 'wx', 0o600);
		writeSync(file, JSON.stringify(ourselves()));
		closeSync(file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

function ourselves(): Holder {
	const boot = bootId();
	return { pid: process.pid, started: startTimeOf(process.pid), ...(boot === undefined ? {} : { boot }) };
}

/** Only Linux tells; elsewhere each end that was not clean counts as one with the machine. */
function bootId(): string | undefined {
	try {
		return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
	} catch {
		return undefined;
	}
}

function readHolder(path: string): Holder | undefined {
	try {
		return JSON.parse(readFileSync(path, 'utf8')) as Holder;
	} catch {
		return undefined;
	}
}

function isAlive({ pid, started }: Holder): boolean {
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
	}
	return startTimeOf(pid) === started;
}

/** Only Linux tells; elsewhere an equal empty text leaves the decision to the pid. */
function startTimeOf(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
	} catch {
		return '';
	}
}
