import { randomBytes } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Trx = Transaction<Tables>;

/** Unique violation, serialization failure, deadlock: each means that another transaction was there first. */
const RETRYABLE = new Set(['23505', '40001', '40P01']);

/** Runs `work` in a transaction and runs it anew, at most three times in all, when a concurrent one got in its way. */
export async function inTransaction<T>(db: Kysely<Tables>, work: (trx: Trx) => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await db.transaction().execute(work);
		} catch (error) {
			if (attempt === 3 || !RETRYABLE.has(codeOf(error))) throw error;
		}
	}
}

/** The SQLSTATE of a database error, or an empty text. */
export function codeOf(error: unknown): string {
	return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * The number of this commit. Its lock is held until the transaction ends, so numbers become visible in their own order
 * and a reader's cursor can never pass one that is still under way. Call it after all reading, just before the writes.
 */
export async function nextSeq(trx: Trx): Promise<number> {
	const tag = randomBytes(6).toString('hex');
	const { rows } = await sql<{ seq: number }>`
		with next as (update counter set seq = seq + 1 returning seq),
			named as (insert into commit_tag (seq, tag) select seq, ${tag} from next returning seq)
		select seq, pg_notify(${COMMIT_CHANNEL}, current_schema() || ' ' || seq)::text as told from named`.execute(trx);
	return Number(rows[0]?.seq);
}

/** Where each commit is told of, once it is visible: "schema number". */
export const COMMIT_CHANNEL = 'fieldbook_commit';

/** The number in a note on the channel. */
export function seqInNote(note: string): number {
	return Number(note.slice(note.lastIndexOf(' ') + 1));
}

/** The name of a commit; undefined for one that is not in this store's past. An empty store's name is empty. */
export async function tagOf(trx: Trx, seq: number): Promise<string | undefined> {
	if (seq === 0) return '';
	const row = await trx.selectFrom('commit_tag').select('tag').where('seq', '=', seq).executeTakeFirst();
	return row?.tag;
}

/** The names of commits, by number; one that is not in the store is left out. */
export async function tagsOf(trx: Trx, seqs: readonly number[]): Promise<Map<number, string>> {
	const rows = await trx
		.selectFrom('commit_tag')
		.selectAll()
		.where('seq', 'in', [...new Set(seqs)])
		.execute();
	return new Map(rows.map((row) => [Number(row.seq), row.tag]));
}

/** The oldest commit whose name is still known. */
export async function oldestNamed(trx: Trx): Promise<number> {
	const row = await trx
		.selectFrom('commit_tag')
		.select((eb) => eb.fn.min('seq').as('seq'))
		.executeTakeFirst();
	return Number(row?.seq ?? 0);
}

/** The number of the newest visible commit. */
export async function topSeq(db: Kysely<Tables>): Promise<number> {
	const row = await db.selectFrom('counter').select('seq').executeTakeFirstOrThrow();
	return Number(row.seq);
}
