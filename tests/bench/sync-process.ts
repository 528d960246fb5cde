import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

type Commands = Record<string, (input: never) => unknown>;

interface Answer {
	no: number;
	value?: unknown;
	error?: string;
}

/** A process of its own that answers commands: what it costs can be told from what the benchmark itself costs. */
export interface BenchProcess {
	pid: number;
	call<T>(command: string, input?: unknown): Promise<T>;
	stop(): Promise<void>;
}

/** Starts `script` (a file beside this one) and waits for nothing; its first command does. */
export function startProcess(script: string): BenchProcess {
	const child = fork(path.join(import.meta.dirname, script), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
	const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
	let last = 0;
	child.on('message', ({ no, value, error }: Answer) => {
		const call = waiting.get(no);
		waiting.delete(no);
		if (error === undefined) call?.resolve(value);
		else call?.reject(new Error(`${script}: ${error}`));
	});
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	void ended.then(() => {
		for (const call of waiting.values()) call.reject(new Error(`${script} ended.`));
	});
	return {
		pid: child.pid as number,
		call: <T>(command: string, input: unknown = {}) =>
			new Promise<T>((resolve, reject) => {
				last += 1;
				waiting.set(last, { resolve: resolve as (value: unknown) => void, reject });
				child.send({ no: last, command, input });
			}),
		stop: async () => {
			child.disconnect();
			await ended;
		},
	};
}

/** The other side: answers commands until the benchmark lets go of the process. */
export function answer(commands: Commands, close: () => Promise<void> = async () => {}): void {
	process.on('message', async ({ no, command, input }: { no: number; command: string; input: unknown }) => {
		try {
			const value = await commands[command]?.(input as never);
			process.send?.({ no, value });
		} catch (error) {
			process.send?.({ no, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
		}
	});
	process.on('disconnect', () => void close().finally(() => process.exit(0)));
}

/** The most memory a process has held so far, in MB (the kernel's high-water mark). */
export function peakMemory(pid: number): number {
	return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

/** Milliseconds of user and system time a process has used so far, in steps of ten. */
export function cpuTime(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}
