import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from './store/tables.ts';
import type { Trx } from './store/transaction.ts';
import type { User } from './sync/sync-core.ts';

/** A person's way in: a token, and the accounts they are assigned to. Their name is their `app_user` record. */
export interface Login {
	userId: string;
	token: string;
	accounts: readonly string[];
}

/** Stores a login. Only the token's hash is kept; assignments are added, none is taken away. `now` is UTC. */
export async function addLogin(trx: Trx, login: Login, now: Date): Promise<void> {
	await trx
		.insertInto('user_token')
		.values({ hash: tokenHash(login.token), user_id: login.userId, created_at: now.toISOString() })
		.onConflict((conflict) => conflict.column('hash').doUpdateSet({ user_id: login.userId }))
		.execute();
	if (login.accounts.length === 0) return;
	await trx
		.insertInto('assignment')
		.values(login.accounts.map((account) => ({ user_id: login.userId, account_id: account })))
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}

/** The person a token belongs to; undefined for one that is not known. */
export async function findUser(db: Kysely<Tables>, token: string): Promise<User | undefined> {
	const row = await db
		.selectFrom('user_token as t')
		.leftJoin('record as r', (join) => join.onRef('r.id', '=', 't.user_id').on('r.entity', '=', 'app_user'))
		.select(['t.user_id', (eb) => eb.cast<string | null>('r.data', 'text').as('data')])
		.where('t.hash', '=', tokenHash(token))
		.executeTakeFirst();
	if (!row) return undefined;
	const name = row.data ? (JSON.parse(row.data) as { name?: unknown }).name : undefined;
	return { id: row.user_id, name: typeof name === 'string' ? name : row.user_id };
}

function tokenHash(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}
