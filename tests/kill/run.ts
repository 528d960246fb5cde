import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { mutants } from '../sim/mutants.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { runPlanted } from '../support/planted.ts';
import { startPostgres, whyNoPostgres } from '../support/postgres.ts';
import { checkStore } from './check-store.ts';
import { Laptop, Server, type Victim } from './processes.ts';
import { seedStore } from './seed-store.ts';

/**
 * node tests/kill/run.ts [--kills 100] [--seed 1] [--store pglite|postgres|both] [--trace]
 * node tests/kill/run.ts --plant 'typing is acknowledged' ...     the same with a bug of the simulation's planted: turns red
 * With --at page:before, say, they are killed at that step only.
 *
 * Two laptops and a server as real processes, killed with SIGKILL at random moments and at named steps while they work.
 * At the end every edit that was confirmed to a person must be on the server once, and all three must hold the same.
 */
const { values } = parseArgs({
	options: {
		kills: { type: 'string', default: '100' },
		seed: { type: 'string', default: '1' },
		store: { type: 'string', default: 'both' },
		trace: { type: 'boolean', default: false },
		plant: { type: 'string' },
		at: { type: 'string' },
	},
});

/** A start that takes longer hangs. What it took at most is in the sum; on a quiet machine it stays under three seconds. */
const MOST_START_MS = 120_000;

interface Sum {
	store: string;
	kills: Record<string, number>;
	confirmed: number;
	lost: number;
	twice: number;
	slowestStartMs: Record<string, number>;
	problems: string[];
}

async function play(kind: 'pglite' | 'postgres', kills: number, seed: number): Promise<Sum> {
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-kill-'));
	const postgres = kind === 'postgres' ? await startPostgres() : undefined;
	const place = postgres ? { url: postgres.url } : { dir: join(folder, 'server') };
	const random = createRandom(seed);
	const sum: Sum = { store: kind, kills: {}, confirmed: 0, lost: 0, twice: 0, slowestStartMs: {}, problems: [] };
	try {
		await seedStore(place);
		const server = await Server.start(place);
		const laptops = [new Laptop('sam', folder, server.url), new Laptop('specialist', folder, server.url)];
		for (const laptop of laptops) await laptop.start(random.int(2 ** 31));
		for (let kill = 0; kill < kills; kill += 1) await killOne(sum, random, [server, ...laptops]);
		for (const laptop of laptops) await laptop.kill();
		const healed = await healAll(laptops);
		const marks = laptops.flatMap((laptop) => laptop.confirmed);
		await server.stop();
		const found = await checkStore(place, marks);
		sum.confirmed = marks.length;
		sum.lost = found.lost.length;
		sum.twice = found.twice.length;
		sum.problems.push(...found.problems, ...judge(healed, found.hash));
		for (const victim of [server, ...laptops])
			if (victim.slowestStartMs > MOST_START_MS)
				sum.problems.push(`${victim.name} took ${victim.slowestStartMs} ms to start.`);
		sum.slowestStartMs = Object.fromEntries([server, ...laptops].map((it) => [it.name, Math.round(it.slowestStartMs)]));
	} finally {
		for (const victim of Server.running) await victim.kill();
		await postgres?.stop();
		rmSync(folder, { recursive: true, force: true });
	}
	return sum;
}

async function killOne(sum: Sum, random: Random, victims: Victim[]): Promise<void> {
	const { at } = values;
	const all = victims.filter(({ points }) => at === undefined || points.includes(at));
	// The server as often as both laptops together.
	const victim = random.chance(0.5) || all.length === 1 ? (all[0] as Victim) : random.pick(all.slice(1));
	const point = at ?? (random.chance(0.4) ? random.pick([...victim.points, undefined]) : undefined);
	const seed = random.int(2 ** 31);
	if (point) {
		await victim.kill();
		await victim.start(seed, `${point}:${1 + random.int(3)}`);
		const isDead = await victim.died(at === undefined ? 2500 : 60_000);
		if (!isDead) await victim.kill();
		count(sum, `${victim.name} ${isDead ? `at ${point}` : 'at a random moment'}`);
	} else {
		await sleep(random.int(random.chance(0.3) ? 30 : 500));
		await victim.kill();
		count(sum, `${victim.name} at a random moment`);
	}
	if (values.trace) process.stderr.write(`${victim.name} ${point ?? ''}\n`);
	await victim.start(random.int(2 ** 31));
}

function count(sum: Sum, name: string): void {
	sum.kills[name] = (sum.kills[name] ?? 0) + 1;
}

async function healAll(laptops: Laptop[]) {
	const last = new Map<string, Awaited<ReturnType<Laptop['heal']>>>();
	for (let round = 0; round < 3; round += 1) for (const laptop of laptops) last.set(laptop.name, await laptop.heal());
	return last;
}

function judge(healed: Awaited<ReturnType<typeof healAll>>, serverHash: string): string[] {
	const problems: string[] = [];
	for (const [name, end] of healed) {
		if (end.store !== 'ok') problems.push(`${name}: the store is damaged: ${end.store}`);
		if (end.unsent !== 0) problems.push(`${name}: ${end.unsent} changes are still unsent (${end.problem}).`);
		if (end.hash !== serverHash) problems.push(`${name} does not hold what the server holds.`);
	}
	return problems;
}

async function playAll(): Promise<number> {
	const kinds = values.store === 'both' ? (['pglite', 'postgres'] as const) : [values.store as 'pglite' | 'postgres'];
	const kills = Math.ceil(Number(values.kills) / kinds.length);
	const sums: Sum[] = [];
	for (const kind of kinds) {
		const why = kind === 'postgres' ? whyNoPostgres() : undefined;
		if (why) process.stdout.write(`${JSON.stringify({ store: kind, skipped: why })}\n`);
		else sums.push(await play(kind, kills, Number(values.seed)));
	}
	const bad = sums.some((sum) => sum.lost + sum.twice + sum.problems.length > 0);
	for (const sum of sums) process.stdout.write(`${JSON.stringify(sum)}\n`);
	if (bad)
		process.stderr.write(
			`Again with: npm run kill -- --kills ${values.kills} --seed ${values.seed} --store ${values.store}\n`,
		);
	return bad ? 1 : 0;
}

function playPlanted(words: string): Promise<number> {
	const at = values.at === undefined ? [] : ['--at', values.at];
	const args = ['--kills', values.kills, '--seed', values.seed, '--store', values.store, ...at];
	return runPlanted({ mutants, words, script: 'tests/kill/run.ts', args });
}

process.exitCode = await (values.plant === undefined ? playAll() : playPlanted(values.plant));
