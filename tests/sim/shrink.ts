import type { Outcome } from './run-seed.ts';
import { runScript } from './run-seed.ts';
import type { Script, Step } from './script.ts';
import { PLAYED } from './script.ts';

/** A script that fails, and as what. */
export interface Failure {
	script: Script;
	problems: string[];
}

/**
 * Leaves out steps for as long as what is left still fails in the same way; ends after `budgetMs`. What a person has to
 * read to understand a failure is then a dozen steps instead of a hundred.
 */
export async function shrink(failure: Failure, budgetMs: number): Promise<Failure> {
	const until = performance.now() + budgetMs;
	let best: Failure = failure;
	const tryOut = async (script: Script): Promise<boolean> => {
		const outcome = await runScript(script);
		if (!isSameFailure(failure, outcome)) return false;
		best = { script: outcome.script, problems: outcome.problems };
		return true;
	};
	for (let size = Math.ceil(best.script.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
		for (let at = 0; at < best.script.steps.length; ) {
			if (performance.now() > until) return best;
			const steps = best.script.steps.filter((_step, index) => index < at || index >= at + size);
			if (!(await tryOut({ ...best.script, steps }))) at += size;
		}
	}
	const isCalm = (step: Step) => ({ ...step, ms: Math.min(step.ms, 1000) });
	await tryOut({ ...best.script, steps: best.script.steps.map(isCalm) });
	return best;
}

function isSameFailure(failure: Failure, outcome: Outcome): boolean {
	const kinds = new Set(failure.problems.map(kindOf));
	return outcome.problems.some((problem) => kinds.has(kindOf(problem)));
}

/** A problem without the names that differ from one simulation to the next. */
export function kindOf(problem: string): string {
	return problem
		.replaceAll(/"[^"]*"/g, 'x')
		.replaceAll(/\b[\w-]*\d[\w-]*\b/g, '0')
		.slice(0, 60);
}

/** The failing script as an entry for regressions.ts. */
export function asTestCase({ script, problems }: Failure): string {
	const off = script.off.filter((name) => PLAYED.includes(name));
	const lines = script.steps.map((step) => `\t\t\t${inCode({ ...step })},`);
	return [
		'\t{',
		`\t\tfound: ${inCode(problems[0] ?? '')},`,
		'\t\tscript: {',
		`\t\t\tseed: ${script.seed},`,
		`\t\t\tdesks: ${script.desks},`,
		`\t\t\toff: ${inCode(off)},`,
		'\t\t\tsteps: [',
		...lines.map((line) => `\t${line}`),
		'\t\t\t],',
		'\t\t},',
		'\t},',
	].join('\n');
}

function inCode(value: unknown): string {
	if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").slice(0, 160)}'`;
	if (Array.isArray(value)) return `[${value.map(inCode).join(', ')}]`;
	if (typeof value !== 'object' || value === null) return String(value);
	const fields = Object.entries(value).map(([name, field]) => `${name}: ${inCode(field)}`);
	return `{ ${fields.join(', ')} }`;
}
