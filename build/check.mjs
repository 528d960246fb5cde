// `npm run check`: what can be said about the sources without starting the app. Each part counts as one test in
// `npm test`; the unit tests count one by one.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rootDir } from './paths.mjs';
import { runNode } from './processes.mjs';
import { countOf, emptyCount, printStage, readVitestReport } from './test-counts.mjs';

const minute = 60_000;
const bin = (/** @type {string} */ script) => path.join(rootDir, 'node_modules', script);

/** @type {{ name: string, args: string[] }[]} */
const staticChecks = [
	{ name: 'types', args: [bin('typescript/bin/tsc'), '-b'] },
	{ name: 'lint', args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--max-diagnostics=50'] },
	{ name: 'boundaries', args: ['build/boundaries.mjs'] },
	{ name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-config-hints'] },
];

/**
 * @returns {Promise<import('./test-counts.mjs').Stage[]>}
 */
export async function runChecks() {
	const stages = [];
	for (const check of staticChecks) {
		const started = Date.now();
		const { code, output, timedOut } = await runNode(check.args, { output: 'capture', timeoutMs: 5 * minute });
		const detail = code === 0 ? '' : `${output.trim()}${timedOut ? '\nnot finished in time' : ''}`;
		stages.push(printStage({ name: check.name, counts: countOf(code === 0), ms: Date.now() - started, detail }));
	}
	stages.push(await runVitest('unit and integration', ['node', 'dom']));
	return stages;
}

/**
 * Projects of vitest.config.ts: tests that need neither the built app nor a display.
 * @param {string} name
 * @param {string[]} projects
 * @returns {Promise<import('./test-counts.mjs').Stage>}
 */
export async function runVitest(name, projects) {
	const started = Date.now();
	const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-unit-')), 'report.json');
	const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
	const chosen = projects.map((project) => `--project=${project}`);
	const args = [bin('vitest/vitest.mjs'), 'run', ...chosen, ...reporters];
	const { code } = await runNode(args, { timeoutMs: 15 * minute });
	const counts = readVitestReport(report, code);
	fs.rmSync(path.dirname(report), { recursive: true, force: true });
	return printStage({
		name,
		counts: counts ?? emptyCount(),
		ms: Date.now() - started,
		detail: '',
	});
}

if (process.argv[1] === import.meta.filename) {
	const stages = await runChecks();
	process.exitCode = stages.some((stage) => stage.counts.failed > 0) ? 1 : 0;
}
