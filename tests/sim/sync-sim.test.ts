import { afterAll, describe, expect, it } from 'vitest';
import { regressions } from './regressions.ts';
import { runSeed } from './run-seed.ts';
import { closeDatabase } from './sim-server.ts';

afterAll(closeDatabase);

/** As many seeds as fit, always the same ones first; `node tests/sim/run.ts --seeds N` plays more. */
const BUDGET_MS = 24_000;
const MOST = 120;

async function expectSound(seed: number): Promise<void> {
	const { problems, trace } = await runSeed(seed);
	expect(problems, `seed ${seed}, its last steps:\n${trace.slice(-40).join('\n')}`).toEqual([]);
}

describe('laptops, a network that fails and a server', () => {
	it.each(regressions)('seed $seed: $found', ({ seed }) => expectSound(seed), 60_000);

	it('lose nothing and end equal, whatever happens', { timeout: 120_000 }, async () => {
		const started = performance.now();
		let seeds = 0;
		while (seeds < MOST && (seeds < 10 || performance.now() - started < BUDGET_MS)) {
			seeds += 1;
			await expectSound(1000 + seeds);
		}
		expect(seeds).toBeGreaterThanOrEqual(10);
	});

	it('tell the same story twice for one seed', { timeout: 60_000 }, async () => {
		const plain = (lines: string[]) => lines.map((line) => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id'));
		const [first, second] = [await runSeed(7), await runSeed(7)];
		expect(plain(second.trace)).toEqual(plain(first.trace));
	});
});
