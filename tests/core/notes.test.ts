import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

let test: TestCore;
let id: string;
beforeEach(async () => {
	test = await startCore();
	await addAccount(test);
	id = (await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' })).id;
});
afterEach(() => test.stop());

/** Types paragraphs into a document as the editor does and returns the update. */
function typed(doc: Y.Doc, text: string): string {
	const before = Y.encodeStateVector(doc);
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(text)]);
	const fragment = doc.getXmlFragment('default');
	fragment.insert(fragment.length, [paragraph]);
	return Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64');
}

describe('the body of a note', () => {
	it('is on disk when the append is answered', async () => {
		const doc = new Y.Doc();
		await test.ok('notes.append', { id, update: typed(doc, 'The client wants the receipt by Wednesday.') });
		await test.ok('notes.append', { id, update: typed(doc, 'Two providers asked to quote.') });
		await test.reopen();
		const page = await test.ok('notes.get', { id });
		expect(page.note.body).toBe('The client wants the receipt by Wednesday.\nTwo providers asked to quote.');
		const copy = new Y.Doc();
		Y.applyUpdate(copy, Buffer.from(page.state, 'base64'));
		expect(copy.getXmlFragment('default').length).toBe(2);
		expect(page.damaged).toBe(false);
	});

	it('is found by its words and counts as one unsent change however much is typed', async () => {
		const doc = new Y.Doc();
		for (const text of ['one', 'two', 'surcharge']) await test.ok('notes.append', { id, update: typed(doc, text) });
		expect(await test.ok('search.find', { text: 'surch' })).toMatchObject([{ entity: 'note', id }]);
		expect((await test.ok('sync.status', {})).unsent).toBe(2);
	});

	it('refuses bytes that are no text and keeps what was there', async () => {
		const doc = new Y.Doc();
		await test.ok('notes.append', { id, update: typed(doc, 'kept') });
		const garbage = Buffer.from([7, 1, 2, 3, 255, 255, 255, 9]).toString('base64');
		expect((await test.refused('notes.append', { id, update: garbage })).code).toBe('bad_input');
		expect((await test.ok('notes.get', { id })).note.body).toBe('kept');
	});
});
