import { type Kysely, sql } from 'kysely';
import { type ChainEnd, hashLine } from '../store/audit-chain.ts';
import { readByCursor } from '../store/read-by-cursor.ts';
import type { HistoryRow, Tables } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';

/** A line as it was found; where somebody had their hands in it, anything may be missing. */
export interface FoundLine extends HistoryRow {
	line: number | null;
	hash: string | null;
}

/** The chain's end as it was once noted outside of the store. `at` is UTC. */
export interface NotedEnd extends ChainEnd {
	at: string;
}

/**
 * `line` is the first that is not as it was written. With `until`, the chain was made anew and the first such line is
 * somewhere from `line` to `until`.
 */
export type Verdict =
	| { whole: true; lines: number; hash: string; noted: number }
	| { whole: false; line: number; until?: number; why: 'changed' | 'missing' | 'added' };

/**
 * Goes along the chain and says where it is broken first. `lines` come in the order of their numbers, and `end` is where
 * the store says that it ends; `noted` are ends of earlier, in any order.
 */
export async function findBadLine(
	lines: AsyncIterable<FoundLine> | Iterable<FoundLine>,
	end: ChainEnd,
	noted: readonly NotedEnd[] = [],
): Promise<Verdict> {
	const checks = [...noted].sort((a, b) => a.lines - b.lines);
	let [at, hash, agreed, checked] = [0, '', 0, 0];
	for await (const found of lines) {
		const line = at + 1;
		if (found.line !== line) return { whole: false, line, why: (found.line ?? 0) > line ? 'missing' : 'added' };
		if (found.hash !== hashLine(hash, line, found)) return { whole: false, line, why: 'changed' };
		[at, hash] = [line, found.hash];
		for (let check = checks[checked]; check && check.lines <= at; check = checks[++checked]) {
			if (check.lines === at && check.hash !== hash)
				return { whole: false, line: agreed + 1, until: at, why: 'changed' };
			agreed = at;
		}
	}
	const longest = Math.max(end.lines, checks.at(-1)?.lines ?? 0);
	if (longest > at) return { whole: false, line: at + 1, why: 'missing' };
	if (end.lines < at) return { whole: false, line: end.lines + 1, why: 'added' };
	if (end.hash !== hash) return { whole: false, line: Math.max(at, 1), why: 'changed' };
	return { whole: true, lines: at, hash, noted: noted.length };
}

/** Checks a store's audit, as its owner. Lines of before the chain began have no number and are not looked at. */
export async function verifyAudit(db: Kysely<Tables>, noted: readonly NotedEnd[] = []): Promise<Verdict> {
	return db
		.transaction()
		.setIsolationLevel('repeatable read')
		.setAccessMode('read only')
		.execute(async (trx) => {
			const { from_seq, ...end } = await trx.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
			const loose = await firstLoose(trx, Number(from_seq));
			const verdict = await findBadLine(readLines(trx), { ...end, lines: Number(end.lines) }, noted);
			if (loose === undefined || (!verdict.whole && verdict.line <= loose)) return verdict;
			return { whole: false, line: loose, why: 'added' };
		});
}

async function* readLines(trx: Trx): AsyncGenerator<FoundLine> {
	const rows = sql<FoundLine>`select line, hash, seq, ord, entity, row_id, field, before::text as before, value::text as value, version,
			base, by_user, device, device_at, server_at, outcome, stands_as, conflict_id
		from field_history where line is not null order by line`;
	for await (const row of readByCursor(trx, rows)) yield { ...row, line: Number(row.line) };
}

/** A line without a number that is not of before the chain: the number that it stands before, by its commit. */
async function firstLoose(trx: Trx, fromSeq: number): Promise<number | undefined> {
	const { rows } = await sql<{ next: number | null }>`
		select (select coalesce(min(h.line), (select lines + 1 from audit_head)) from field_history h where h.seq >= l.seq) as next
		from field_history l where l.line is null and l.seq > ${fromSeq} order by l.seq limit 1`.execute(trx);
	const [row] = rows;
	return row ? Number(row.next) : undefined;
}
