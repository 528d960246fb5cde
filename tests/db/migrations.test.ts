import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../db/migrations/migrations.ts';

/** A migration that has been on somebody's laptop is never changed: add the next one instead. */
const frozen: Record<string, string> = {
	'0001-first-schema': 'b6178affb2e468fd',
	'0002-figure-indexes': 'bb4380d30a5b414a',
	'0003-sync-whole': '3314b261fc69cedc',
};

describe('migrations', () => {
	it('are frozen', () => {
		const hashes = migrations.map(({ name, sql }) => [
			name,
			createHash('sha256').update(sql).digest('hex').slice(0, 16),
		]);
		expect(Object.fromEntries(hashes)).toEqual(frozen);
	});

	it('are numbered in order', () => {
		migrations.forEach(({ name }, index) => {
			expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z-]+$`));
		});
	});
});
