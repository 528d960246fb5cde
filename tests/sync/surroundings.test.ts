import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../electron/core/sync');

/** Ways to the clock, to chance, to timers and to the network that a simulation could not put itself in the place of. */
const bare =
	/\b(Math\.random|Date\.now|performance\.now|new Date\(\)|setTimeout|setInterval|AbortSignal\.timeout|randomInt|randomBytes|(?<![.#])fetch\()/;

it('sync reaches for time, chance and the network in one place', () => {
	const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && name !== 'surroundings.ts')
		.flatMap((name) =>
			readFileSync(join(folder, name), 'utf8')
				.split('\n')
				.flatMap((line, index) =>
					bare.test(line.replace(/\/\/.*|^\s*\*.*/, '')) ? [`${name}:${index + 1} ${line.trim()}`] : [],
				),
		);
	expect(found).toEqual([]);
});

it('the place is the one where they are found', () => {
	expect(readFileSync(join(folder, 'surroundings.ts'), 'utf8')).toMatch(bare);
});
