import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playScripts, playTogether } from './crew.ts';
import { mutants, rareMutants } from './mutants.ts';
import { regressions } from './regressions.ts';

/** As many as `npm run check` has time for; `npm test` plays two thousand, `npm run sim -- --seeds N` as many as are asked for. */
const SEEDS = 60;

const root = resolve(import.meta.dirname, '../..');

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

	it('tell the same story twice for one seed, whatever was played before', { timeout: 120_000 }, async () => {
		const order = { from: 7, seeds: 3, steps: undefined, isStopping: false };
		const first = await playTogether({ order, workers: 1 });
		const second = await playTogether({ order: { ...order, from: 5, seeds: 5 }, workers: 1 });
		expect(Object.keys(first.stories)).toEqual(['7', '8', '9']);
		expect(second.stories).toMatchObject(first.stories);
	});

	it('can still be given every bug they have to find', () => {
		const moved = [...mutants, ...rareMutants].flatMap(({ name, patches }) =>
			patches
				.filter(({ file, find }) => readFileSync(join(root, file), 'utf8').split(find).length !== 2)
				.map(({ file }) => `${name}: ${file}`),
		);
		expect(moved).toEqual([]);
		expect(mutants.length).toBeGreaterThanOrEqual(40);
	});
});
