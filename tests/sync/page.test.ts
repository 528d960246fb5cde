import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Page, PageReader, parseLine, parsePage } from '../../electron/core/sync/fetching/pull.ts';
import { pullLine } from '../../shared/sync/protocol.ts';

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

/** With every line read. */
const readAll = ({ lines, ...rest }: Page) => ({ ...rest, lines: [...lines] });

describe('a page of a pull', () => {
	it('is read whole', () => {
		expect(readAll(parsePage(page))).toMatchObject({
			lines: [{ seq: 1 }, { seq: 2 }, { seq: 3 }],
			end: { cursor: 'c' },
		});
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
					readAll(parsePage(page.slice(0, at) + noise + page.slice(at)));
				} catch (error) {
					expect((error as Error).constructor.name).toBe('TransportError');
				}
			}),
		);
	});
});

/** Lines that are nearly right: of every form, with parts left out, added, or of another kind. */
const nearlyLines = fc
	.tuple(
		fc.constantFrom(
			{ seq: 1, t: 'issue', id: 'i-1', v: { title: 'x' }, fv, created_at: '2026', by: null, del: null },
			{ seq: 1, t: 'note', id: 'n-1', y: 'AQID', field: 'body', by: 'u-1', hlc: '00000000000000000special1' },
			{ scope: 'leave', account: 'a-1', seq: 1 },
			{ seq: 1, t: 'issue', id: 'i-1', gone: true },
			{ mark: 'c', n: 0 },
			{ end: true, cursor: 'c', more: false, n: 0 },
		),
		fc.dictionary(
			fc.constantFrom(
				'seq',
				't',
				'id',
				'v',
				'fv',
				'created_at',
				'by',
				'del',
				'y',
				'gone',
				'scope',
				'end',
				'mark',
				'n',
				'x',
			),
			fc.oneof(
				fc.constantFrom(1, 1.5, -0, 2 ** 53, '', 'x', 'x'.repeat(64), 'x'.repeat(65), null, true, [], {}, [1], {
					a: [{ b: 1 }],
				}),
				fc.jsonValue(),
				fc.dictionary(fc.string(), fc.jsonValue()),
			),
			{ maxKeys: 3 },
		),
		fc.subarray(['seq', 't', 'id', 'v', 'fv', 'by', 'del'], { maxLength: 1 }),
	)
	.map(([line, other, left]) => {
		const all: Record<string, unknown> = { ...line, ...other };
		for (const key of left) delete all[key];
		return JSON.stringify(all).replaceAll('"huge"', '1e999');
	});

describe('a line of a page', () => {
	it('is taken and refused exactly as its schema says', () => {
		fc.assert(
			fc.property(nearlyLines, (text) => {
				const expected = pullLine.safeParse(JSON.parse(text));
				const read = () => parseLine(text);
				if (expected.success) expect(read()).toEqual(expected.data);
				else expect(read).toThrow();
			}),
			{ numRuns: 5000 },
		);
	});

	it.each(['1e999', '{"a":1e999}', '{"__proto__":1}'])('asks the schema about %s in a value', (value) => {
		const text = row(1).replace('"Späte Zahlung"', value);
		const expected = pullLine.safeParse(JSON.parse(text));
		if (expected.success) expect(parseLine(text)).toEqual(expected.data);
		else expect(() => parseLine(text)).toThrow();
	});
});

describe('a page with marks', () => {
	const marked = [
		row(1),
		JSON.stringify({ mark: 'after 1', n: 1 }),
		row(2),
		row(3),
		JSON.stringify({ mark: 'after 3', n: 3 }),
		row(4),
		JSON.stringify({ end: true, cursor: 'all', more: false, n: 4 }),
		'',
	].join('\n');

	it('is the same however it is cut into pieces on the way', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(marked.length)), (cuts) => {
				const reader = new PageReader();
				let from = 0;
				for (const to of [...cuts.sort((a, b) => a - b), marked.length]) {
					reader.add(marked.slice(from, to));
					from = to;
				}
				expect(readAll(reader.finish())).toEqual(readAll(parsePage(marked)));
			}),
		);
	});

	it('keeps up to the last mark when it is cut, and nothing behind it', () => {
		for (let length = 0; length < marked.length - 1; length += 1) {
			const reader = new PageReader();
			const read = () => {
				reader.add(marked.slice(0, length));
				reader.finish();
			};
			expect(read).toThrow();
			const saved = reader.salvage();
			const lines = marked.slice(0, length).split('\n');
			const last = lines.findLast((line) => line.startsWith('{"mark"') && line.endsWith('}'));
			if (!last) expect(saved).toBeUndefined();
			else expect([saved?.end.cursor, saved?.lines.length]).toEqual(Object.values(JSON.parse(last)));
		}
	});

	it('is thrown away when a line is missing before a mark', () => {
		const reader = new PageReader();
		expect(() => reader.add(marked.replace(`${row(2)}\n`, ''))).toThrow();
		expect(reader.salvage()?.end.cursor).toBe('after 1');
	});
});

describe('what a page takes away', () => {
	it('is known without reading the rest of it', () => {
		const lines = [
			row(1),
			row(2).replace('"del":null', '"del":"2026-11-24T00:00:00Z"'),
			JSON.stringify({ seq: 3, t: 'note', id: 'n', y: 'AQID', field: 'body', by: null, hlc: fv }),
			JSON.stringify({ scope: 'enter', account: 'a-1', seq: 4 }),
			JSON.stringify({ scope: 'leave', account: 'a-2', seq: 5 }),
			JSON.stringify({ seq: 6, t: 'issue', id: 'i', gone: true }),
			// The order of keys is the server's to choose.
			JSON.stringify({ del: '2026-11-24T00:00:00Z', ...JSON.parse(row(7)), by: null }),
			JSON.stringify({ del: null, ...JSON.parse(row(8)) }),
			row(9).replace('Späte Zahlung', '\\"del\\":null}'),
		];
		const { taking } = parsePage([...lines, JSON.stringify({ end: true, cursor: 'c', more: false, n: 9 })].join('\n'));
		expect(taking).toEqual(
			lines
				.slice(1, 6)
				.filter((_, n) => n !== 1 && n !== 2)
				.map((line) => JSON.parse(line)),
		);
	});

	it('is found in any page', () => {
		fc.assert(
			fc.property(fc.array(nearlyLines), (texts) => {
				const lines = texts.filter((text) => {
					const parsed = pullLine.safeParse(JSON.parse(text));
					return parsed.success && !('end' in parsed.data) && !('mark' in parsed.data);
				});
				const page = parsePage(
					[...lines, JSON.stringify({ end: true, cursor: 'c', more: false, n: lines.length })].join('\n'),
				);
				const takes = [...page.lines].filter(
					(line) => 'gone' in line || ('scope' in line && line.scope === 'leave') || ('v' in line && line.del !== null),
				);
				expect(page.taking).toEqual(takes);
				expect(Array.from({ length: page.lines.length }, (_, n) => page.lines.seqAt(n))).toEqual(
					[...page.lines].map((line) => line.seq),
				);
			}),
			{ numRuns: 2000 },
		);
	});
});
