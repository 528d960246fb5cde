import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	type FieldVersions,
	formatVersion,
	nextVersion,
	parseVersion,
	readVersions,
	timeOfVersion,
	versionOf,
	writeVersions,
} from '../../shared/sync/version.ts';

const device = fc.stringMatching(/^[0-9a-z]{8}$/);
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 2 ** 60));
const reading = fc.record({ ms: fc.nat({ max: 2 ** 48 - 1 }), counter: fc.nat({ max: 2 ** 20 - 1 }), device });
const version = reading.map(formatVersion);
const runs = { numRuns: 5000 };

test('a version is read back as it was written', () => {
	fc.assert(
		fc.property(reading, (parts) => {
			expect(parseVersion(formatVersion(parts))).toEqual(parts);
		}),
		runs,
	);
});

test('the order of texts is the order of time, counter, device, and is total', () => {
	fc.assert(
		fc.property(reading, reading, (a, b) => {
			const byParts = a.ms - b.ms || a.counter - b.counter || (a.device < b.device ? -1 : a.device > b.device ? 1 : 0);
			const [x, y] = [formatVersion(a), formatVersion(b)];
			expect(Math.sign(byParts)).toBe(x < y ? -1 : x > y ? 1 : 0);
		}),
		runs,
	);
});

test('whatever the clock does, the next version is greater and well formed', () => {
	fc.assert(
		fc.property(device, fc.array(anyNumber, { minLength: 1, maxLength: 50 }), (name, clock) => {
			let last: string | undefined;
			for (const now of clock) {
				const next = nextVersion(last, Math.min(now, 2 ** 47), name);
				expect(parseVersion(next)).toBeDefined();
				if (last) expect(next > last).toBe(true);
				last = next;
			}
		}),
		runs,
	);
});

test('a full counter carries into the milliseconds', () => {
	const full = formatVersion({ ms: 1000, counter: 2 ** 20 - 1, device: 'aaaaaaaa' });
	expect(parseVersion(nextVersion(full, 5, 'aaaaaaaa'))).toEqual({ ms: 1001, counter: 0, device: 'aaaaaaaa' });
	let last = formatVersion({ ms: 1000, counter: 0, device: 'aaaaaaaa' });
	for (let event = 0; event < 2 ** 20 + 10; event++) {
		const next = nextVersion(last, 1000, 'aaaaaaaa');
		if (next <= last) throw new Error(`${next} follows ${last}`);
		last = next;
	}
	expect(parseVersion(last)).toEqual({ ms: 1001, counter: 10, device: 'aaaaaaaa' });
});

test('it never goes back, not even at the end of the format', () => {
	const end = formatVersion({ ms: 2 ** 48 - 1, counter: 2 ** 20 - 1, device: 'aaaaaaaa' });
	expect(nextVersion(end, Number.MAX_VALUE, 'aaaaaaaa')).toBe(end);
	expect(nextVersion('ffffffffffff00000aaaaaaaa', 2 ** 60, 'aaaaaaaa') > 'ffffffffffff00000aaaaaaaa').toBe(true);
});

test('nothing throws on anything', () => {
	fc.assert(
		fc.property(fc.string(), anyNumber, anyNumber, (text, ms, counter) => {
			parseVersion(text);
			timeOfVersion(text);
			versionOf(readVersions(text), text);
			nextVersion(text, ms, text);
			expect(formatVersion({ ms, counter, device: 'aaaaaaaa' })).toMatch(/^[0-9a-f]{17}[0-9a-z]{8}$/);
		}),
		runs,
	);
	expect(readVersions('{"half":')).toEqual({});
	expect(readVersions(null)).toEqual({});
});

test('stored versions are read back as they were written; a fresh record stores one bare version', () => {
	const versions = fc.dictionary(fc.stringMatching(/^[a-z_*#]{1,10}$/), version, { noNullPrototype: true });
	fc.assert(
		fc.property(versions, (all) => {
			expect(readVersions(writeVersions(all))).toEqual(all);
		}),
		runs,
	);
	const one = formatVersion({ ms: 1, counter: 2, device: 'aaaaaaaa' });
	expect(writeVersions({ '*': one })).toBe(one);
});

test("a field without a version of its own has the record's, whatever its name", () => {
	const versions: FieldVersions = { '*': 'created', title: 'edited' };
	expect(versionOf(versions, 'title')).toBe('edited');
	expect(versionOf(versions, 'status')).toBe('created');
	expect(versionOf(versions, 'constructor')).toBe('created');
	expect(versionOf({}, 'title')).toBeUndefined();
});
