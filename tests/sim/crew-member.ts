import { createHash } from 'node:crypto';
import type { Errand, Tally } from './crew.ts';
import { ignoreTheDead } from './dead-process.ts';
import { isLarge, LARGE } from './people.ts';
import { type Outcome, runScript, runSeed } from './run-seed.ts';
import { Planner } from './script.ts';

/** One process of the crew: plays what it is sent and answers with what came of it (crew.ts). */
process.on('message', async (errand: Errand) => {
	const tally: Tally = { seeds: 0, steps: 0, crashes: 0, counts: {}, stories: {}, failures: [] };
	if ('script' in errand) add(tally, errand.script.seed, await runScript(errand.script));
	else {
		for (let seed = errand.from; seed < errand.from + errand.seeds; seed += 1) {
			if (hasAll(seed, errand.needs)) add(tally, seed, await runSeed(seed, errand.steps));
			else tally.seeds += 1;
			if (errand.isStopping && tally.failures.length > 0) break;
		}
	}
	process.send?.(tally);
});
process.on('disconnect', () => process.exit(0));
ignoreTheDead();

/** Whether all of these may happen in a seed. */
function hasAll(seed: number, needs: readonly string[] = []): boolean {
	if (needs.length === 0) return true;
	const { off, desks } = new Planner(seed).cast;
	return needs.every((need) => (need === LARGE ? isLarge(desks) : !off.includes(need)));
}

function add(tally: Tally, seed: number, { problems, script, trace, counts, steps, crashes }: Outcome): void {
	tally.seeds += 1;
	tally.steps += steps;
	tally.crashes += crashes;
	for (const [name, n] of Object.entries(counts)) tally.counts[name] = (tally.counts[name] ?? 0) + n;
	tally.stories[seed] = hashOf(trace);
	if (problems.length > 0)
		tally.failures.push({ seed, script, problems: problems.slice(0, 10), trace: trace.slice(-60) });
}

/** Ids of records have the real time in them. */
function hashOf(trace: readonly string[]): string {
	const plain = trace.join('\n').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id');
	return createHash('sha256').update(plain).digest('hex');
}
