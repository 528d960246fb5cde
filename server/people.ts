import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
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

/** A person's way in, and the accounts they are assigned to. Their name is their `app_user` record. */
export interface Login {
	userId: string;
	/** A token that never ends; for tests and evaluation. */
	token?: string | undefined;
	/** Who they are for an issuer of tokens. */
	identity?: { issuer: string; subject: string } | undefined;
	accounts: readonly string[];
	/** Their manager, who sees what they have. */
	reportsTo?: string | undefined;
}

/**
 * Stores logins. Only the tokens' hashes are kept; assignments are added, none is taken away, each with the role of its
 * person's own record. `now` is UTC.
 */
export async function addLogins(trx: Trx, logins: readonly Login[], now: Date): Promise<void> {
	for (const { token, identity, userId, reportsTo } of logins) {
		if (token !== undefined)
			await trx
				.insertInto('user_token')
				.values({ hash: tokenHash(token), user_id: userId, created_at: now.toISOString() })
				.onConflict((conflict) => conflict.column('hash').doUpdateSet({ user_id: userId }))
				.execute();
		if (identity) await addIdentities(trx, [{ ...identity, userId }], now);
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

/** The person an opaque token belongs to; undefined for one that is not known. */
export async function findByToken(db: Kysely<Tables>, token: string): Promise<User | undefined> {
	const { rows } = await sql<FoundRow>`select t.user_id, ${isRevoked} as is_leaving from user_token t
		where t.hash = ${tokenHash(token)}`.execute(db);
	return rows[0] && { id: rows[0].user_id, isLeaving: rows[0].is_leaving };
}

/** The person behind an issuer's subject; a token of a laptop's session that was ended counts as put out. */
export async function findByIdentity(
	db: Kysely<Tables>,
	{ issuer, subject, sid }: { issuer: string; subject: string; sid: string | undefined },
): Promise<User | undefined> {
	const { rows } = await sql<FoundRow>`select t.user_id, (${isRevoked} or exists (
			select 1 from device_session s join revoked_device r on r.device = s.device where s.sid = ${sid ?? ''})) as is_leaving
		from identity t where t.issuer = ${issuer} and t.subject = ${subject}`.execute(db);
	return rows[0] && { id: rows[0].user_id, isLeaving: rows[0].is_leaving };
}

interface FoundRow {
	user_id: string;
	is_leaving: boolean;
}

const isRevoked = sql`exists (select 1 from revoked_user u where u.user_id = t.user_id)`;

/** A person's name as their record has it; their id while there is none. */
export async function nameOf(db: Trx, userId: string): Promise<string> {
	const row = await db
		.selectFrom('record')
		.select((eb) => eb.cast<string>('data', 'text').as('data'))
		.where('entity', '=', 'app_user')
		.where('id', '=', userId)
		.executeTakeFirst();
	const name = row ? (JSON.parse(row.data) as { name?: unknown }).name : undefined;
	return typeof name === 'string' ? name : userId;
}

/** Says which of an issuer's people are whom here. Said again with another person, the newer word holds. `now` is UTC. */
export async function addIdentities(
	trx: Trx,
	identities: readonly { issuer: string; subject: string; userId: string }[],
	now: Date,
): Promise<void> {
	for (const { issuer, subject, userId } of identities) {
		await trx
			.insertInto('identity')
			.values({ issuer, subject, user_id: userId, created_at: now.toISOString() })
			.onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet({ user_id: userId }))
			.execute();
	}
}

function tokenHash(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}
