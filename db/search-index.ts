import type { EntityName } from '../shared/entities/registry.ts';
import type { Store } from './open-store.ts';

/** What can be found, and by which words: the name first, then the rest. */
const indexed: Partial<Record<EntityName, { title: string; body: string[] }>> = {
	account: { title: 'name', body: ['account_no', 'legal_name', 'city', 'country', 'priorities'] },
	contact: { title: 'full_name', body: ['job_title', 'email', 'phone', 'note'] },
	issue: { title: 'title', body: ['ref_no', 'client_summary', 'root_cause', 'remedy'] },
	visit: { title: 'purpose', body: ['place', 'objectives', 'outcome'] },
	note: { title: 'title', body: ['body'] },
	task: { title: 'title', body: [] },
	patent_asset: { title: 'title', body: ['client_ref', 'provider_ref', 'family_ref', 'app_no', 'pub_no', 'grant_no'] },
};

/** True when a change of these fields changes what the record is found by, or the account it is found on. */
export function isSearchable(entity: EntityName, fields: Iterable<string>): boolean {
	const spec = indexed[entity];
	if (!spec) return false;
	for (const field of fields)
		if (field === spec.title || field === 'account_id' || spec.body.includes(field)) return true;
	return false;
}

/** Puts one stored row into the index, replacing what was there; a deleted row leaves it. */
export function indexRow(store: Store, entity: EntityName, row: Record<string, unknown>): void {
	const spec = indexed[entity];
	if (!spec) return;
	const rowId = row.id as string;
	const known = store.statement('SELECT id FROM search_doc WHERE row_id = ?').get(rowId) as { id: number } | undefined;
	if (known) store.statement('DELETE FROM search_text WHERE rowid = ?').run(known.id);
	if (row.deleted_at) {
		if (known) store.statement('DELETE FROM search_doc WHERE id = ?').run(known.id);
		return;
	}
	const account = entity === 'account' ? rowId : (row.account_id ?? null);
	const id = known?.id ?? insertDoc(store, entity, { rowId, account });
	if (known) store.statement('UPDATE search_doc SET account_id = ? WHERE id = ?').run(account, id);
	const body = spec.body.map((field) => row[field]).filter((value) => typeof value === 'string');
	const text = entity === 'patent_asset' ? withPlainNumbers(body) : body.join('\n');
	store.statement('INSERT INTO search_text (rowid, title, body) VALUES (?, ?, ?)').run(id, row[spec.title] ?? '', text);
}

function insertDoc(
	store: Store,
	entity: EntityName,
	{ rowId, account }: { rowId: string; account: unknown },
): number | bigint {
	return store
		.statement('INSERT INTO search_doc (entity, row_id, account_id) VALUES (?, ?, ?)')
		.run(entity, rowId, account).lastInsertRowid;
}

/** Numbers also without their punctuation, so that "EP 2 871 334" is found as "2871334". */
function withPlainNumbers(values: string[]): string {
	const plain = values.flatMap((value) => {
		const letters = value.replace(/[^\p{L}\p{N}]/gu, '');
		const digits = letters.replace(/^\p{L}+/u, '').replace(/\p{L}\d?$/u, '');
		return digits === letters ? [letters] : [letters, digits];
	});
	return [...values, ...plain].join('\n');
}

/** Remembers a run of new rows to be indexed when the laptop has nothing better to do. */
export function queueIndexing(store: Store, entity: EntityName, range: { fromId: string; toId: string }): void {
	if (!indexed[entity]) return;
	store
		.statement('INSERT INTO search_pending (entity, from_id, to_id) VALUES (?, ?, ?)')
		.run(entity, range.fromId, range.toId);
}

/** Remembers a run of received rows to be indexed when the laptop has nothing better to do; they stand in their table one after the other. */
export function queueReceived(store: Store, entity: EntityName, run: { from: number; to: number }): void {
	if (!indexed[entity]) return;
	store
		.statement("INSERT INTO search_pending (entity, from_id, to_id, from_row, to_row) VALUES (?, '', '', ?, ?)")
		.run(entity, run.from, run.to);
}

interface PendingRun {
	id: number;
	entity: EntityName;
	from_id: string;
	to_id: string;
	from_row: number | null;
	to_row: number | null;
}

/** Rows indexed at a time: the person must not notice. */
const STEP = 150;

/**
 * Indexes the next queued rows, in the caller's transaction; false when there are none. Clients and what was written about
 * them come before cases, of which there are most: somebody may look for a client as soon as they have come.
 */
export function indexNextRun(store: Store): boolean {
	const next = store.statement(
		"SELECT * FROM search_pending ORDER BY entity = 'patent_asset', entity <> 'account', id LIMIT 1",
	);
	let left = STEP;
	let run = next.get() as PendingRun | undefined;
	if (!run) return false;
	for (; run && left > 0; run = next.get() as PendingRun | undefined) left -= indexRun(store, run, left);
	return true;
}

/** Indexes at most `most` rows of a run and takes them off it; how many there were, at least one. */
function indexRun(store: Store, run: PendingRun, most: number): number {
	const isByRow = run.from_row !== null;
	const key = isByRow ? 'rowid' : 'id';
	const rows = store
		.statement(
			`SELECT rowid AS row_no, * FROM ${run.entity} WHERE ${key} BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY ${key} LIMIT ?`,
		)
		.all([...(isByRow ? [run.from_row, run.to_row] : [run.from_id, run.to_id]), most + 1]) as (Record<
		string,
		unknown
	> & {
		row_no: number;
		id: string;
	})[];
	for (const row of rows.slice(0, most)) indexRow(store, run.entity, row);
	const next = rows[most];
	if (!next) store.statement('DELETE FROM search_pending WHERE id = ?').run(run.id);
	else if (isByRow) store.statement('UPDATE search_pending SET from_row = ? WHERE id = ?').run(next.row_no, run.id);
	else store.statement('UPDATE search_pending SET from_id = ? WHERE id = ?').run(next.id, run.id);
	return Math.max(1, Math.min(rows.length, most));
}

/** A person's words as an FTS5 query: each a prefix, quotes and operators taken literally. Undefined when nothing is left. */
export function searchExpression(text: string): string | undefined {
	const joined = text.trim().replace(/(?<=\d)[\s.,/](?=\d)/g, '');
	const words = joined.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
	if (words.length === 0) return undefined;
	return words.map((word) => `"${word}"*`).join(' ');
}
