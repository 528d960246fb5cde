import { sql } from 'kysely';
import { inReach } from '../store/reach.ts';
import type { Trx } from '../store/transaction.ts';
import { accessOf } from '../sync/access.ts';
import { mayRead, mayWrite, type Role } from '../sync/permissions.ts';
import type { SyncCore, User } from '../sync/sync-core.ts';

/** A file as one account names it. */
export interface BlobRef {
	account: string;
	/** Lower-case hex. */
	sha256: string;
}

/** An attachment that refers to a file. */
export interface Reference {
	/** Bytes, as the record says. */
	size: number;
	/** The person may change this attachment, and so bring its bytes. */
	isWritable: boolean;
}

/**
 * The attachments of an account that stand, that are this file, and that the person may see: without one there is no
 * file for them, whatever the folder holds.
 */
export function referencesFor(core: SyncCore, user: User, ref: BlobRef): Promise<Reference[]> {
	return inReach(core.db, { user: user.id, how: 'read' }, async (trx) => {
		const access = await accessOf(trx, user.id);
		return referencesIn(trx, { ...ref, role: access.grants.get(ref.account)?.role });
	});
}

/**
 * The same for bringing bytes, where somebody whose account has gone to another may still bring what they had attached:
 * their laptop has the only copy, and the record has been taken over.
 */
export function referencesToBring(core: SyncCore, user: User, ref: BlobRef): Promise<Reference[]> {
	return inReach(core.db, { user: user.id, how: 'write' }, async (trx) => {
		const { grants, closed } = await accessOf(trx, user.id);
		const open = grants.get(ref.account)?.role;
		if (open) return referencesIn(trx, { ...ref, role: open });
		const role = closed.findLast(({ account }) => account === ref.account)?.role;
		return referencesIn(trx, { ...ref, role, by: user.id });
	});
}

/** True when the person has the account, or had it. */
export async function hasOrHad(core: SyncCore, user: User, account: string): Promise<boolean> {
	const { grants, closed } = await inReach(core.db, { user: user.id, how: 'read' }, (trx) => accessOf(trx, user.id));
	return grants.has(account) || closed.some((grant) => grant.account === account);
}

interface Search extends BlobRef {
	role: Role | undefined;
	/** Only records that this person made. */
	by?: string;
}

async function referencesIn(trx: Trx, { account, sha256, role, by }: Search): Promise<Reference[]> {
	if (!role) return [];
	// By the index of what a record names; its values are read as text, because they may hold what PostgreSQL would not read.
	const { rows } = await sql<{ data: string }>`
		select data::text as data from record
		where about_id = ${sha256} and entity = 'attachment' and account_id = ${account} and deleted_at is null
			and (${by ?? null}::text is null or created_by = ${by ?? null}::text)`.execute(trx);
	return rows
		.map((row) => JSON.parse(row.data) as Record<string, unknown>)
		.map((values) => ({ values, kind: { entity: 'attachment', about: String(values.parent_type) } }))
		.filter(({ kind }) => mayRead(role, kind))
		.map(({ values, kind }) => ({ size: Number(values.size), isWritable: mayWrite(role, kind) }));
}

/** True when the account has been given the bytes. */
export function isHeldBy(core: SyncCore, user: User, { account, sha256 }: BlobRef): Promise<boolean> {
	return inReach(core.db, { user: user.id, how: 'read' }, async (trx) =>
		(await holders(trx, sha256)).includes(account),
	);
}

/** True when some account lets the person read the bytes already: then nothing is learned by not sending them again. */
export function isHeldNear(core: SyncCore, user: User, sha256: string): Promise<boolean> {
	return inReach(core.db, { user: user.id, how: 'read' }, async (trx) => {
		const { grants } = await accessOf(trx, user.id);
		for (const account of await holders(trx, sha256)) {
			const role = grants.get(account)?.role;
			if ((await referencesIn(trx, { account, sha256, role })).length > 0) return true;
		}
		return false;
	});
}

async function holders(trx: Trx, sha256: string): Promise<string[]> {
	const rows = await trx.selectFrom('blob_account').select('account_id').where('sha256', '=', sha256).execute();
	return rows.map((row) => row.account_id);
}
