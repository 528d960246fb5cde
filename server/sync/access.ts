import { type Kysely, type Selectable, sql } from 'kysely';
import type { AssignmentTable, Tables } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import { type Role, roleOf } from './permissions.ts';

/** An account a person has now. */
export interface Grant {
	account: string;
	role: Role;
	/** The commit that gave it, and the place in it; 0 for one that was always there. */
	fromSeq: number;
	fromOrd: number;
}

/** An account a person had. */
export interface ClosedGrant {
	account: string;
	role: Role;
	toSeq: number;
	toOrd: number;
	/** When it was taken, UTC. */
	toAt: string;
}

/** Everything that decides what one person may see and do. */
export interface Access {
	user: string;
	/** By account. */
	grants: ReadonlyMap<string, Grant>;
	/** In the order they ended. */
	closed: readonly ClosedGrant[];
}

/** Reads which accounts a person has and had. */
export async function accessOf(db: Kysely<Tables> | Trx, user: string): Promise<Access> {
	return (await accessOfAll(db, [user])).get(user) ?? { user, grants: new Map(), closed: [] };
}

/** The same for several people at once. Somebody without any account is not in the answer. */
export async function accessOfAll(db: Kysely<Tables> | Trx, users: readonly string[]): Promise<Map<string, Access>> {
	const rows = await readAssignments(db, users);
	type Filling = { user: string; grants: Map<string, Grant>; closed: ClosedGrant[] };
	const all = new Map<string, Filling>();
	for (const row of rows) {
		const access: Filling = all.get(row.user_id) ?? { user: row.user_id, grants: new Map(), closed: [] };
		all.set(row.user_id, access);
		const place = { account: row.account_id, role: roleOf(row.role) };
		if (row.to_seq === null) {
			access.grants.set(row.account_id, { ...place, fromSeq: Number(row.from_seq), fromOrd: row.from_ord });
		} else {
			access.closed.push({ ...place, toSeq: Number(row.to_seq), toOrd: row.to_ord ?? 0, toAt: row.to_at ?? '' });
		}
	}
	return all;
}

type AssignmentLine = Pick<
	Selectable<AssignmentTable>,
	'user_id' | 'account_id' | 'role' | 'from_seq' | 'from_ord' | 'to_seq' | 'to_ord' | 'to_at'
>;

/** As one value: a person may have hundreds of accounts, and every request asks for them. */
async function readAssignments(db: Kysely<Tables> | Trx, users: readonly string[]): Promise<AssignmentLine[]> {
	const { rows } = await sql<{ all: string | null }>`
		select json_agg(json_build_object('user_id', user_id, 'account_id', account_id, 'role', role, 'from_seq', from_seq,
			'from_ord', from_ord, 'to_seq', to_seq, 'to_ord', to_ord, 'to_at', to_at) order by to_seq, account_id)::text as all
		from assignment where user_id = any(${[...users]}::text[])`.execute(db);
	return JSON.parse(rows[0]?.all ?? '[]') as AssignmentLine[];
}
