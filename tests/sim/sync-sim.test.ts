import { describe, expect, it } from 'vitest';
import { playScripts, playTogether } from './crew.ts';
import { regressions } from './regressions.ts';

/** As many as `npm run check` has time for; `npm test` plays two thousand, `npm run sim -- --seeds N` as many as are asked for. */
const SEEDS = 60;

describe('laptops, a network that fails and a server', () => {
	it('go through what once went wrong', { timeout: 120_000 }, async () => {
		const tallies = await playScripts(regressions.map(({ script }) => script));
		const wrong = tallies.flatMap(({ failures }, index) =>
			failures.map(({ problems }) => ({ found: regressions[index]?.found, problems })),
		);
		expect(wrong).toEqual([]);
	});

	it('lose nothing and end equal, whatever happens', { timeout: 240_000 }, async () => {
		const order = { from: 1, seeds: SEEDS, steps: undefined, isStopping: false };
		const { seeds, failures } = await playTogether({ order, workers: 1 });
		expect(failures.map(({ seed, problems }) => ({ seed, problems }))).toEqual([]);
		expect(seeds).toBe(SEEDS);
	});

	it('tell the same story twice for one seed', { timeout: 60_000 }, async () => {
		const order = { from: 7, seeds: 1, steps: undefined, isStopping: false };
		const [first, second] = [
			await playTogether({ order, workers: 1 }),
			await playTogether({ order: { ...order, from: 6, seeds: 2 }, workers: 1 }),
		];
		expect(first.steps).toBeGreaterThan(0);
		expect(second.steps).toBeGreaterThan(first.steps);
	});
});
