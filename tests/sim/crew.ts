import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Script } from './script.ts';
import type { Failure } from './shrink.ts';

/** Seeds handed to a process at a time, at most. */
const PORTION = 20;

export interface Order {
	from: number;
	seeds: number;
	/** Steps of each; left out, each seed decides. */
	steps: number | undefined;
	/** Seeds in which one of these does not happen are passed over. */
	needs?: readonly string[];
	/** Nothing more after the first failure. */
	isStopping: boolean;
}

/** What a process is sent to play. */
export type Errand = Order | { script: Script };

/** What a process tells of its portion, and the crew of all. */
export interface Tally {
	seeds: number;
	steps: number;
	crashes: number;
	counts: Record<string, number>;
	/** By seed, what happened in it, as a hash: the same seed tells the same story. */
	stories: Record<number, string>;
	failures: (Failure & { seed: number; trace: string[] })[];
}

export interface Crew {
	order: Order;
	/** Processes at work at the same time. */
	workers: number;
}

/** Plays seeds in processes of their own: names and random numbers of a simulation are the whole process's. */
export async function playTogether({ order, workers }: Crew): Promise<Tally> {
	const total: Tally = { seeds: 0, steps: 0, crashes: 0, counts: {}, stories: {}, failures: [] };
	const until = order.from + order.seeds;
	const size = Math.max(1, Math.min(PORTION, Math.ceil(order.seeds / workers / 4)));
	let next = order.from;
	const takePortion = (): Order | undefined => {
		if (next >= until || (order.isStopping && total.failures.length > 0)) return undefined;
		const portion = { ...order, from: next, seeds: Math.min(size, until - next) };
		next += portion.seeds;
		return portion;
	};
	const count = Math.max(1, Math.min(workers, Math.ceil(order.seeds / size)));
	await Promise.all(Array.from({ length: count }, () => work(takePortion, (tally) => addTo(total, tally))));
	total.failures.sort((a, b) => a.seed - b.seed);
	return total;
}

/** Plays scripts one after the other; answers with a tally for each. */
export async function playScripts(scripts: readonly Script[]): Promise<Tally[]> {
	const tallies: Tally[] = [];
	let next = 0;
	const take = () => {
		const script = scripts[next++];
		return script && { script };
	};
	await work(take, (tally) => tallies.push(tally));
	return tallies;
}

async function work(take: () => Errand | undefined, report: (tally: Tally) => void): Promise<void> {
	const child = fork(join(import.meta.dirname, 'crew-member.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
	try {
		for (let errand = take(); errand; errand = take()) report(await play(child, errand));
	} finally {
		if (child.connected) child.disconnect();
	}
}

function play(child: ChildProcess, errand: Errand): Promise<Tally> {
	return new Promise((resolve, reject) => {
		const onExit = (code: number | null) => reject(new Error(`A process of the simulation ended with ${code}.`));
		child.once('exit', onExit);
		child.once('message', (tally) => {
			child.off('exit', onExit);
			resolve(tally as Tally);
		});
		child.send(errand);
	});
}

function addTo(total: Tally, part: Tally): void {
	total.seeds += part.seeds;
	total.steps += part.steps;
	total.crashes += part.crashes;
	for (const [name, n] of Object.entries(part.counts)) total.counts[name] = (total.counts[name] ?? 0) + n;
	Object.assign(total.stories, part.stories);
	total.failures.push(...part.failures);
}
