import { parseArgs } from 'node:util';
import { runWithApp } from '../../build/with-app.mjs';
import type { Options, Result } from './result.ts';

/**
 * npm run safety -- NAME [--long | --quick] [--seed N] [--plant]
 *
 * One line of JSON: what was tried and what was lost. With --plant the mistake that the run is there to find is made on
 * purpose, and it must end red.
 */
const runs: Record<string, () => Promise<{ run(options: Options): Promise<Result> }>> = {
	kills: () => import('./kills.ts'),
	powercuts: () => import('./powercuts.ts'),
	bits: () => import('./bits.ts'),
	faults: () => import('./faults.ts'),
	openings: () => import('./openings.ts'),
	sentinels: () => import('./sentinels.ts'),
	fuzz: () => import('./fuzz.ts'),
	memory: () => import('./memory.ts'),
	unlock: () => import('./unlock.ts'),
	switches: () => import('./switches.ts'),
};
/** These drive the real app. */
const withApp = ['sentinels', 'memory', 'unlock'];

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		long: { type: 'boolean', default: false },
		quick: { type: 'boolean', default: false },
		plant: { type: 'boolean', default: false },
		seed: { type: 'string', default: '1' },
	},
});
const [name = ''] = positionals;
const load = Object.hasOwn(runs, name) ? runs[name] : undefined;
if (!load) {
	console.error(`There is no safety run "${name}"; there are ${Object.keys(runs).join(', ')}.`);
	process.exit(2);
}
if (withApp.includes(name) && !process.env['FIELDBOOK_ELECTRON']) {
	const { code } = await runWithApp(['tests/safety/run.ts', ...process.argv.slice(2)]);
	process.exit(code);
}
const started = performance.now();
const { run } = await load();
const { long, quick, plant } = values;
const result = await run({ long, quick, plant, seed: Number(values.seed) });
console.log(
	JSON.stringify({ ...result, seed: Number(values.seed), seconds: Math.round((performance.now() - started) / 1000) }),
);
if (!result.ok) console.error(`Again with: npm run safety -- ${process.argv.slice(2).join(' ')}`);
process.exit(result.ok ? 0 : 1);
