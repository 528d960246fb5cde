import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { rootDir } from '../../build/paths.mjs';
import { nodeConfig } from '../../build/vite-configs.mjs';
import type { Kept } from './check-workbook.ts';

/** Where the built victim lies: inside the checkout, so that it finds the database driver. */
export interface Built {
	script: string;
	remove(): void;
}

/** Builds the victim and its threads once, so that hundreds of starts cost little each. */
export async function buildVictim(): Promise<Built> {
	const outDir = fs.mkdtempSync(path.join(rootDir, 'node_modules', '.safety-'));
	const here = path.relative(rootDir, import.meta.dirname);
	const input = {
		'workbook-process': path.join(here, 'workbook-process.ts'),
		'core-thread': path.join(here, 'core-thread.ts'),
		'rekey-worker': 'electron/core/rekey-worker.ts',
	};
	const mode = process.env['NODE_ENV'];
	await build({ ...nodeConfig({ input, format: 'es', outDir }), mode: 'test' });
	if (mode === undefined) delete process.env['NODE_ENV'];
	else process.env['NODE_ENV'] = mode;
	return {
		script: path.join(outDir, 'workbook-process.js'),
		remove: () => fs.rmSync(outDir, { recursive: true, force: true }),
	};
}

export interface VictimOptions {
	folder: string;
	seed: number;
	steps?: number;
	work?: string;
	crashAt?: string | undefined;
	plant?: string | undefined;
	/** What it is started under: strace and its arguments. */
	under?: readonly string[];
}

interface Line {
	kept?: Kept;
	ready?: true;
	closed?: true;
	begins?: string;
	refused?: string;
	code?: string;
}

/** What a victim is told on its command line. */
export function victimArgs({ folder, seed, steps, work, crashAt, plant }: VictimOptions): string[] {
	return [
		...['--folder', folder, '--seed', String(seed)],
		...(steps === undefined ? [] : ['--steps', String(steps)]),
		...(work ? ['--work', work] : []),
		...(crashAt ? ['--crashAt', crashAt] : []),
		...(plant ? ['--plant', plant] : []),
	];
}

/** A workbook that runs as a process of its own, and what it said. */
export class Victim {
	readonly kept: Kept[] = [];
	readonly refused: { step: string; code: string }[] = [];
	/** What it was doing last. */
	doing = 'open';
	hasClosed = false;
	readonly #child: ChildProcess;
	readonly #ended: Promise<void>;
	readonly #ready = Promise.withResolvers<void>();

	constructor({ script }: Built, options: VictimOptions) {
		const [command = process.execPath, ...rest] = [...(options.under ?? []), process.execPath];
		this.#child = spawn(command, [...rest, script, ...victimArgs(options)], {
			// What was compiled for one start is there for the next.
			env: { ...process.env, NODE_COMPILE_CACHE: path.join(path.dirname(script), 'compiled') },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
		lines.on('line', (line) => this.#hear(line));
		this.#child.stderr?.resume();
		this.#ended = once(this.#child, 'close').then(() => this.#ready.resolve());
	}

	/** Resolves when the workbook is open, or when the process has ended. */
	ready(): Promise<void> {
		return this.#ready.promise;
	}

	async ended(): Promise<void> {
		await this.#ended;
	}

	async kill(): Promise<void> {
		this.#child.kill('SIGKILL');
		await this.#ended;
	}

	get signal(): string | null {
		return this.#child.signalCode;
	}

	#hear(text: string): void {
		let line: Line;
		try {
			line = JSON.parse(text) as Line;
		} catch {
			// Cut off in the middle: nothing was confirmed by it.
			return;
		}
		if (line.kept) this.kept.push(line.kept);
		if (line.ready) this.#ready.resolve();
		if (line.begins) this.doing = line.begins;
		if (line.refused) this.refused.push({ step: line.refused, code: line.code ?? '' });
		if (line.closed) this.hasClosed = true;
	}
}
