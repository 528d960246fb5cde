import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { memoryOf, type StartedApp, startApp, startBare } from './app-process.ts';
import { median, printLine, round } from './measures.ts';
import { seededStore } from './stores.ts';

/** Lazy parts and caches have settled by then. */
const SETTLE_MS = 3000;

/** Memory of all processes with the account list open on the typical store, against a bare window. */
export async function benchMemory(runs: number): Promise<void> {
	const store = await seededStore('typical');
	const bareData = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-bare-'));
	const app: number[] = [];
	const bare: number[] = [];
	let processes = 0;
	for (let run = 0; run < runs; run++) {
		bare.push((await settledMemory(() => startBare(bareData))).mb);
		const found = await settledMemory(() => startApp(store));
		app.push(found.mb);
		processes = found.processes;
	}
	fs.rmSync(bareData, { recursive: true, force: true });
	const extraMB = median(app) - median(bare);
	printLine({
		name: 'memory',
		value: round(median(app), 1),
		unit: 'MB',
		floor: round(median(bare), 1),
		ratio: round(median(app) / median(bare)),
		runs,
		met: extraMB <= 120,
		target: 'extraMB <= 120',
		extraMB: round(extraMB, 1),
		processes,
	});
}

async function settledMemory(start: () => Promise<StartedApp>) {
	const started = await start();
	await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
	const memory = memoryOf(started.pid);
	await started.stop();
	return memory;
}
