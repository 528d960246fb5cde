import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';
import { closeDatabase } from './sim-server.ts';

/**
 * node tests/sim/run.ts --seeds 200 [--from 1] [--steps 110] [--stop]    plays seeds, prints one line of JSON
 * node tests/sim/run.ts --seed 17 --trace                                plays one and tells what happened
 */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '50' },
		from: { type: 'string', default: '1' },
		seed: { type: 'string' },
		steps: { type: 'string', default: '110' },
		trace: { type: 'boolean', default: false },
		stop: { type: 'boolean', default: false },
	},
});

const first = Number(values.seed ?? values.from);
const count = values.seed ? 1 : Number(values.seeds);
const started = performance.now();
const total = { seeds: 0, steps: 0, crashes: 0, ms: 0 };
const faults: Record<string, number> = {};
const failures: { seed: number; problems: string[] }[] = [];

for (let seed = first; seed < first + count; seed += 1) {
	const result = await runSeed(seed, Number(values.steps));
	total.seeds += 1;
	total.steps += result.steps;
	total.crashes += result.crashes;
	for (const [name, n] of Object.entries(result.counts)) faults[name] = (faults[name] ?? 0) + n;
	if (result.problems.length > 0) failures.push({ seed, problems: result.problems.slice(0, 10) });
	if (values.trace) process.stderr.write(`${result.trace.join('\n')}\n`);
	if (values.stop && failures.length > 0) break;
}
await closeDatabase();
total.ms = Math.round(performance.now() - started);
process.stdout.write(`${JSON.stringify({ ...total, failures, faults })}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
