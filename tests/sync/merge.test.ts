import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MergePolicy } from '../../shared/entities/define.ts';
import { isApplied, isSameValue, mergeField, newestVersion, type Outcome } from '../../shared/sync/merge.ts';
import { formatVersion } from '../../shared/sync/version.ts';

const at = (ms: number, device = 'aaaaaaaa') => formatVersion({ ms, counter: 0, device });
const [v1, v2, v3] = [at(1), at(2), at(3)];

interface Case {
	name: string;
	policy: MergePolicy;
	base: string | null;
	version: string;
	value: unknown;
	outcome: Outcome;
}

describe('one field, standing "stands" since v2', () => {
	const cases: Case[] = [
		{ name: 'saw it', policy: 'ask', base: v2, version: v3, value: 'new', outcome: 'apply' },
		{ name: 'saw it, by a slow clock', policy: 'ask', base: v2, version: v1, value: 'new', outcome: 'apply' },
		{ name: 'saw it, low stakes, slow clock', policy: 'latest', base: v2, version: v1, value: 'new', outcome: 'apply' },
		{ name: 'saw an older one, same value', policy: 'ask', base: v1, version: v3, value: 'stands', outcome: 'same' },
		{ name: 'saw an older one', policy: 'ask', base: v1, version: v3, value: 'new', outcome: 'conflict' },
		{ name: 'saw none', policy: 'ask', base: null, version: v3, value: 'new', outcome: 'conflict' },
		{ name: 'low stakes, later', policy: 'latest', base: v1, version: v3, value: 'new', outcome: 'later' },
		{ name: 'low stakes, earlier', policy: 'latest', base: null, version: v1, value: 'new', outcome: 'earlier' },
	];
	test.each(cases)('$name: $outcome', ({ policy, base, version, value, outcome }) => {
		expect(mergeField({ field: 'f', value, base, version, policy }, 'stands', { '*': v1, f: v2 })).toBe(outcome);
	});

	test('a field nobody has touched takes anything', () => {
		expect(mergeField({ field: 'f', value: 1, base: v3, version: v1, policy: 'ask' }, undefined, {})).toBe('apply');
	});
});

test('low stakes: any order of arrival of concurrent edits ends with the same value', () => {
	const edits = fc.uniqueArray(
		fc.record({ ms: fc.nat(5), device: fc.constantFrom('aaaaaaaa', 'bbbbbbbb', 'cccccccc'), value: fc.nat(3) }),
		{ selector: ({ ms, device }) => `${ms}${device}`, minLength: 1, maxLength: 6 },
	);
	const settle = (list: Array<{ ms: number; device: string; value: number }>) => {
		let [standing, current] = [0, at(0, '00000000')];
		for (const { ms, device, value } of list) {
			const version = at(ms + 1, device);
			const outcome = mergeField({ field: 'f', value, base: null, version, policy: 'latest' }, standing, {
				f: current,
			});
			// "same" keeps the higher version, as if it had been written.
			if (isApplied(outcome)) standing = value;
			if (isApplied(outcome) || (outcome === 'same' && version > current)) current = version;
		}
		return standing;
	};
	fc.assert(
		fc.property(edits, fc.func(fc.nat()), (list, key) => {
			const shuffled = [...list].sort((a, b) => key(a) - key(b));
			expect(settle(shuffled)).toBe(settle(list));
		}),
		{ numRuns: 5000 },
	);
});

test('equality of values: deep, in any key order, and null is nothing', () => {
	expect(isSameValue({ a: [1, { b: 2 }], c: null }, { c: undefined, a: [1, { b: 2 }] })).toBe(true);
	expect(isSameValue(null, undefined)).toBe(true);
	expect(isSameValue([], {})).toBe(false);
	expect(isSameValue({ b: null }, { a: [] })).toBe(false);
	expect(isSameValue('1', 1)).toBe(false);
	fc.assert(
		fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
			expect(isSameValue(a, structuredClone(a))).toBe(true);
			expect(isSameValue(a, b)).toBe(isSameValue(b, a));
		}),
		{ numRuns: 5000 },
	);
});

test('the newest version of a record', () => {
	expect(newestVersion({ '*': v1, a: v3, b: v2 })).toBe(v3);
	expect(newestVersion({})).toBeUndefined();
});
