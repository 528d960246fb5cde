import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import * as Y from 'yjs';
import { openStore, type StorePlace } from '../../server/store/open-store.ts';
import { readTables } from '../support/server.ts';

export interface Mark {
	mark: string;
	kind: 'create' | 'set' | 'text';
}

/** Looks for every confirmed edit on the server: in the history of values once, in the words of the notes once. */
export async function checkStore(place: StorePlace, marks: Mark[]) {
	const store = await openStore(place, new Date());
	try {
		const { rows } = await sql<{ field: string; value: string }>`
			select field, value::text as value from field_history where value is not null`.execute(store.db);
		const edits = new Map<string, number>();
		for (const row of rows) for (const [mark] of row.value.matchAll(MARK)) edits.set(mark, (edits.get(mark) ?? 0) + 1);
		const words = await wordsOf(store.db);
		const lost: string[] = [];
		const twice: string[] = [];
		for (const { mark, kind } of marks) {
			const found = (kind === 'text' ? words : edits).get(mark) ?? 0;
			if (found === 0) lost.push(`${kind} ${mark}`);
			if (found > 1) twice.push(`${kind} ${mark}`);
		}
		const tables = await readTables(store);
		const hash = createHash('sha256')
			.update(JSON.stringify(sortKeys(tables)))
			.digest('hex');
		const problems = [...lost.map((it) => `lost: ${it}`), ...twice.map((it) => `twice: ${it}`)].slice(0, 20);
		return { lost, twice, hash, problems };
	} finally {
		await store.close();
	}
}

const MARK = /(?:sam|specialist)-\d+-\d+/g;

async function wordsOf(db: Awaited<ReturnType<typeof openStore>>['db']): Promise<Map<string, number>> {
	const updates = await db
		.selectFrom('text_update')
		.select(['row_id', 'bytes'])
		.orderBy('seq')
		.orderBy('ord')
		.execute();
	const docs = new Map<string, Y.Doc>();
	for (const { row_id, bytes } of updates) {
		const doc = docs.get(row_id) ?? new Y.Doc();
		docs.set(row_id, doc);
		Y.applyUpdate(doc, bytes);
	}
	const words = new Map<string, number>();
	for (const doc of docs.values())
		for (const [mark] of doc.getXmlFragment('default').toString().matchAll(MARK))
			words.set(mark, (words.get(mark) ?? 0) + 1);
	return words;
}

/** The same text for the same tables, whatever order they were read in. */
export function sortKeys(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, item]) => [key, sortKeys(item)]),
	);
}
