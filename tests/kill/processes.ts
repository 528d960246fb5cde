import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { CRASH_POINTS as LAPTOP_POINTS } from '../../electron/core/sync/crash-points.ts';
import { CRASH_POINTS as SERVER_POINTS } from '../../server/crash-points.ts';
import type { StorePlace } from '../../server/store/open-store.ts';
import type { Mark } from './check-store.ts';

export interface Healed {
	unsent: number;
	problem: string | null;
	store: string;
	hash: string;
}

/** A process that is killed and started again, on the same files. */
export abstract class Victim {
	static readonly running = new Set<Victim>();
	abstract readonly name: string;
	/** Named steps at which it can be told to kill itself. */
	abstract readonly points: readonly string[];
	slowestStartMs = 0;
	protected child: ChildProcess | undefined;

	/** Starts it and returns when it is ready. `crashAt`: "point:n", to die by its own hand at the n-th time. */
	async start(seed: number, crashAt?: string): Promise<void> {
		const started = performance.now();
		const child = spawn(process.execPath, this.args(seed), {
			env: { ...process.env, ...this.env(), ...(crashAt ? { FIELDBOOK_CRASH_AT: crashAt } : {}) },
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		this.child = child;
		Victim.running.add(this);
		const lines = createInterface({ input: child.stdout });
		const ready = new Promise<void>((resolve, reject) => {
			child.once('exit', (code, signal) => {
				// Killed by its own hand before it was ready: the next start has to cope with that too.
				if (crashAt && signal === 'SIGKILL') resolve();
				else reject(new Error(`${this.name} ended with ${code ?? signal} before it was ready.`));
			});
			lines.on('line', (line) => this.hear(JSON.parse(line) as Record<string, unknown>, resolve));
		});
		await ready;
		this.slowestStartMs = Math.max(this.slowestStartMs, performance.now() - started);
	}

	/** SIGKILL, and waits until it is gone. */
	async kill(): Promise<void> {
		const child = this.child;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exit = once(child, 'close');
		child.kill('SIGKILL');
		await exit;
		Victim.running.delete(this);
	}

	/** True when it dies by itself within the time. */
	async died(withinMs: number): Promise<boolean> {
		const child = this.child;
		if (!child || child.signalCode !== null) return true;
		await Promise.race([once(child, 'close'), sleep(withinMs)]);
		return child.signalCode !== null;
	}

	protected abstract args(seed: number): string[];
	protected env(): Record<string, string> {
		return {};
	}
	protected abstract hear(line: Record<string, unknown>, ready: () => void): void;
}

export class Laptop extends Victim {
	readonly name: string;
	readonly points = LAPTOP_POINTS;
	/** Edits that were confirmed to the person. */
	readonly confirmed: Mark[] = [];
	readonly #folder: string;
	readonly #url: string;

	constructor(name: string, folder: string, url: string) {
		super();
		this.name = name;
		this.#folder = folder;
		this.#url = url;
	}

	/** One round of sync and nothing else; what it then holds. */
	async heal(): Promise<Healed> {
		const child = spawn(process.execPath, [...this.args(0), '--heal'], { stdio: ['ignore', 'pipe', 'inherit'] });
		let healed: Healed | undefined;
		for await (const line of createInterface({ input: child.stdout })) {
			const parsed = JSON.parse(line) as Partial<Healed> & { healed?: boolean };
			if (parsed.healed) healed = parsed as Healed;
		}
		if (!healed) throw new Error(`${this.name} did not come back.`);
		return healed;
	}

	protected args(seed: number): string[] {
		const file = join(this.#folder, `${this.name}.db`);
		const script = join(import.meta.dirname, 'laptop.ts');
		return [script, '--file', file, '--url', this.#url, '--who', this.name, '--seed', String(seed)];
	}

	protected hear(line: Record<string, unknown>, ready: () => void): void {
		if (line.ready) ready();
		if (line.mark) this.confirmed.push(line as unknown as Mark);
	}
}

export class Server extends Victim {
	readonly name = 'server';
	readonly points = SERVER_POINTS;
	url = '';
	readonly #place: StorePlace;
	readonly #port: number;

	private constructor(place: StorePlace, port: number) {
		super();
		this.#place = place;
		this.#port = port;
	}

	static async start(place: StorePlace): Promise<Server> {
		const server = new Server(place, await freePort());
		await server.start(0);
		return server;
	}

	/** Ends it in peace. */
	async stop(): Promise<void> {
		const child = this.child;
		if (!child) return;
		const exit = once(child, 'close');
		child.kill('SIGTERM');
		await exit;
		Victim.running.delete(this);
	}

	protected args(): string[] {
		const script = join(import.meta.dirname, '../../server/main.ts');
		const data = 'dir' in this.#place ? ['--data', this.#place.dir] : [];
		return [script, '--port', String(this.#port), ...data];
	}

	protected override env(): Record<string, string> {
		return 'url' in this.#place ? { DATABASE_URL: this.#place.url } : {};
	}

	protected hear(line: Record<string, unknown>, ready: () => void): void {
		if (typeof line.listening !== 'string') return;
		this.url = line.listening;
		ready();
	}
}

/** A port that was free a moment ago; the server keeps it over all its deaths. */
async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address() as { port: number };
	probe.close();
	await once(probe, 'close');
	return port;
}
