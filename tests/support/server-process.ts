import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServerProcess {
	url: string;
	epoch: string;
	child: ChildProcess;
	/** What it wrote on standard error so far. */
	log(): string;
	/** Asks it to end and waits; returns its exit code. */
	end(): Promise<number | null>;
	kill(): Promise<void>;
}

/** Environment of a server for tests: nothing of the machine's own decides what it does. */
function environment(over: Record<string, string>): NodeJS.ProcessEnv {
	return { ...process.env, DATABASE_URL: '', NODE_ENV: 'test', FIELDBOOK_CRASH_AT: '', ...over };
}

/** Starts the central API as a process of its own and waits until it listens. Throws with its last words when it does not. */
export async function startServerProcess(
	args: readonly string[],
	env: Record<string, string> = {},
): Promise<ServerProcess> {
	const child = spawn(process.execPath, ['server/main.ts', ...args], {
		env: environment(env),
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let log = '';
	child.stderr.on('data', (chunk: Buffer) => {
		log += chunk.toString();
	});
	const exit = once(child, 'exit');
	const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exit]);
	if (typeof first[0] !== 'string') throw new Error(`The server ended with ${first[0] ?? first[1]}: ${log}`);
	const { listening, epoch } = JSON.parse(first[0]) as { listening: string; epoch: string };
	return {
		url: listening,
		epoch,
		child,
		log: () => log,
		end: async () => {
			child.kill('SIGTERM');
			const [code] = (await exit) as [number | null];
			return code;
		},
		kill: async () => {
			child.kill('SIGKILL');
			await exit;
		},
	};
}

/** Runs the server's program to its end. */
export async function runServerProgram(args: readonly string[], env: Record<string, string> = {}) {
	const child = spawn(process.execPath, ['server/main.ts', ...args], {
		env: environment(env),
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let [out, log] = ['', ''];
	child.stdout.on('data', (chunk: Buffer) => {
		out += chunk.toString();
	});
	child.stderr.on('data', (chunk: Buffer) => {
		log += chunk.toString();
	});
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, out, log };
}

/** Writes a token file for `u-sam`, `u-specialist` and `u-manager`, whose tokens are `token-of-sam` and so on. */
export function writeTokens(folder: string, accounts: readonly string[]): string {
	const file = join(folder, 'tokens.json');
	const people = ['sam', 'specialist', 'manager'];
	const logins = people.map((name) => ({ user: `u-${name}`, token: `token-of-${name}`, accounts }));
	writeFileSync(file, JSON.stringify(logins));
	return file;
}
