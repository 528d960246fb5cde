import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyRemoteText } from '../../db/apply-remote.ts';
import { beginUnit } from '../../db/unit.ts';
import { formatVersion } from '../../shared/sync/version.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { block, paragraph, textAt, write } from '../support/typing.ts';

const start = Date.parse('2026-11-24T09:00:00Z');
let test: TestCore;
let id: string;
let now: number;
beforeEach(async () => {
	now = start;
	test = await startCore({ now: () => new Date(now) });
	await addAccount(test);
	id = (await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' })).id;
});
afterEach(() => test.stop());

const minutes = (count: number) => {
	now += count * 60_000;
};
const bodyNow = async () => (await test.ok('notes.get', { id })).note.body;
const versions = async () => (await test.ok('notes.versions', { id })).versions;
const textOf = async (version: number) => (await test.ok('notes.version', { id, version })).text;

describe('the versions of a note', () => {
	it('are stretches of writing: a pause of five minutes begins a new one', async () => {
		await write(test, id, paragraph('The client wants the receipt.'));
		minutes(2);
		await write(test, id, paragraph('By Wednesday.'));
		minutes(6);
		await write(test, id, (text) => textAt(text, 1).insert(0, 'Surely '));
		const list = await versions();
		expect(list).toMatchObject([
			{ words: 8, change: 1, by_name: 'Ada Lind', here: true, restored: null, aside: null },
			{ words: 7, change: 7, from: '2026-11-24T09:00:00.000Z', at: '2026-11-24T09:02:00.000Z' },
		]);
		expect(await textOf(list[1]?.version ?? 0)).toBe('The client wants the receipt.\nBy Wednesday.');
		expect(await textOf(list[0]?.version ?? 0)).toBe('The client wants the receipt.\nSurely By Wednesday.');
	});

	it('stay what they were while the note is written on, and name the text at any moment', async () => {
		await write(test, id, paragraph('one'));
		const [first] = await versions();
		minutes(1);
		await write(test, id, paragraph('two'));
		expect(await textOf(first?.version ?? 0)).toBe('one');
		expect((await versions())[0]?.version).not.toBe(first?.version);
	});

	it('show headings, lists and marks as they were', async () => {
		await write(test, id, (text) => {
			text.insert(0, [block('Agreed', 'heading', { level: 2 }), block('')]);
			textAt(text, 1).applyDelta([{ insert: 'The cost ' }, { insert: 'centre', attributes: { bold: {} } }]);
		});
		const [version] = await versions();
		const { blocks } = await test.ok('notes.version', { id, version: version?.version ?? 0 });
		expect(blocks).toMatchObject([
			{ kind: 'heading', level: 2, runs: [{ text: 'Agreed', marks: [] }] },
			{
				kind: 'paragraph',
				runs: [
					{ text: 'The cost ', marks: [] },
					{ text: 'centre', marks: ['bold'] },
				],
			},
		]);
	});

	it('can be compared: words marked inside the blocks that changed', async () => {
		await write(test, id, (text) =>
			text.insert(0, [block('Cost centre not carried over from the file.'), block('Nothing else.')]),
		);
		const before = (await versions())[0]?.version ?? 0;
		minutes(10);
		await write(test, id, (text) => {
			const first = textAt(text, 0);
			first.delete(12, 'not carried over from'.length);
			first.insert(12, 'blank in');
			text.insert(2, [block('Confirmed by phone.')]);
		});
		const after = (await versions())[0]?.version ?? 0;
		const compared = await test.ok('notes.compare', { id, from: before, to: after });
		expect(compared.blocks.map((part) => part.change)).toEqual(['words', 'same', 'added']);
		expect(compared.blocks[0]?.runs.map(({ text, kind }) => [kind, text])).toEqual([
			['same', 'Cost centre '],
			['removed', 'not carried over from'],
			['added', 'blank in'],
			['same', ' the file.'],
		]);
		expect(compared).toMatchObject({ added: 5, removed: 4 });
		const all = await test.ok('notes.compare', { id, from: 0, to: before });
		expect(all.blocks.map((part) => part.change)).toEqual(['added', 'added']);
	});
});

describe('restoring a version', () => {
	it('is an edit like any other: what was written since stays in the list, and undo takes it back', async () => {
		await write(test, id, paragraph('Kept as it was.'));
		await write(test, id, (text) => text.insert(1, [block('Item', 'heading', { level: 3 })]));
		const before = await versions();
		minutes(1);
		await write(test, id, (text) => {
			text.delete(1, 1);
			textAt(text, 0).insert(4, ' not');
		});
		minutes(7);
		await write(test, id, paragraph('Written afterwards.'));
		const since = await bodyNow();
		const oldest = before[0]?.version ?? 0;
		expect(await test.ok('notes.restoreVersion', { id, version: oldest })).toEqual({ changed: true });
		expect(await bodyNow()).toBe('Kept as it was.\nItem');
		const list = await versions();
		expect(list[0]).toMatchObject({ restored: '2026-11-24T09:00:00.000Z', by_name: 'Ada Lind' });
		expect(await textOf(list[1]?.version ?? 0)).toBe(since);
		const { blocks } = await test.ok('notes.version', { id, version: list[0]?.version ?? 0 });
		expect(blocks[1]).toMatchObject({ kind: 'heading', level: 3 });
		expect(await test.ok('undo.last', {})).toMatchObject({ label: 'Version restored', row_id: id });
		expect(await bodyNow()).toBe(since);
		await test.reopen();
		expect(await bodyNow()).toBe(since);
	});

	it('breaks no stretch off that is being written: the text just before it is a version of its own', async () => {
		await write(test, id, paragraph('First.'));
		const first = (await versions())[0]?.version ?? 0;
		minutes(6);
		await write(test, id, paragraph('Second, a moment ago.'));
		await test.ok('notes.restoreVersion', { id, version: first });
		await write(test, id, paragraph('Third.'));
		const texts = await Promise.all((await versions()).map(({ version }) => textOf(version)));
		expect(texts).toEqual(['First.\nThird.', 'First.', 'First.\nSecond, a moment ago.', 'First.']);
	});

	it('changes nothing when the text reads like that already', async () => {
		await write(test, id, paragraph('Only this.'));
		const [only] = await versions();
		expect(await test.ok('notes.restoreVersion', { id, version: only?.version ?? 0 })).toEqual({ changed: false });
		expect(await versions()).toHaveLength(1);
	});

	it('undone later takes back the restoring and leaves what was typed after it', async () => {
		await write(test, id, paragraph('The old words.'));
		const old = (await versions())[0]?.version ?? 0;
		minutes(6);
		await write(test, id, (text) => {
			textAt(text, 0).delete(0, 14);
			textAt(text, 0).insert(0, 'The new words.');
		});
		await test.ok('notes.restoreVersion', { id, version: old });
		await write(test, id, paragraph('And a line after it.'));
		await test.ok('undo.last', {});
		expect(await bodyNow()).toBe('The new words.\nAnd a line after it.');
	});

	it('is told in the history of the note', async () => {
		await write(test, id, paragraph('Once.'));
		const [once] = await versions();
		minutes(6);
		await write(test, id, paragraph('Twice.'));
		await test.ok('notes.restoreVersion', { id, version: once?.version ?? 0 });
		const [line] = await test.ok('history.list', { entity: 'note', id });
		expect(line).toMatchObject({ label: 'Text put back to', after: '2026-11-24T09:00:00.000Z', by_name: 'Ada Lind' });
	});
});

describe('a text of which a piece cannot be read', () => {
	const receiveGarbage = () => {
		const { store } = test.core;
		const clock = { last: undefined, now: () => new Date(now) };
		const unit = beginUnit({ store, clock, userId: 'u-sam', deviceShort: 'samlapt1', label: '', origin: 'remote' });
		const hlc = formatVersion({ ms: now, counter: 3, device: 'special1' });
		const y = Buffer.from('not yjs').toString('base64');
		store.raw.transaction(() =>
			applyRemoteText(unit, { seq: 1, t: 'note', id, field: 'body', by: 'u-specialist', y, hlc }),
		)();
	};

	it('keeps its versions, is never written to, and leads on in a new note', async () => {
		await write(test, id, (text) => text.insert(0, [block('Kept.'), block('And this.', 'heading', { level: 1 })]));
		minutes(6);
		await write(test, id, paragraph('Last words.'));
		receiveGarbage();
		const found = await test.ok('notes.versions', { id });
		expect(found).toMatchObject({ damaged: true, total: 2, unreadable: [{ at: new Date(now).toISOString() }] });
		const first = found.versions[1]?.version ?? 0;
		const before = test.core.store.raw.prepare('SELECT count(*) FROM text_update').pluck().get();
		expect((await test.refused('notes.restoreVersion', { id, version: first })).code).toBe('note_damaged');
		expect(test.core.store.raw.prepare('SELECT count(*) FROM text_update').pluck().get()).toBe(before);
		const copy = await test.ok('notes.copyVersion', { id, version: first });
		const page = await test.ok('notes.get', { id: copy.id });
		expect(page).toMatchObject({ damaged: false, note: { body: 'Kept.\nAnd this.', parent_id: 'a-1' } });
	});
});

describe('a long note', () => {
	it('lists and restores 5,000 pieces of writing at once', async () => {
		const { store } = test.core;
		const insert = store.raw.prepare(
			"INSERT INTO text_update (entity, row_id, field, bytes, hlc, bad) VALUES ('note', ?, 'body', ?, ?, 0)",
		);
		const { Doc } = await import('yjs');
		const doc = new Doc();
		let at = 0;
		doc.on('update', (bytes: Uint8Array) => {
			at += 1;
			const device = at % 40 < 20 ? 'aaaaaaaa' : 'bbbbbbbb';
			insert.run(id, Buffer.from(bytes), formatVersion({ ms: start + at * 30_000, counter: 0, device }));
		});
		const text = doc.getXmlFragment('default');
		const type = (step: number) => {
			if (step % 40 === 0) text.insert(text.length, [block('')]);
			const last = textAt(text, text.length - 1);
			last.insert(last.length, `word${step} `);
		};
		store.raw.transaction(() => {
			for (let step = 0; step < 5000; step += 1) doc.transact(() => type(step));
		})();
		const started = performance.now();
		const list = await test.ok('notes.versions', { id, limit: 500 });
		const listed = performance.now() - started;
		expect(list.total).toBe(251);
		expect(list.versions[0]?.words).toBe(5000);
		await test.ok('notes.restoreVersion', { id, version: list.versions[125]?.version ?? 0 });
		const restored = performance.now() - started - listed;
		expect((await bodyNow())?.split(/\s+/)).toHaveLength(list.versions[125]?.words ?? 0);
		// Some 60 ms each where this was written; a list that grew with the square of the note took seconds.
		expect(listed).toBeLessThan(1500);
		expect(restored).toBeLessThan(1500);
	});
});
