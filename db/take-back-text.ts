import * as Y from 'yjs';
import { CoreError } from '../shared/contract/errors.ts';
import type { EntityName } from '../shared/entities/registry.ts';
import { readStored, storeTextUpdate, updateRow } from './apply-change.ts';
import { appendOp } from './outbox.ts';
import { keepUndone } from './take-back.ts';
import { forgetTextDocs, plainText, ROOT, readTextDoc } from './text-doc.ts';
import { takeVersion, type Unit } from './unit.ts';

/** Typing in one text document that is to be taken back: the versions its updates were given. */
export interface Typing {
	entity: EntityName;
	rowId: string;
	field: string;
	versions: ReadonlySet<string>;
}

/**
 * Takes back typing that no server can know. Its updates go, and one takes their place that has their marks in the
 * document and none of their words: an editor that is open on it goes on from those marks, and what it sends would
 * otherwise fit nowhere. The words stay in the history. Throws CoreError `cannot_undo` when they cannot be told apart
 * from what stands.
 */
export function takeBackTyping(unit: Unit, typing: Typing): void {
	const { store } = unit;
	const { entity, rowId, field, versions } = typing;
	const rows = store
		.statement('SELECT hlc, bytes FROM text_update WHERE row_id = ? AND field = ? AND bad = 0 ORDER BY id')
		.all(rowId, field) as { hlc: string; bytes: Uint8Array }[];
	const taken = rows.filter((row) => versions.has(row.hlc)).map((row) => row.bytes);
	if (taken.length === 0) return;
	const kept = rows.filter((row) => !versions.has(row.hlc)).map((row) => row.bytes);
	const words = readTextDoc(store, rowId, field).text;
	const base = docOf(kept);
	const marks = withoutWords(kept, taken, base);
	for (const version of versions)
		store.statement('DELETE FROM text_update WHERE row_id = ? AND field = ? AND hlc = ?').run(rowId, field, version);
	forgetTextDocs(store);
	const hlc = takeVersion(unit);
	storeTextUpdate(unit, { entity, id: rowId, field, bytes: marks, hlc, bad: false });
	appendOp(unit, { k: 'text', t: entity, id: rowId, hlc, field, u: Buffer.from(marks).toString('base64') });
	const row = readStored(store, entity, rowId);
	const text = plainText(base);
	if (row) updateRow(unit, { entity, row, patch: { [field]: text }, fv: row.fv as string });
	keepUndone(unit, { entity, rowId, field, before: text, after: words, version: hlc });
}

function docOf(updates: readonly Uint8Array[], doc = new Y.Doc()): Y.Doc {
	Y.transact(doc, () => {
		for (const update of updates) Y.applyUpdate(doc, update);
	});
	return doc;
}

/** The update that brings a document from `kept` to where `taken` has come and gone again. */
function withoutWords(kept: readonly Uint8Array[], taken: readonly Uint8Array[], base: Y.Doc): Uint8Array {
	// Without cleaning up, so that what the typing deleted is still there to come back.
	const doc = docOf(kept, new Y.Doc({ gc: false }));
	const origin = {};
	const undoing = new Y.UndoManager(doc.getXmlFragment(ROOT), {
		trackedOrigins: new Set([origin]),
		captureTimeout: Number.MAX_SAFE_INTEGER,
	});
	Y.transact(doc, () => taken.map((update) => Y.applyUpdate(doc, update, origin)), origin);
	while (undoing.undo()) {
		// One step for each stretch of it.
	}
	undoing.destroy();
	// A document that cleans up keeps of what was deleted that it was there, and not what it said.
	const cleaned = docOf([Y.encodeStateAsUpdate(doc)]);
	if (look(cleaned) !== look(base))
		throw new CoreError('cannot_undo', 'Your words are too much a part of the text by now; delete them in it.');
	return Y.encodeStateAsUpdate(cleaned, Y.encodeStateVector(base));
}

function look(doc: Y.Doc): string {
	return doc.getXmlFragment(ROOT).toString();
}
