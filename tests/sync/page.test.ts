import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePage } from '../../electron/core/sync/pull.ts';

const fv = '00000000000000000special1';
const row = (seq: number) =>
	JSON.stringify({
		seq,
		t: 'issue',
		id: `i-${seq}`,
		v: { title: 'Späte Zahlung' },
		fv,
		created_at: '2026-11-23T00:00:00Z',
		by: null,
		del: null,
	});
const page = [row(1), row(2), row(3), JSON.stringify({ end: true, cursor: 'c', more: false, n: 3 }), ''].join('\n');

describe('a page of a pull', () => {
	it('is read whole', () => {
		expect(parsePage(page)).toMatchObject({ lines: [{ seq: 1 }, { seq: 2 }, { seq: 3 }], end: { cursor: 'c' } });
	});

	it('is thrown away when it was cut anywhere', () => {
		// The last character is a line feed; without it the page is still whole.
		for (let length = 0; length < page.length - 1; length += 1)
			expect(() => parsePage(page.slice(0, length))).toThrow();
	});

	it('is thrown away when a line is missing from its middle or follows its end', () => {
		const lines = page.split('\n');
		expect(() => parsePage(lines.filter((_, index) => index !== 1).join('\n'))).toThrow();
		expect(() => parsePage(`${page}${row(4)}\n`)).toThrow();
	});

	it('never lets anything but TransportError out', () => {
		fc.assert(
			fc.property(fc.string(), fc.nat(page.length), (noise, at) => {
				try {
					parsePage(page.slice(0, at) + noise + page.slice(at));
				} catch (error) {
					expect((error as Error).constructor.name).toBe('TransportError');
				}
			}),
		);
	});
});
