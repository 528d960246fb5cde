import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { fromStored, toStored } from '../../db/codec.ts';
import { formatCursor, readCursor } from '../../server/sync/cursor.ts';
import type { Field, MergePolicy } from '../../shared/entities/define.ts';
import { isApplied, isSameValue, mergeField } from '../../shared/sync/merge.ts';
import { type FieldVersions, formatVersion } from '../../shared/sync/version.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

/** What must hold for any input. PROPERTY_RUNS makes the runs longer. */
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 20_000) };
const fewer = (share: number) => ({ numRuns: Math.ceil(runs.numRuns / share) });

const anyText = fc.oneof(
	fc.string(),
	fc.string({ unit: 'binary' }),
	fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
	fc.constantFrom('', '\0', '\ud800', 'a\udc00b', '😀', 'é', 'e\u0301', '\u202e', '\r\n', '"\\'),
);

describe('edits of one field by several people', () => {
	interface Edit {
		device: string;
		value: number;
		/** Made on top of this one of the others; -1: on what stood at first. */
		on: number;
	}
	const edit = fc.record({
		device: fc.constantFrom('aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd'),
		value: fc.nat(3),
		on: fc.integer({ min: -1, max: 4 }),
	});
	const edits = fc.array(edit, { minLength: 1, maxLength: 6 });
	const first = formatVersion({ ms: 1, counter: 0, device: '00000000' });
	const versionAt = (index: number, { device }: Edit) => formatVersion({ ms: 2 + index, counter: 0, device });

	/** Lets them arrive in an order in which nobody's base arrives after it. Every value must be accounted for. */
	const arrive = (list: Edit[], order: number[], policy: MergePolicy) => {
		let value: unknown = 'first';
		const versions: FieldVersions = { f: first };
		const kept: unknown[] = [];
		for (const index of order) {
			const one = list[index] as Edit;
			const base = one.on >= 0 && one.on < index ? versionAt(one.on, list[one.on] as Edit) : first;
			const version = versionAt(index, one);
			const outcome = mergeField({ field: 'f', value: one.value, base, version, policy }, value, versions);
			if (base === versions.f) expect(outcome).toBe('apply');
			if (isApplied(outcome)) {
				kept.push(value);
				value = one.value;
				versions.f = version;
			} else if (outcome === 'same') expect(isSameValue(value, one.value)).toBe(true);
			else kept.push(one.value);
		}
		return { value, kept };
	};
	const orders = fc
		.func(fc.nat(1000))
		.map(
			(key) => (count: number) => Array.from({ length: count }, (_, index) => index).sort((a, b) => key(a) - key(b)),
		);

	it.each(['ask', 'latest'] as const)('whatever the order, no value is dropped (%s)', (policy) => {
		fc.assert(
			fc.property(edits, orders, (list, order) => {
				const { value, kept } = arrive(list, order(list.length), policy);
				const all = new Set([value, ...kept]);
				for (const one of list) expect(all.has(one.value)).toBe(true);
				expect(all.has('first')).toBe(true);
			}),
			runs,
		);
	});

	it('the same edit again changes nothing', () => {
		fc.assert(
			fc.property(fc.nat(5), fc.nat(5), fc.constantFrom<MergePolicy>('ask', 'latest'), (value, standing, policy) => {
				const version = formatVersion({ ms: 5, counter: 0, device: 'aaaaaaaa' });
				const versions = { f: first };
				const once = mergeField({ field: 'f', value, base: first, version, policy }, standing, versions);
				expect(once).toBe('apply');
				const again = mergeField({ field: 'f', value, base: first, version, policy }, value, { f: version });
				expect(again).toBe('same');
			}),
			runs,
		);
	});
});

describe('values on their way into the store and back', () => {
	const kinds: [Field['kind'], fc.Arbitrary<unknown>][] = [
		['int', fc.maxSafeInteger()],
		['bool', fc.boolean()],
		['json', fc.jsonValue()],
		['text', anyText],
		[
			'amount',
			fc.tuple(fc.boolean(), fc.nat(99_999_999), fc.nat(9999)).map(([isNegative, whole, part]) => {
				const fraction = String(part)
					.padStart(4, '0')
					.replace(/0{1,2}$/, '');
				return `${isNegative && whole + part > 0 ? '-' : ''}${whole}.${fraction}`;
			}),
		],
	];
	it.each(kinds)('%s', (kind, values) => {
		const field: Field = { kind, label: '' };
		fc.assert(
			fc.property(values, (value) => {
				const whole = typeof value === 'string' ? value.toWellFormed() : value;
				expect(isSameValue(fromStored(field, toStored(field, value)), whole)).toBe(true);
			}),
			runs,
		);
	});

	it('the largest amount keeps every digit', () => {
		const field: Field = { kind: 'amount', label: '' };
		expect(fromStored(field, toStored(field, '99999999999.9999'))).toBe('99999999999.9999');
	});
});

describe('a cursor', () => {
	const scope = { epoch: 'e-1', user: 'u-1', accounts: ['a-1', 'a-2'] };
	const key = randomBytes(32).toString('hex');
	it('with any bit changed is not taken', () => {
		const cursor = formatCursor({ seq: 4711, ord: 3, tag: 'abc' }, scope, key);
		const bytes = Buffer.from(cursor, 'latin1');
		for (let bit = 0; bit < bytes.length * 8; bit += 1) {
			const changed = Buffer.from(bytes);
			changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
			expect(readCursor(changed.toString('latin1'), scope, key)).toBeUndefined();
		}
		expect(readCursor(cursor, scope, key)).toMatchObject({ seq: 4711, ord: 3, tag: 'abc' });
	});

	it('of any other text is not taken, and never throws', () => {
		fc.assert(
			fc.property(anyText, anyText, (a, b) => {
				expect(readCursor(`${a}.${b}`, scope, key)).toBeUndefined();
			}),
			runs,
		);
	});
});

describe('typing', () => {
	const stroke = fc.record({ at: fc.nat(1000), text: fc.string({ maxLength: 8 }), erase: fc.nat(4) });
	const people = fc.array(fc.array(stroke, { maxLength: 8 }), { minLength: 2, maxLength: 4 });

	/** Each person's updates, one per stroke, all begun on the same text. */
	const typed = (strokes: { at: number; text: string; erase: number }[][]) => {
		const start = new Y.Doc();
		start.clientID = 1;
		start.getText('t').insert(0, 'Meeting at Basel.');
		const base = Y.encodeStateAsUpdate(start);
		const updates = [base];
		strokes.forEach((list, person) => {
			const doc = new Y.Doc();
			doc.clientID = person + 2;
			Y.applyUpdate(doc, base);
			doc.on('update', (update: Uint8Array) => updates.push(update));
			for (const { at, text, erase } of list) {
				const body = doc.getText('t');
				body.delete(at % (body.length + 1), Math.min(erase, body.length - (at % (body.length + 1))));
				body.insert(at % (body.length + 1), text);
			}
		});
		return updates;
	};
	const textOf = (updates: Uint8Array[]) => {
		const doc = new Y.Doc();
		for (const update of updates) Y.applyUpdate(doc, update);
		return doc.getText('t').toString();
	};

	it('ends as the same text in any order, twice, or merged', () => {
		fc.assert(
			fc.property(people, fc.func(fc.nat(1000)), (strokes, key) => {
				const updates = typed(strokes);
				const text = textOf(updates);
				const order = updates.map((update, index) => ({ update, at: key(index) })).sort((a, b) => a.at - b.at);
				expect(textOf(order.flatMap(({ update }) => [update, update]))).toBe(text);
				expect(textOf([Y.mergeUpdates(updates)])).toBe(text);
			}),
			fewer(20),
		);
	}, 60_000);
});

describe('through the real store', () => {
	let test: TestCore;
	let noteId: string;
	beforeAll(async () => {
		test = await startCore();
		await addAccount(test);
		const place = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' } as const;
		noteId = (await test.ok('notes.create', place)).id;
	});
	afterAll(() => test.stop());

	it('any text is kept, and what is sent is what is kept', async () => {
		const { id } = await test.ok('issues.create', { account_id: 'a-1', title: 'Any text' });
		await fc.assert(
			fc.asyncProperty(anyText, async (text) => {
				await test.ok('issues.update', { id, patch: { root_cause: text } });
				const { issue } = await test.ok('issues.get', { id });
				expect(issue.root_cause).toBe(text.toWellFormed());
				const [sent] = test.core.store.raw
					.prepare("SELECT op FROM outbox_op WHERE kind = 'set' ORDER BY group_no DESC LIMIT 1")
					.all() as { op: string }[];
				const { f } = JSON.parse(sent?.op ?? '') as { f: Record<string, { v: unknown }> };
				if (f.root_cause) expect(f.root_cause.v).toBe(issue.root_cause);
			}),
			fewer(50),
		);
	});

	it('a text of a megabyte comes back whole', async () => {
		const { id } = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		const doc = new Y.Doc();
		const paragraph = new Y.XmlElement('paragraph');
		const words = 'Grüße 😀 '.repeat(100_000);
		paragraph.insert(0, [new Y.XmlText(words)]);
		doc.getXmlFragment('default').push([paragraph]);
		await test.ok('notes.append', { id, update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64') });
		const again = new Y.Doc();
		Y.applyUpdate(again, Buffer.from((await test.ok('notes.get', { id })).state, 'base64'));
		expect(again.getXmlFragment('default').toString()).toContain(words.trimEnd());
	});

	it('bytes that are no update never change a note', async () => {
		const before = (await test.ok('notes.get', { id: noteId })).state;
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
				await test.core.call('notes.append', { id: noteId, update: Buffer.from(bytes).toString('base64') });
				const page = await test.ok('notes.get', { id: noteId });
				const words = new Y.Doc();
				Y.applyUpdate(words, Buffer.from(page.state, 'base64'));
				expect(words.getXmlFragment('default').toString()).toBe('');
			}),
			fewer(50),
		);
		expect((await test.ok('notes.get', { id: noteId })).state.length).toBeLessThan(before.length + 200_000);
	});
});
