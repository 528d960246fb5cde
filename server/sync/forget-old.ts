import { type Kysely, sql } from 'kysely';
import { LONGEST_AWAY_MS } from '../../shared/sync/longest-away.ts';
import { inReach, type Reach } from '../store/reach.ts';
import type { Tables } from '../store/tables.ts';

/** Rows that go in one transaction: pushes and pulls have their turn in between. */
const AT_ONCE = 1000;

const FORGETTING: Reach = { user: null, how: 'forget' };

/** How many rows of each kind went. */
export interface Forgotten {
	/** Answers to groups. A laptop asks again for those it has no answer to and for its last one; both are newer. */
	groups: number;
	/** Names of commits, by which a cursor is known to be of this store. A laptop whose cursor is older starts over. */
	commits: number;
	/** Deleted records with their texts. Every laptop whose cursor is still good has heard of the deletion. */
	tombstones: number;
	/** Refused operations that waited for their record; it would have come with a laptop long since. They stay in the quarantine. */
	held: number;
}

/**
 * Forgets what is only kept for laptops that have been away (LONGEST_AWAY_MS), a little at a time. The last answer to each
 * laptop, and the name of the newest commit of that age, stay. What happened is never forgotten: neither the history of
 * fields nor what was refused.
 */
export async function forgetOld(db: Kysely<Tables>, now: Date): Promise<Forgotten> {
	const before = new Date(now.getTime() - LONGEST_AWAY_MS).toISOString();
	const seq = await lastSeqBefore(db, before);
	const some = sql.raw(`limit ${AT_ONCE}`);
	return {
		tombstones: await forgetTombstones(db, seq),
		groups: await deleteAll(
			db,
			sql`delete from push_group where (device, no) in (select g.device, g.no from push_group g
				join device d on d.id = g.device where g.seq <= ${seq} and g.no < d.last_group ${some})`,
		),
		held: await deleteAll(
			db,
			sql`delete from held_op where (device, group_no, op_no) in (select device, group_no, op_no from held_op
				where server_at < ${before} ${some})`,
		),
		// Last: only then is a cursor of that age of no use any more.
		commits: await deleteAll(
			db,
			sql`delete from commit_tag where seq in (select seq from commit_tag where seq < ${seq} order by seq ${some})`,
		),
	};
}

/** The newest commit of before `at` (UTC); 0 when there is none. A clock that was once set back makes it an older one. */
async function lastSeqBefore(db: Kysely<Tables>, at: string): Promise<number> {
	return inReach(db, FORGETTING, async (trx) => {
		const { rows } = await sql<{ seq: number | null }>`
			select coalesce((select min(seq) - 1 from field_history where server_at >= ${at}), max(seq)) as seq
			from field_history`.execute(trx);
		return Number(rows[0]?.seq ?? 0);
	});
}

async function forgetTombstones(db: Kysely<Tables>, seq: number): Promise<number> {
	for (let total = 0; ; ) {
		const gone = await inReach(db, FORGETTING, async (trx) => {
			// One that was brought back meanwhile has a newer commit and stays.
			const { rows } = await sql<{ entity: string; id: string }>`
				delete from record where deleted_at is not null and seq <= ${seq} and (entity, id) in (
					select entity, id from record where seq <= ${seq} and deleted_at is not null limit ${sql.raw(String(AT_ONCE))})
				returning entity, id`.execute(trx);
			if (rows.length === 0) return 0;
			await sql`delete from text_update where (entity, row_id) in (select * from unnest(
				${rows.map(({ entity }) => entity)}::text[], ${rows.map(({ id }) => id)}::text[]))`.execute(trx);
			return rows.length;
		});
		total += gone;
		if (gone < AT_ONCE) return total;
	}
}

async function deleteAll(db: Kysely<Tables>, statement: ReturnType<typeof sql>): Promise<number> {
	for (let total = 0; ; ) {
		const { numAffectedRows = 0n } = await inReach(db, FORGETTING, (trx) => statement.execute(trx));
		total += Number(numAffectedRows);
		if (Number(numAffectedRows) < AT_ONCE) return total;
	}
}
