import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { coverage } from './coverage.ts';
import { playTogether } from './crew.ts';
import { ignoreTheDead } from './dead-process.ts';
import { huntMutants } from './mutations.ts';
import { runSeed } from './run-seed.ts';
import { asTestCase, shrink } from './shrink.ts';
import { closeDatabase } from './sim-server.ts';

/**
 * node tests/sim/run.ts --seeds 2000 [--from 1] [--steps N] [--stop]   plays seeds, prints one line of JSON
 * node tests/sim/run.ts --seed 17 [--trace]                            plays one and tells what happened
 * node tests/sim/run.ts --mutants [--rare] [--only words] [--between 1-20] [--seeds 5000]
 *                                                                      plants bugs and counts how many are found
 */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string' },
		from: { type: 'string', default: '1' },
		seed: { type: 'string' },
		steps: { type: 'string' },
		workers: { type: 'string', default: String(availableParallelism()) },
		trace: { type: 'boolean', default: false },
		stop: { type: 'boolean', default: false },
		mutants: { type: 'boolean', default: false },
		rare: { type: 'boolean', default: false },
		needs: { type: 'string' },
		only: { type: 'string', default: '' },
		between: { type: 'string', default: '1-1000' },
		raw: { type: 'boolean', default: false },
	},
});

/** How long a failing script is made shorter. */
const SHRINK_MS = 60_000;

const order = {
	from: Number(values.seed ?? values.from),
	seeds: values.seed ? 1 : Number(values.seeds ?? (values.mutants ? 5000 : 50)),
	steps: values.steps ? Number(values.steps) : undefined,
	needs: values.needs?.split(','),
	isStopping: values.stop,
};
const workers = Number(values.workers);
ignoreTheDead();
process.once('SIGTERM', () => process.exit(143));
if (values.mutants) process.exitCode = await hunt();
else if (values.trace) await tell();
else await play();

function hunt(): Promise<number> {
	const [first = 1, last = first] = values.between.split('-').map(Number);
	return huntMutants({ isRare: values.rare, only: values.only, between: [first, last], order, workers });
}

async function play(): Promise<void> {
	const started = performance.now();
	const { counts, failures, stories: _stories, ...total } = await playTogether({ order, workers });
	const shown = failures.map(({ seed, problems }) => ({ seed, problems }));
	if (!values.raw) for (const failure of failures.slice(0, 3)) await explain(failure);
	const ms = Math.round(performance.now() - started);
	process.stdout.write(`${JSON.stringify({ ...total, ms, failures: shown, ...coverage(counts) })}\n`);
	process.exitCode = failures.length > 0 ? 1 : 0;
}

async function explain(failure: Parameters<typeof shrink>[0] & { seed: number }): Promise<void> {
	process.stderr.write(`Seed ${failure.seed} fails: ${failure.problems[0]}\nMaking it shorter ...\n`);
	const shrunk = await shrink(failure, SHRINK_MS);
	process.stderr.write(`For tests/sim/regressions.ts:\n${asTestCase(shrunk)}\n`);
	await closeDatabase();
}

async function tell(): Promise<void> {
	const { trace, problems } = await runSeed(order.from, order.steps);
	process.stdout.write(`${trace.join('\n')}\n${problems.map((problem) => `PROBLEM ${problem}`).join('\n')}\n`);
	await closeDatabase();
	process.exitCode = problems.length > 0 ? 1 : 0;
}
