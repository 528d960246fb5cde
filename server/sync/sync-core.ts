import type { Kysely } from 'kysely';
import type { SignIn } from '../auth.ts';
import type { AtCrashPoint } from '../crash-points.ts';
import type { RateLimits } from '../security/rate-limits.ts';
import type { Tables } from '../store/tables.ts';
import type { Access } from './access.ts';
import { seesAll } from './permissions.ts';

/** What the sync endpoints work with. */
export interface SyncCore {
	db: Kysely<Tables>;
	/** The server's time. */
	clock: () => Date;
	epoch: string;
	/** Signs cursors; hex. */
	cursorKey: string;
	/** What this server can do beside the first release, as hello tells it. */
	features: readonly string[];
	/** The commit up to which everything survives the loss of the machine; undefined when that is all of it. */
	durableSeq?: () => number | undefined;
	/** How people are known. */
	signIn: SignIn;
	/** Without them everybody may ask as often as they like. */
	limits?: RateLimits | undefined;
	/** Days a laptop may work without a contact; 0: for ever. */
	leaseDays: number;
	/** Called by name between two steps of a request; a test ends the process there. */
	crashPoint?: AtCrashPoint;
}

/** The person a request comes from, by their token. */
export interface User {
	id: string;
	/** Put out: their unsent work is taken over, and nothing else. */
	isLeaving?: boolean;
	/** By the role in their token. */
	isAdministrator?: boolean;
	/** The issuer's session their token is of. */
	session?: string | undefined;
	/** When their token ends, in milliseconds since 1970 UTC; undefined: never. */
	endsAt?: number;
}

/** Reads the store's identity: which epoch it is in, and the key its cursors are signed with. */
export async function readIdentity(db: Kysely<Tables>): Promise<Pick<SyncCore, 'epoch' | 'cursorKey'>> {
	const meta = await db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
	return { epoch: meta.server_epoch, cursorKey: meta.cursor_key };
}

/** A person's accounts as a cursor for a laptop of the first release names them: a role that sees less of an account is a different one. */
export function knownAccounts({ grants }: Access): string[] {
	return [...grants.values()].map(({ account, role }) => (seesAll(role) ? account : `${account} ${role}`));
}
