import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';
import { inTransaction, type Trx } from './transaction.ts';

/** For whom a transaction works, and how far it reaches; the words are explained where the policies are (migrations 6 and 8). */
export interface Reach {
	user: string | null;
	how: 'read' | 'write' | 'office' | 'door' | 'forget';
}

/** Ways to rows that a planner may take beside the one by their keys. */
const OTHER_WAYS = ['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * Makes this transaction work under the role that owns nothing, for one person. To be called first in it; the rest of the
 * connection's life is not touched. `authors`: whose edits are written besides the person's own.
 */
export async function takeReach(trx: Trx, { user, how }: Reach): Promise<void> {
	const name = user ?? '';
	// A push names its rows by their keys. By the policies' conditions the planner thinks that there are next to none, and
	// would look through the whole table for each of them.
	const byKey =
		how === 'write' ? sql`, ${sql.join(OTHER_WAYS.map((way) => sql`set_config(${way}, 'off', true)`))}` : sql``;
	await sql`select set_config('role', 'fieldbook_app', true), set_config('fieldbook.user', ${name}, true),
		set_config('fieldbook.how', ${how}, true), set_config('fieldbook.users', ${name}, true)${byKey}`.execute(trx);
}

/** Adds the people whose edits this transaction writes besides the person's own. */
export async function addAuthors(trx: Trx, users: Iterable<string>): Promise<void> {
	await sql`select set_config('fieldbook.users', ${[...users].join('\n')}, true)`.execute(trx);
}

/** `inTransaction` with a reach. */
export function inReach<T>(db: Kysely<Tables>, reach: Reach, work: (trx: Trx) => Promise<T>): Promise<T> {
	return inTransaction(db, async (trx) => {
		await takeReach(trx, reach);
		return work(trx);
	});
}
