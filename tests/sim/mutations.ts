import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutants } from './mutants.ts';

/**
 * node tests/sim/mutations.ts [--seeds 120] [--from 1] [--only words]
 * Plants one bug after the other in a copy of the sources and lets the simulation look for it. One line of JSON each,
 * then "found/planted". What it does not find shows what the simulation is blind to.
 */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '120' },
		from: { type: 'string', default: '1' },
		only: { type: 'string', default: '' },
	},
});

const root = resolve(import.meta.dirname, '../..');
const parts = ['package.json', 'shared', 'db', 'electron/core', 'server', 'tests/sim'];

interface Finding {
	mutant: string;
	isFound: boolean;
	/** Seeds played until it was found, or all of them. */
	seeds: number;
	problem: string;
}

function plant(mutant: Mutant): string {
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-mutant-'));
	for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	for (const { file, find, put } of mutant.patches) {
		const text = readFileSync(join(folder, file), 'utf8');
		if (text.split(find).length !== 2) throw new Error(`${mutant.name}: ${file} no longer has the place to patch.`);
		writeFileSync(
			join(folder, file),
			text.replace(find, () => put),
		);
	}
	return folder;
}

async function hunt(mutant: Mutant): Promise<Finding> {
	const folder = plant(mutant);
	const args = ['tests/sim/run.ts', '--seeds', values.seeds, '--from', values.from, '--stop'];
	const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
	let out = '';
	let err = '';
	child.stdout.on('data', (chunk) => (out += String(chunk)));
	child.stderr.on('data', (chunk) => (err += String(chunk)));
	await new Promise((done) => child.on('close', done));
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
		problem: problem.slice(0, 200),
	};
}

const chosen = mutants.filter(({ name }) => name.includes(values.only));
let found = 0;
for (const mutant of chosen) {
	const finding = await hunt(mutant);
	if (finding.isFound) found += 1;
	process.stdout.write(`${JSON.stringify(finding)}\n`);
}
process.stdout.write(`${found}/${chosen.length}\n`);
process.exitCode = found === chosen.length ? 0 : 1;
