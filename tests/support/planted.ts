import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Mutant } from '../sim/mutant.ts';
import { plant } from '../sim/plant.ts';

interface Trial {
	/** Those that may be planted. */
	mutants: readonly Mutant[];
	/** Words of the name of the one to plant. */
	words: string;
	/** What runs in the copy, from the repository's folder. */
	script: string;
	args: readonly string[];
}

/**
 * Plants a bug in a copy of the sources and runs a long test there, which has to turn red: it says on its output, in lines
 * of JSON with `problems`, what it found. Prints whether it did and returns the exit code.
 */
export async function runPlanted({ mutants, words, script, args }: Trial): Promise<number> {
	const mutant = mutants.find(({ name }) => name.includes(words));
	if (!mutant) throw new Error(`No bug is called "${words}".`);
	const folder = plant(mutant, ['tests', 'build']);
	try {
		const child = spawn(process.execPath, [script, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
		let out = '';
		child.stdout.on('data', (chunk) => {
			out += String(chunk);
		});
		await new Promise((done) => child.on('close', done));
		process.stdout.write(out);
		const found = out.split('\n').flatMap(problemsIn);
		const said = found.length > 0 ? `found: ${found[0]}` : 'NOT FOUND';
		process.stdout.write(`${JSON.stringify({ planted: mutant.name, said })}\n`);
		return found.length > 0 ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function problemsIn(line: string): string[] {
	if (!line.startsWith('{')) return [];
	return (JSON.parse(line) as { problems?: string[] }).problems ?? [];
}
