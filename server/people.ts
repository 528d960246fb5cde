import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import {
	type Assignment,
	areManagersSettled,
	beginCommit,
	closeAll,
	lockScope,
	managersOf,
	openAll,
	openAssignments,
	roleOfUser,
	settleManagers,
} from './admin/assignments.ts';
import type { Tables } from './store/tables.ts';
import type { Trx } from './store/transaction.ts';
import { roleOf } from './sync/permissions.ts';
import type { User } from './sync/sync-core.ts';

/** A person's way in: a token, and the accounts they are assigned to. Their name is their `app_user` record. */
export interface Login {
	userId: string;
	token: string;
	accounts: readonly string[];
	/** Their manager, who sees what they have. */
	reportsTo?: string | undefined;
}

/**
 * Stores logins. Only the tokens' hashes are kept; assignments are added, none is taken away, each with the role of its
 * person's own record. `now` is UTC.
 */
export async function addLogins(trx: Trx, logins: readonly Login[], now: Date): Promise<void> {
	for (const { token, userId, reportsTo } of logins) {
		await trx
			.insertInto('user_token')
			.values({ hash: tokenHash(token), user_id: userId, created_at: now.toISOString() })
			.onConflict((conflict) => conflict.column('hash').doUpdateSet({ user_id: userId }))
			.execute();
		if (reportsTo === undefined) continue;
		await trx
			.insertInto('reporting_line')
			.values({ user_id: userId, manager_id: reportsTo })
			.onConflict((conflict) => conflict.column('user_id').doUpdateSet({ manager_id: reportsTo }))
			.execute();
	}
	await addAssignments(trx, logins, now);
}

async function addAssignments(trx: Trx, logins: readonly Login[], now: Date): Promise<void> {
	const users = logins.map((login) => login.userId);
	await lockScope(trx, [...users, ...(await managersOf(trx, users))]);
	const accounts = [...new Set(logins.flatMap((login) => login.accounts))];
	const open = await openAssignments(trx, accounts);
	const has = new Set(open.filter((one) => !one.derived).map(({ user, account }) => JSON.stringify([user, account])));
	const added: Assignment[] = [];
	for (const { userId: user, accounts: own } of logins) {
		const missing = own.filter((account) => !has.has(JSON.stringify([user, account])));
		for (const account of missing) has.add(JSON.stringify([user, account]));
		const role = missing.length > 0 ? ((await roleOfUser(trx, user)).role ?? 'SAM') : 'SAM';
		added.push(...missing.map((account) => ({ user, account, role: roleOf(role), derived: false })));
	}
	const theirs = await trx.selectFrom('assignment').select('account_id').where('user_id', 'in', users).execute();
	const settled = [...new Set([...accounts, ...theirs.map((row) => row.account_id)])];
	if (added.length === 0 && (await areManagersSettled(trx, settled))) return;
	const commit = await beginCommit(trx, now);
	const taken = new Set(added.map(({ user, account }) => JSON.stringify([user, account])));
	await closeAll(
		trx,
		open.filter((one) => one.derived && taken.has(JSON.stringify([one.user, one.account]))),
		commit,
	);
	await openAll(trx, added, commit);
	await settleManagers(trx, settled, commit);
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
