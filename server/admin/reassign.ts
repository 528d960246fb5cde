import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { nextVersion } from '../../shared/sync/version.ts';
import { ApiError } from '../api-error.ts';
import { inReach } from '../store/reach.ts';
import type { HistoryRow, Tables } from '../store/tables.ts';
import { inTransaction, type Trx, topSeq } from '../store/transaction.ts';
import { insertHistory, updateRecords } from '../store/write-rows.ts';
import { type Role, roleOf } from '../sync/permissions.ts';
import { readRecord, type StoredRecord, setVersion, writeRecord } from '../sync/record-state.ts';
import { SERVER_SHORT } from '../sync/server-short.ts';
import {
	type Assignment,
	beginCommit,
	closeAll,
	lockScope,
	managersOf,
	openAll,
	openAssignments,
	roleOfUser,
	type ScopeCommit,
	settleManagers,
} from './assignments.ts';

/** An account that goes from one person to another. */
export interface Reassignment {
	account: string;
	from: string;
	to: string;
	/** The manager who asks for it; null when it comes from the server's own command line. */
	by: string | null;
}

/** Under which an account's history tells who had it. No field has this name. */
const ASSIGNED = '@assigned';

/** Fields of an account that name one of its people. */
const PEOPLE_FIELDS = ['sam_user', 'css_user'] as const;

/**
 * Gives an account from one person to another, in one commit: the one's laptops are told that it went, the other's that
 * it came, and managers see what their people have. Said again it changes nothing. Returns the commit, or the newest one
 * when nothing had to change. Throws ApiError 403 `no_access` for a manager who does not manage the account, 404
 * `not_found`, 409 `not_assigned`, 400 `bad_request` for the same person twice.
 */
export async function reassign(
	db: Kysely<Tables>,
	change: Reassignment,
	now: Date,
): Promise<{ seq: number; changed: boolean }> {
	if (change.from === change.to) throw new ApiError(400, 'bad_request', 'The account has to go to somebody else.');
	if (change.by === null) return inTransaction(db, (trx) => reassignIn(trx, change, now));
	return inReach(db, { user: change.by, how: 'office' }, (trx) => reassignIn(trx, change, now));
}

async function reassignIn(trx: Trx, change: Reassignment, now: Date): Promise<{ seq: number; changed: boolean }> {
	const { account, from, to, by } = change;
	await lockScope(trx, [from, to, ...(await managersOf(trx, [from, to]))]);
	const open = await openAssignments(trx, [account]);
	const find = (user: string) => open.find((one) => one.user === user);
	if (by !== null && find(by)?.role !== 'MANAGER')
		throw new ApiError(403, 'no_access', 'Only a manager of the account may give it to somebody else.');
	const receiver = await roleOfUser(trx, to);
	if (!receiver.isKnown) throw new ApiError(404, 'not_found', `There is no colleague ${to}.`);
	const [giving, receiving] = [find(from), find(to)];
	const isDone = receiving !== undefined && !receiving.derived;
	if (!giving || giving.derived) {
		if (isDone) return { seq: await topSeq(trx), changed: false };
		throw new ApiError(409, 'not_assigned', `${from} does not have the account ${account}.`);
	}
	const record = await lockAccount(trx, account);
	const commit = await beginCommit(trx, now);
	await closeAll(trx, receiving && !isDone ? [giving, receiving] : [giving], commit);
	const role = roleFor(receiver.role, giving.role);
	if (!isDone) await openAll(trx, [{ user: to, account, role, derived: false }], commit);
	await settleManagers(trx, [account], commit);
	await nameOnAccount(trx, { change, record, now, given: giving }, commit);
	return { seq: commit.seq, changed: true };
}

/** A person's own role goes with them; a manager, or somebody without a role, takes the place of the one before. */
function roleFor(own: string | undefined, before: Role): Role {
	return own === undefined || own === 'MANAGER' ? before : roleOf(own);
}

async function lockAccount(trx: Trx, account: string): Promise<StoredRecord | undefined> {
	const { rows } = await sql<StoredRecord>`
		select entity, id, account_id, holder, data::text as data, versions, clamped, created_at, created_by, deleted_at, seq
		from record where entity = 'account' and id = ${account} for update`.execute(trx);
	return rows[0];
}

interface Naming {
	change: Reassignment;
	record: StoredRecord | undefined;
	now: Date;
	given: Assignment;
}

/** Where the account's record names the one who had it, it now names the other; its history says who gave it. */
async function nameOnAccount(trx: Trx, { change, record, now }: Naming, commit: ScopeCommit): Promise<void> {
	const { account, from, to, by } = change;
	const version = nextVersion(undefined, now.getTime(), SERVER_SHORT);
	const line = (field: string, ord: number): HistoryRow => ({
		seq: commit.seq,
		ord,
		entity: 'account',
		row_id: account,
		field,
		before: JSON.stringify(from),
		value: JSON.stringify(to),
		version,
		base: null,
		by_user: by,
		device: null,
		device_at: null,
		server_at: commit.at,
		outcome: 'apply',
		stands_as: null,
		conflict_id: null,
	});
	const state = record ? readRecord(record) : undefined;
	const named = PEOPLE_FIELDS.filter((field) => state?.data[field] === from);
	for (const field of named) {
		if (!state) continue;
		state.data[field] = to;
		setVersion(state, field, { version, counted: version });
	}
	if (state && named.length > 0) await updateRecords(trx, [writeRecord(state, commit.seq, commit.ord++)]);
	await insertHistory(trx, [ASSIGNED, ...named].map(line));
}
