import { type Kysely, sql } from 'kysely';
import { managersOf } from '../admin/assignments.ts';
import { ApiError } from '../api-error.ts';
import { inReach } from '../store/reach.ts';
import type { Tables } from '../store/tables.ts';
import { inTransaction, type Trx } from '../store/transaction.ts';
import type { User } from '../sync/sync-core.ts';
import { noteEvent } from './audit-event.ts';

/** Who or what is put out, or let in again. */
export type Subject = { user: string } | { device: string };

/** Who asks for it; null is the server's own command line. */
export type Asker = User | null;

export interface Revocation {
	subject: Subject;
	/** False: let in again. */
	revoked: boolean;
	by: Asker;
}

/**
 * Puts a person or one laptop out, from this moment and for every server on the store, or lets them in again. Their
 * laptops hand in what is unsent at their next contact and then destroy what they hold. Said again it changes nothing.
 * Returns the laptops it is about. Throws ApiError 403 `no_access`, 404 `not_found`.
 */
export async function revoke(db: Kysely<Tables>, change: Revocation, now: Date): Promise<{ devices: string[] }> {
	return asked(db, change.by, async (trx) => {
		const { subject, by } = change;
		const owner = 'user' in subject ? subject.user : await ownerOf(trx, subject.device);
		if (by) await requireRight(trx, by, { owner, isDevice: 'device' in subject });
		if (owner === undefined || ('user' in subject && !(await isKnown(trx, subject.user))))
			throw new ApiError(404, 'not_found', 'There is no such person or laptop.');
		const devices = 'user' in subject ? await devicesOf(trx, subject.user) : [subject.device];
		const row = { at: now.toISOString(), by_user: by?.id ?? null };
		const isNew = change.revoked ? await shutOut(trx, subject, row) : await admit(trx, subject, devices);
		const whom =
			'user' in subject
				? { entity: 'app_user' as const, id: subject.user }
				: { entity: 'device' as const, id: subject.device };
		if (isNew)
			await noteEvent(trx, {
				...whom,
				what: '@revoked',
				before: !change.revoked,
				value: change.revoked,
				by: row.by_user,
				at: now,
			});
		return { devices };
	});
}

/** The command line works as the store's owner. */
function asked<T>(db: Kysely<Tables>, by: Asker, work: (trx: Trx) => Promise<T>): Promise<T> {
	return by ? inReach(db, { user: by.id, how: 'office' }, work) : inTransaction(db, work);
}

/** False when they were out already. */
async function shutOut(trx: Trx, subject: Subject, row: { at: string; by_user: string | null }): Promise<boolean> {
	const { rows } = await ('user' in subject
		? sql`insert into revoked_user (user_id, at, by_user) values (${subject.user}, ${row.at}, ${row.by_user})
			on conflict do nothing returning at`
		: sql`insert into revoked_device (device, at, by_user) values (${subject.device}, ${row.at}, ${row.by_user})
			on conflict do nothing returning at`
	).execute(trx);
	return rows.length > 0;
}

/** A laptop that has destroyed what it held comes back as one that has just been set up; any other goes on. False when they were in already. */
async function admit(trx: Trx, subject: Subject, devices: readonly string[]): Promise<boolean> {
	const { rows } = await ('user' in subject
		? sql`delete from revoked_user where user_id = ${subject.user} returning at`
		: sql`delete from revoked_device where device = ${subject.device} returning at`
	).execute(trx);
	await sql`delete from departure where device = any(${[...devices]}::text[]) and wiped_at is null`.execute(trx);
	return rows.length > 0;
}

async function requireRight(
	trx: Trx,
	by: User,
	{ owner, isDevice }: { owner: string | undefined; isDevice: boolean },
): Promise<void> {
	if (by.isAdministrator) return;
	if (isDevice && owner === by.id) return;
	if (owner !== undefined && owner !== by.id && (await managersOf(trx, [owner])).includes(by.id)) return;
	throw new ApiError(403, 'no_access', 'This is for an administrator, or the manager of this person.');
}

async function ownerOf(trx: Trx, device: string): Promise<string | undefined> {
	const row = await trx.selectFrom('device').select('user_id').where('id', '=', device).executeTakeFirst();
	return row?.user_id;
}

async function devicesOf(trx: Trx, user: string): Promise<string[]> {
	const rows = await trx.selectFrom('device').select('id').where('user_id', '=', user).orderBy('id').execute();
	return rows.map((row) => row.id);
}

async function isKnown(trx: Trx, user: string): Promise<boolean> {
	const { rows } = await sql`select 1 from record where entity = 'app_user' and id = ${user}
		union select 1 from identity where user_id = ${user} union select 1 from user_token where user_id = ${user}`.execute(
		trx,
	);
	return rows.length > 0;
}

/** A person's laptop as they and an administrator see it. Times are UTC. */
export interface DeviceSession {
	device: string;
	name: string;
	since: string;
	lastSeen: string;
	/** `ended`: at its next contact it hands in its work. `asked`: that is under way. `told`: it was told to destroy what it holds. `wiped`: it has. */
	state: 'open' | 'ended' | 'asked' | 'told' | 'wiped';
}

/** A person's laptops, the one seen last first. Throws ApiError 403 `no_access` for somebody else's. */
export async function listSessions(db: Kysely<Tables>, by: User, user: string): Promise<DeviceSession[]> {
	return asked(db, by, async (trx) => {
		if (user !== by.id) await requireRight(trx, by, { owner: user, isDevice: false });
		const { rows } = await sql<{
			id: string;
			name: string;
			created_at: string;
			last_seen_at: string;
			state: DeviceSession['state'];
		}>`select d.id, d.name, d.created_at, d.last_seen_at, case
				when r.device is null and u.user_id is null then 'open'
				when g.wiped_at is not null then 'wiped' when g.told_at is not null then 'told'
				when g.device is not null then 'asked' else 'ended' end as state
			from device d left join revoked_device r on r.device = d.id left join revoked_user u on u.user_id = d.user_id
				left join departure g on g.device = d.id
			where d.user_id = ${user} order by d.last_seen_at desc, d.id`.execute(trx);
		return rows.map((row) => ({
			device: row.id,
			name: row.name,
			since: row.created_at,
			lastSeen: row.last_seen_at,
			state: row.state,
		}));
	});
}
