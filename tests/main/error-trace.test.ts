import { describe, expect, it } from 'vitest';
import { traceOf } from '../../electron/main/error-trace.ts';

const WORDS = 'Aurelia wants the audit\n    at the end of May (not June)';

describe('what is written down of an error', () => {
	it('is its kind, its code and its place, and none of its words', () => {
		const error = Object.assign(new TypeError(WORDS), { code: 'ENOENT' });
		expect(traceOf(error)).toMatch(/^TypeError ENOENT\n\s+at .*error-trace\.test\.ts/);
		expect(traceOf(error)).not.toMatch(/Aurelia|May|June/);
	});

	it('holds nothing of what was thrown instead of an error', () => {
		expect(traceOf(WORDS)).toBe('a thrown string');
		expect(traceOf({ WORDS })).toBe('a thrown object');
		expect(traceOf(null)).toBe('a thrown object');
	});

	it('holds nothing of names, codes and messages that were changed afterwards', () => {
		const error = new Error(WORDS);
		error.message = 'other';
		error.name = WORDS;
		const trace = traceOf(Object.assign(error, { code: WORDS }));
		expect(trace).toMatch(/^Error\n/);
		expect(trace).not.toMatch(/Aurelia|May|June/);
	});

	it('has a place also without words', () => {
		expect(traceOf(new RangeError())).toMatch(/^RangeError\n\s+at /);
	});
});
