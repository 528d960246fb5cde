import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const rootDir = path.resolve(import.meta.dirname, '../..');
const [head, ...lines] = fs
	.readFileSync(path.join(rootDir, 'docs', 'asvs.csv'), 'utf8')
	.trimEnd()
	.split('\n')
	.map(readCells);
const items = lines.map(([item = '', level = '', state = '', how = '', where = '']) => ({
	item,
	level,
	state,
	how,
	where: where.split(' ').filter(Boolean),
}));

function readCells(line: string): string[] {
	return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
		.map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell))
		.slice(0, 5);
}

describe('docs/asvs.csv', () => {
	it('has every item of levels 1 and 2 once', () => {
		expect(head).toEqual(['item', 'level', 'state', 'how', 'where']);
		expect(new Set(items.map(({ item }) => item)).size).toBe(items.length);
		const count = (level: string) => items.filter((each) => each.level === level).length;
		expect([count('1'), count('2')]).toEqual([70, 183]);
	});

	it('leaves none blank: how, and by which test or which source', () => {
		for (const { item, state, how, where } of items) {
			expect([item, state]).toEqual([item, expect.stringMatching(/^(tested|reviewed|accepted|not applicable)$/)]);
			expect([item, how.length > 3]).toEqual([item, true]);
			if (state === 'tested') expect([item, where.some((file) => file.startsWith('tests/'))]).toEqual([item, true]);
			if (state === 'reviewed') expect([item, where.length > 0]).toEqual([item, true]);
			// What is lived with needs its reason.
			if (state === 'accepted') expect([item, how.length > 10]).toEqual([item, true]);
		}
	});

	it('names what is there', () => {
		const named = [...new Set(items.flatMap(({ where }) => where))];
		expect(named.filter((file) => !fs.existsSync(path.join(rootDir, file)))).toEqual([]);
	});
});
