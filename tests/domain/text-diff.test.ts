import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords, diffLists, diffWords } from '../../shared/domain/text-diff.ts';

const side = (before: string, after: string, without: 'added' | 'removed') =>
	diffWords(before, after)
		.filter((part) => part.kind !== without)
		.map((part) => part.text)
		.join('');

describe('the difference of two texts', () => {
	it('marks the words that came and went', () => {
		expect(diffWords('Cost centre not carried over from the file.', 'Cost centre blank in the file.')).toEqual([
			{ text: 'Cost centre ', kind: 'same' },
			{ text: 'not carried over from', kind: 'removed' },
			{ text: 'blank in', kind: 'added' },
			{ text: ' the file.', kind: 'same' },
		]);
	});

	it('holds both texts whole, whatever they are', () => {
		const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'word', '.', 'é', '大阪'), { maxLength: 40 });
		fc.assert(
			fc.property(text, text, (one, other) => {
				expect(side(one.join(''), other.join(''), 'added')).toBe(one.join(''));
				expect(side(one.join(''), other.join(''), 'removed')).toBe(other.join(''));
			}),
			{ numRuns: 3000 },
		);
	});

	it('is the shortest there is', () => {
		const list = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });
		fc.assert(
			fc.property(list, list, (one, other) => {
				const runs = diffLists(one, other);
				const same = runs.filter((run) => run.same).reduce((sum, run) => sum + run.to - run.from, 0);
				expect(same).toBe(longestCommon(one, other));
				for (const run of runs.filter((item) => item.same))
					expect(one.slice(run.from, run.to)).toEqual(other.slice(run.afterFrom, run.afterTo));
			}),
			{ numRuns: 3000 },
		);
	});

	it('answers two long, wholly different texts in time, with nothing left out', () => {
		const one = Array.from({ length: 9000 }, (_, at) => `alt${at}${at % 9 ? ' ' : '\n'}`).join('');
		const other = Array.from({ length: 9000 }, (_, at) => `neu${at}${at % 9 ? ' ' : '\n'}`).join('');
		const started = performance.now();
		expect(side(one, other, 'added')).toBe(one);
		expect(side(one, other, 'removed')).toBe(other);
		expect(performance.now() - started).toBeLessThan(3000);
	});
});

describe('counting words', () => {
	it('counts as a person does', () => {
		expect(countWords('')).toBe(0);
		expect(countWords('The client’s file, rows 212-225: blank.')).toBe(6);
	});
});

function longestCommon(one: readonly string[], other: readonly string[]): number {
	const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
	for (let i = one.length - 1; i >= 0; i -= 1)
		for (let j = other.length - 1; j >= 0; j -= 1)
			(lengths[i] as number[])[j] =
				one[i] === other[j]
					? ((lengths[i + 1] as number[])[j + 1] as number) + 1
					: Math.max((lengths[i + 1] as number[])[j] as number, (lengths[i] as number[])[j + 1] as number);
	return (lengths[0] as number[])[0] as number;
}
