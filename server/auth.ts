import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { findByIdentity, findByToken } from './people.ts';
import { signedOut, type TokenClaims, type VerifyToken } from './security/access-token.ts';
import { findByTicket } from './security/departure.ts';
import type { SyncCore, User } from './sync/sync-core.ts';

/** How the server knows people. */
export interface SignIn {
	/** Checks the access tokens of the configured issuer; without it none are taken. */
	verify: VerifyToken | undefined;
	/** The tokens of token files and of the sample, which never end: for tests and evaluation. */
	takesOpaque: boolean;
}

/** The role in a token that makes its owner an administrator. */
export const ADMINISTRATOR = 'fieldbook-admin';

type Guard = (request: FastifyRequest) => Promise<void>;

const guards = new WeakSet<Guard>();
const userByRequest = new WeakMap<FastifyRequest, User>();

export interface Door {
	/** Also somebody who has been put out comes in here: their unsent work is taken over first. */
	leaving?: boolean;
}

/**
 * The hook of every route that wants a person: looks at the token before the body is read. Throws 401 `signed_out`, 401
 * `revoked` for somebody who has been put out, 403 `not_invited` for a person of the issuer's whom this server does not know,
 * 429 `too_many`.
 */
export function requireUser(core: SyncCore, door: Door = {}): Guard {
	const guard: Guard = async (request) => {
		const user = await identify(core, request.headers.authorization ?? '', door).catch((error: unknown) => {
			if (error instanceof ApiError && error.status < 500) core.limits?.stranger(request.ip);
			throw error;
		});
		core.limits?.person(user.id);
		if (user.isLeaving && !door.leaving)
			throw new ApiError(401, 'revoked', 'The access of this person or laptop has ended.');
		userByRequest.set(request, user);
	};
	guards.add(guard);
	return guard;
}

/** Whether a route's hooks ask for a person. */
export function isGuarded(hooks: unknown): boolean {
	return [hooks].flat().some((hook) => guards.has(hook as Guard));
}

/** The person a request comes from. Throws 401 `signed_out` on a route without `requireUser`. */
export function userOf(request: FastifyRequest): User {
	const user = userByRequest.get(request);
	if (!user) throw signedOut();
	return user;
}

async function identify(core: SyncCore, header: string, { leaving }: Door): Promise<User> {
	const { verify, takesOpaque } = core.signIn;
	const ticket = leaving && /^Device ([^\s:]{8,64}):([0-9a-f]{64})$/.exec(header);
	if (ticket) {
		const user = await findByTicket(core, { device: ticket[1] ?? '', ticket: ticket[2] ?? '' });
		if (!user) throw signedOut();
		return user;
	}
	const token = /^Bearer (\S+)$/.exec(header)?.[1];
	if (!token) throw signedOut();
	if (verify && token.split('.').length === 3) return known(core, await verify(token));
	const user = takesOpaque && token.length <= 512 ? await findByToken(core.db, token) : undefined;
	if (!user) throw signedOut();
	return user;
}

async function known(core: SyncCore, claims: TokenClaims): Promise<User> {
	const user = await findByIdentity(core.db, claims);
	if (!user) throw new ApiError(403, 'not_invited', 'Nobody has given this person a place here yet.');
	return { ...user, isAdministrator: claims.roles.includes(ADMINISTRATOR), session: claims.sid, endsAt: claims.endsAt };
}
