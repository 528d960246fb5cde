import { sql } from 'kysely';
import { nextSeq, type Trx } from '../store/transaction.ts';
import type { Role } from '../sync/permissions.ts';

/** A commit that changes who has which accounts; each change of it takes the next place. */
export interface ScopeCommit {
	seq: number;
	/** UTC. */
	at: string;
	ord: number;
}

/** One person's part in one account. */
export interface Assignment {
	user: string;
	account: string;
	role: Role;
	/** Follows from who reports to whom. */
	derived: boolean;
}

/** Keeps these people's pushes waiting until this transaction ends, and those under way go first. Call it before anything else is locked. */
export async function lockScope(trx: Trx, users: readonly string[]): Promise<void> {
	const sorted = [...new Set(users)].sort();
	await sql`insert into scope_version (user_id, version) select u, 1 from unnest(${sorted}::text[]) u order by u
		on conflict (user_id) do update set version = scope_version.version + 1`.execute(trx);
}

/** Starts a commit. `now` is UTC. */
export async function beginCommit(trx: Trx, now: Date): Promise<ScopeCommit> {
	return { seq: await nextSeq(trx), at: now.toISOString(), ord: 0 };
}

/** The open assignments of some accounts. */
export async function openAssignments(trx: Trx, accounts: readonly string[]): Promise<Assignment[]> {
	if (accounts.length === 0) return [];
	const rows = await trx
		.selectFrom('assignment')
		.selectAll()
		.where('account_id', 'in', [...accounts])
		.where('to_seq', 'is', null)
		.orderBy('account_id')
		.orderBy('user_id')
		.execute();
	return rows.map((row) => ({
		user: row.user_id,
		account: row.account_id,
		role: row.role as Role,
		derived: row.derived,
	}));
}

/** Gives accounts to people who do not have them. */
export async function openAll(trx: Trx, list: readonly Assignment[], commit: ScopeCommit): Promise<void> {
	if (list.length === 0) return;
	const rows = list.map(({ user, account, role, derived }) => ({
		user_id: user,
		account_id: account,
		role,
		derived,
		from_seq: commit.seq,
		from_ord: commit.ord++,
		from_at: commit.at,
	}));
	await trx.insertInto('assignment').values(rows).execute();
}

/** Takes accounts from people who have them. */
export async function closeAll(
	trx: Trx,
	list: readonly Pick<Assignment, 'user' | 'account'>[],
	commit: ScopeCommit,
): Promise<void> {
	for (const { user, account } of list) {
		await trx
			.updateTable('assignment')
			.set({ to_seq: commit.seq, to_ord: commit.ord++, to_at: commit.at })
			.where('user_id', '=', user)
			.where('account_id', '=', account)
			.where('to_seq', 'is', null)
			.execute();
	}
}

/** Everybody these people report to, directly or through others. */
export async function managersOf(trx: Trx, users: readonly string[]): Promise<string[]> {
	const { rows } = await sql<{ manager_id: string }>`
		with recursive above(manager_id) as (
			select manager_id from reporting_line where user_id = any(${[...users]}::text[])
			union select l.manager_id from reporting_line l join above a on l.user_id = a.manager_id)
		select manager_id from above order by manager_id`.execute(trx);
	return rows.map((row) => row.manager_id);
}

/** What managers have too much and too little of some accounts: each has those of all who report to them. */
async function managersOff(
	trx: Trx,
	accounts: readonly string[],
): Promise<{ stale: Assignment[]; missing: Assignment[] }> {
	const open = await openAssignments(trx, accounts);
	const { rows } = await sql<{ account_id: string; manager_id: string }>`
		with recursive above(account_id, manager_id) as (
			select a.account_id, l.manager_id from assignment a join reporting_line l on l.user_id = a.user_id
				where a.to_seq is null and not a.derived and a.account_id = any(${[...accounts]}::text[])
			union select b.account_id, l.manager_id from above b join reporting_line l on l.user_id = b.manager_id)
		select distinct account_id, manager_id from above order by account_id, manager_id`.execute(trx);
	const key = (user: string, account: string) => JSON.stringify([user, account]);
	const has = new Set(open.map(({ user, account }) => key(user, account)));
	const wanted = new Set(rows.map((row) => key(row.manager_id, row.account_id)));
	return {
		stale: open.filter(({ user, account, derived }) => derived && !wanted.has(key(user, account))),
		missing: rows
			.filter((row) => !has.has(key(row.manager_id, row.account_id)))
			.map((row) => ({ user: row.manager_id, account: row.account_id, role: 'MANAGER', derived: true })),
	};
}

/** Brings what managers see of some accounts in line with who has them. */
export async function settleManagers(trx: Trx, accounts: readonly string[], commit: ScopeCommit): Promise<void> {
	const { stale, missing } = await managersOff(trx, accounts);
	await closeAll(trx, stale, commit);
	await openAll(trx, missing, commit);
}

/** Whether `settleManagers` would change anything. */
export async function areManagersSettled(trx: Trx, accounts: readonly string[]): Promise<boolean> {
	const { stale, missing } = await managersOff(trx, accounts);
	return stale.length + missing.length === 0;
}

/** The role in a person's own record; undefined for one without, or who is not known. */
export async function roleOfUser(trx: Trx, user: string): Promise<{ isKnown: boolean; role: string | undefined }> {
	const row = await trx
		.selectFrom('record')
		.select((eb) => eb.cast<string>('data', 'text').as('data'))
		.where('entity', '=', 'app_user')
		.where('id', '=', user)
		.executeTakeFirst();
	if (!row) return { isKnown: false, role: undefined };
	const { role } = JSON.parse(row.data) as { role?: unknown };
	return { isKnown: true, role: typeof role === 'string' ? role : undefined };
}
