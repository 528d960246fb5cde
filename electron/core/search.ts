import { sql } from 'kysely';
import { searchExpression } from '../../db/search-index.ts';
import type { SearchHit } from '../../shared/contract/models.ts';
import type { Handlers, QueryContext } from './handler.ts';

/** How a hit of each entity is named, and what is said beside it. */
const shown: Record<SearchHit['entity'], { title: string; detail: string }> = {
	account: { title: 'name', detail: 'account_no' },
	contact: { title: 'full_name', detail: 'job_title' },
	issue: { title: 'title', detail: 'ref_no' },
	visit: { title: 'purpose', detail: 'local_start' },
	note: { title: "coalesce(nullif(title, ''), substr(body, 1, 80), 'Empty note')", detail: 'at' },
	task: { title: 'title', detail: 'due_date' },
	patent_asset: {
		title: "coalesce(title, client_ref, '')",
		detail: "coalesce(country || ' ', '') || coalesce(grant_no, app_no, pub_no, client_ref, '')",
	},
};

export const searchHandlers: Handlers<'search.find'> = {
	'search.find': async ({ db }, { text, limit }) => {
		const expression = searchExpression(text);
		if (!expression) return [];
		const found = await sql<{ entity: SearchHit['entity']; row_id: string; account_id: string | null }>`
			SELECT entity, row_id, account_id FROM search_doc
			JOIN (SELECT rowid AS doc, bm25(search_text, 8.0, 1.0) AS score FROM search_text
				WHERE search_text MATCH ${expression} ORDER BY rank LIMIT 400) ON doc = search_doc.id
			ORDER BY CASE entity WHEN 'account' THEN 0 WHEN 'patent_asset' THEN 2 ELSE 1 END, score
			LIMIT ${limit}`.execute(db as never);
		const hits: SearchHit[] = [];
		for (const doc of found.rows) {
			const hit = await describe(db, doc);
			if (hit) hits.push(hit);
		}
		return hits;
	},
};

async function describe(
	db: QueryContext['db'],
	doc: { entity: SearchHit['entity']; row_id: string; account_id: string | null },
): Promise<SearchHit | undefined> {
	const { title, detail } = shown[doc.entity];
	const { rows } = await sql<{ title: string; detail: string | null; account: string | null }>`
		SELECT ${sql.raw(title)} AS title, ${sql.raw(detail)} AS detail,
			(SELECT name FROM account WHERE id = ${doc.account_id}) AS account
		FROM ${sql.table(doc.entity)} WHERE id = ${doc.row_id} AND deleted_at IS NULL`.execute(db as never);
	const row = rows[0];
	if (!row) return undefined;
	const parts = doc.entity === 'account' ? [row.detail] : [row.detail, row.account];
	return {
		entity: doc.entity,
		id: doc.row_id,
		account_id: doc.account_id,
		title: row.title,
		detail: parts.filter(Boolean).join(' · '),
	};
}
