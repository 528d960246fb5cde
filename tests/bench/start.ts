import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type StartedApp, startApp, startBare } from './app-process.ts';
import { median, printLine, round } from './measures.ts';
import { type StoreSize, seededStore } from './stores.ts';

const sizes: StoreSize[] = ['small', 'typical', 'large'];

/** Process start to the account list painted with data, against a bare window; the kinds take turns. */
export async function benchStart(runs: number): Promise<void> {
	const folders = new Map<StoreSize, string>();
	for (const size of sizes) folders.set(size, await seededStore(size));
	const bareData = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-bare-'));
	const kept: Record<string, StartedApp[]> = { bare: [], small: [], typical: [], large: [] };
	const note = async (name: string, start: () => Promise<StartedApp>, counted: boolean) => {
		const app = await start();
		await app.stop();
		if (counted) kept[name]?.push(app);
	};
	// The first round warms the disk cache and is not counted.
	for (let run = -1; run < runs; run++) {
		await note('bare', () => startBare(bareData), run >= 0);
		for (const size of sizes) await note(size, () => startApp(folders.get(size) as string), run >= 0);
	}
	fs.rmSync(bareData, { recursive: true, force: true });
	report(runs, kept);
}

function report(runs: number, kept: Record<string, StartedApp[]>): void {
	const timeOf = (name: string) => median((kept[name] ?? []).map((app) => app.ms));
	const bare = timeOf('bare');
	const largeToSmall = timeOf('large') / timeOf('small');
	const worst = Math.max(...sizes.map(timeOf)) / bare;
	const marksOf = (name: string, step: string) => (kept[name] ?? []).map((app) => app.marks[step] ?? Number.NaN);
	const steps = Object.keys(kept['typical']?.[0]?.marks ?? {});
	printLine({
		name: 'start',
		value: round(timeOf('typical'), 0),
		unit: 'ms',
		floor: round(bare, 0),
		ratio: round(timeOf('typical') / bare),
		runs,
		met: worst <= 1.6 && largeToSmall <= 1.15,
		target: 'every size <= 1.6 x bare, large <= 1.15 x small',
		ms: Object.fromEntries(Object.keys(kept).map((name) => [name, round(timeOf(name), 0)])),
		ratios: Object.fromEntries(sizes.map((size) => [size, round(timeOf(size) / bare)])),
		largeToSmall: round(largeToSmall),
		steps: Object.fromEntries(steps.map((step) => [step, round(median(marksOf('typical', step)), 0)])),
	});
}
