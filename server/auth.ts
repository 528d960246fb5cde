import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { findUser } from './people.ts';
import type { SyncCore, User } from './sync/sync-core.ts';

const userByRequest = new WeakMap<FastifyRequest, User>();

/** The hook of every route that wants a person: looks at the bearer token before the body is read. Throws 401 `signed_out`. */
export function requireUser(core: Pick<SyncCore, 'db'>): (request: FastifyRequest) => Promise<void> {
	return async (request) => {
		const token = /^Bearer ([^\s]{1,512})$/.exec(request.headers.authorization ?? '')?.[1];
		const user = token ? await findUser(core.db, token) : undefined;
		if (!user) throw signedOut();
		userByRequest.set(request, user);
	};
}

/** The person a request comes from. Throws 401 `signed_out` on a route without `requireUser`. */
export function userOf(request: FastifyRequest): User {
	const user = userByRequest.get(request);
	if (!user) throw signedOut();
	return user;
}

function signedOut(): ApiError {
	return new ApiError(401, 'signed_out', 'The token is missing or not known.');
}
