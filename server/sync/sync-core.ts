import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';

/** What the sync endpoints work with. */
export interface SyncCore {
	db: Kysely<Tables>;
	/** The server's time. */
	clock: () => Date;
	epoch: string;
	/** Signs cursors; hex. */
	cursorKey: string;
}

/** The person a request comes from, by their token. */
export interface User {
	id: string;
	name: string;
}

/** Reads the store's identity: which epoch it is in, and the key its cursors are signed with. */
export async function readIdentity(db: Kysely<Tables>): Promise<Pick<SyncCore, 'epoch' | 'cursorKey'>> {
	const meta = await db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
	return { epoch: meta.server_epoch, cursorKey: meta.cursor_key };
}

/** Ids of the accounts a person is assigned to, sorted. */
export async function accountsOf(db: Kysely<Tables> | Trx, userId: string): Promise<string[]> {
	const rows = await db
		.selectFrom('assignment')
		.select('account_id')
		.where('user_id', '=', userId)
		.orderBy('account_id')
		.execute();
	return rows.map((row) => row.account_id);
}
