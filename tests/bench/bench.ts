// `npm run bench -- NAME [--runs N]`: one JSON line for each benchmark; without a name all of them.
import { parseArgs } from 'node:util';
import { benchEdit } from './edit.ts';
import { benchImport } from './import.ts';
import { benchMemory } from './memory.ts';
import { benchMyDay } from './my-day.ts';
import { benchStart } from './start.ts';
import { benchSync } from './sync.ts';

const benchmarks: Record<string, { run: (runs: number) => Promise<void>; runs: number }> = {
	start: { run: benchStart, runs: 9 },
	memory: { run: benchMemory, runs: 5 },
	edit: { run: benchEdit, runs: 400 },
	import: { run: benchImport, runs: 3 },
	'my-day': { run: benchMyDay, runs: 40 },
	'sync-w1': { run: (runs) => benchSync('sync-w1', runs), runs: 3 },
	'sync-w2': { run: (runs) => benchSync('sync-w2', runs), runs: 3 },
	'sync-w3': { run: (runs) => benchSync('sync-w3', runs), runs: 3 },
	'sync-w4': { run: (runs) => benchSync('sync-w4', runs), runs: 3 },
};

const { values, positionals } = parseArgs({ options: { runs: { type: 'string' } }, allowPositionals: true });
const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
for (const name of names) {
	const found = benchmarks[name];
	if (!found) {
		console.error(`There is no benchmark "${name}"; there are ${Object.keys(benchmarks).join(', ')}.`);
		process.exit(2);
	}
	await found.run(Number(values.runs) > 0 ? Number(values.runs) : found.runs);
}
