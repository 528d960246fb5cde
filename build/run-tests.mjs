// `npm test`: everything, from the types to the packaged app. The last line is the sum.
// With `--only NAME` one stage: check, stores, sim, kill, net, safety, e2e, packaged, tour.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from './build-app.mjs';
import { runChecks, runVitest } from './check.mjs';
import { packForTests } from './pack.mjs';
import { readFuses, unexpectedFuses } from './packed-fuses.mjs';
import { rootDir } from './paths.mjs';
import { runNode } from './processes.mjs';
import { prepareRuntime } from './runtime.mjs';
import { closingLine, countOf, printStage, readPlaywrightReport, sumCounts } from './test-counts.mjs';
import { withDisplay } from './virtual-display.mjs';

/** @typedef {import('./test-counts.mjs').Stage} Stage */

const minute = 60_000;
const e2eDir = path.join(rootDir, 'tests', 'e2e');
const tour = path.join(rootDir, 'tests', 'tour', 'tour.ts');

/** Where packing can make a difference: starting, locking, signing in, files, stores, the walls. What a screen does it does alike. */
const PACKAGED = [
	'start',
	'start-states',
	'lock',
	'session',
	'files',
	'backups',
	'safety',
	'no-network',
	'survive',
	'disk-full',
].map((name) => `tests/e2e/${name}.spec.ts`);

const { values } = parseArgs({ options: { only: { type: 'string' } } });

/** @type {Record<string, () => Promise<Stage[]>>} */
const stages = {
	check: runChecks,
	stores: testStores,
	sim: () => runScript('simulation', ['tests/sim/run.ts', '--seeds', '2000']),
	kill: () => runScript('processes killed 100 times', ['tests/kill/run.ts', '--kills', '100']),
	net: () => runScript('bad networks', ['tests/net/run.ts']),
	safety: testSafety,
	e2e: testBuiltApp,
	packaged: testPackagedApp,
	tour: runTour,
};
const chosen = values.only ? [values.only] : Object.keys(stages);

/** @type {Stage[]} */
const done = [];
for (const name of chosen) done.push(...(await runStage(name)));
const counts = sumCounts(done.map((stage) => stage.counts));
for (const stage of done) if (stage.counts.failed > 0) console.log(`Failed: ${stage.name} (${stage.counts.failed})`);
console.log(closingLine(counts));
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

/**
 * A stage that cannot even run is one failed test, and the others still get their turn.
 * @param {string} name
 * @returns {Promise<Stage[]>}
 */
async function runStage(name) {
	const stage = stages[name];
	if (!stage) throw new Error(`There is no stage "${name}"; there are ${Object.keys(stages).join(', ')}.`);
	const started = Date.now();
	try {
		return await stage();
	} catch (error) {
		const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
		return [printStage({ name, counts: countOf(false), ms: Date.now() - started, detail })];
	}
}

/** Server, sync and files on the embedded store and on PostgreSQL; then servers as processes, and stores that were damaged. */
async function testStores() {
	return [
		await runVitest('server, sync, files, backups and sign-in', ['embedded']),
		await runVitest('server and sync on PostgreSQL', ['postgres']),
		await runVitest('server processes, backups and damage', ['processes']),
	];
}

/** What a laptop that is lost, killed, filled up or damaged must not lose or give away; some of it on the built app. */
async function testSafety() {
	const { env } = await prepareRuntime();
	await buildApp();
	/** @param {string[]} names */
	const inTurn = async (...names) => {
		/** @type {Stage[]} */
		const stages = [];
		for (const name of names) {
			const [test = '', ...form] = name.split(' ');
			stages.push(...(await runScript(`safety: ${test}`, ['tests/safety/run.ts', test, ...form], env)));
		}
		return stages;
	};
	return withDisplay(async () => {
		// Each uses one processor for the most part.
		const beside = await Promise.all([
			inTurn('kills'),
			inTurn('powercuts', 'bits', 'faults --quick', 'openings --quick', 'fuzz'),
		]);
		return [...beside.flat(), ...(await inTurn('sentinels', 'memory'))];
	});
}

async function testBuiltApp() {
	if (!hasTests(e2eDir)) return [];
	const runtime = await prepareRuntime();
	await buildApp();
	return [await runPlaywright('end to end, built app', runtime.env)];
}

async function testPackagedApp() {
	if (!hasTests(e2eDir)) return [];
	const started = Date.now();
	const packed = await packForTests();
	const wrong = unexpectedFuses(await readFuses(packed.executable), { driven: true });
	const fuses = printStage({
		name: 'fuses of the packaged app',
		counts: countOf(wrong.length === 0),
		ms: Date.now() - started,
		detail: wrong.join('\n'),
	});
	const env = { FIELDBOOK_PACKAGED: packed.executable };
	return [fuses, await runPlaywright('end to end, packaged app', env, PACKAGED)];
}

/**
 * @param {string} name
 * @param {Record<string, string>} env
 * @param {string[]} [files]
 */
async function runPlaywright(name, env, files = []) {
	const started = Date.now();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-e2e-'));
	const report = path.join(folder, 'report.json');
	const cli = path.join(rootDir, 'node_modules', '@playwright', 'test', 'cli.js');
	const { code } = await withDisplay(() =>
		runNode([cli, 'test', '--reporter=list,json', ...files], {
			env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
			timeoutMs: 30 * minute,
		}),
	);
	const counts = readPlaywrightReport(report, code);
	fs.rmSync(folder, { recursive: true, force: true });
	return printStage({ name, counts, ms: Date.now() - started, detail: '' });
}

/**
 * A long test with its own runner, which prints what it found and how to play it again.
 * @param {string} name
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function runScript(name, args, env = {}) {
	const started = Date.now();
	const { code } = await runNode(args, { env, timeoutMs: 15 * minute });
	return [printStage({ name, counts: countOf(code === 0), ms: Date.now() - started, detail: '' })];
}

async function runTour() {
	if (!fs.existsSync(tour)) return [];
	const started = Date.now();
	const { code } = await runNode(['build/with-app.mjs', 'tests/tour/tour.ts'], { timeoutMs: 20 * minute });
	return [printStage({ name: 'guided tour', counts: countOf(code === 0), ms: Date.now() - started, detail: '' })];
}

/** @param {string} folder */
function hasTests(folder) {
	if (!fs.existsSync(folder)) return false;
	return fs.readdirSync(folder, { recursive: true }).some((name) => /\.(spec|test)\.ts$/.test(String(name)));
}
