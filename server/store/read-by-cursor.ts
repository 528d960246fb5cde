import { type RawBuilder, sql } from 'kysely';
import type { Trx } from './transaction.ts';

const ROWS_AT_A_TIME = 1000;

/** The rows of a query of any size, a thousand in memory at a time. One such reading per transaction at a time. */
export async function* readByCursor<T>(trx: Trx, query: RawBuilder<T>): AsyncGenerator<T> {
	await sql`declare reading no scroll cursor for ${query}`.execute(trx);
	for (;;) {
		const { rows } = await sql<T>`fetch ${sql.lit(ROWS_AT_A_TIME)} from reading`.execute(trx);
		yield* rows;
		if (rows.length < ROWS_AT_A_TIME) break;
	}
	await sql`close reading`.execute(trx);
}
