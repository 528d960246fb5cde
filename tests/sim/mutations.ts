import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Order } from './crew.ts';
import type { Mutant } from './mutant.ts';
import { mutants, rareMutants } from './mutants.ts';
import { plant } from './plant.ts';

/** Fewer planted bugs than this prove too little. */
const FEWEST = 40;

interface Hunt {
	/** Those that some hundreds of seeds do not bring to light. */
	isRare: boolean;
	/** Of the mutants, those with these words in their name; empty for all. */
	only: string;
	/** Which of them, counted from 1; both ends included. */
	between: readonly [number, number];
	order: Order;
	/** Mutants hunted at the same time. */
	workers: number;
}

interface Finding {
	mutant: string;
	isFound: boolean;
	/** Seeds played until it was found, or all of them. */
	seeds: number;
	ms: number;
	problem: string;
}

/**
 * Plants one bug after the other in a copy of the sources and lets the simulation look for it. One line of JSON each,
 * then "found/planted". What it does not find shows what the simulation is blind to. Returns the exit code.
 */
export async function huntMutants({ isRare, only, between: [first, last], order, workers }: Hunt): Promise<number> {
	const among = isRare ? rareMutants : mutants;
	const chosen = among.slice(first - 1, last).filter(({ name }) => name.includes(only));
	const waiting = [...chosen];
	let found = 0;
	const work = async () => {
		for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
			const finding = await hunt(mutant, order);
			if (finding.isFound) found += 1;
			process.stdout.write(`${JSON.stringify(finding)}\n`);
		}
	};
	await Promise.all(Array.from({ length: workers }, work));
	process.stdout.write(`${found}/${chosen.length}\n`);
	const isPart = isRare || chosen.length < mutants.length;
	return found === chosen.length && (isPart || found >= FEWEST) ? 0 : 1;
}

async function hunt(mutant: Mutant, order: Order): Promise<Finding> {
	const started = performance.now();
	const folder = plant(mutant);
	const seeds = ['--seeds', String(order.seeds), '--from', String(order.from)];
	const steps = order.steps ? ['--steps', String(order.steps)] : [];
	const needs = mutant.needs ? ['--needs', mutant.needs.join(',')] : [];
	const args = ['tests/sim/run.ts', ...seeds, ...steps, ...needs, '--stop', '--raw', '--workers', '1'];
	const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
	let out = '';
	let err = '';
	child.stdout.on('data', (chunk) => (out += String(chunk)));
	child.stderr.on('data', (chunk) => (err += String(chunk)));
	// Whoever ends the hunt ends it whole.
	const end = () => {
		child.kill();
		rmSync(folder, { recursive: true, force: true });
	};
	process.once('exit', end);
	await new Promise((done) => child.on('close', done));
	process.off('exit', end);
	rmSync(folder, { recursive: true, force: true });
	const last = out.trim().split('\n').at(-1) ?? '';
	// Not a find: the patched program does not even start.
	if (!last.startsWith('{')) throw new Error(`${mutant.name}: ${err.slice(-600)}`);
	const result = JSON.parse(last) as { seeds: number; failures: { problems: string[] }[] };
	const problem = result.failures[0]?.problems[0] ?? '';
	return {
		mutant: mutant.name,
		isFound: result.failures.length > 0,
		seeds: result.seeds,
		ms: Math.round(performance.now() - started),
		problem: problem.slice(0, 200),
	};
}
