import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { findUser } from '../people.ts';
import { compressFor } from './compress.ts';
import { hello } from './hello.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import type { SyncCore, User } from './sync-core.ts';

const pullQuery = z.object({
	cursor: z.string().max(400).optional(),
	max: z.coerce.number().int().positive().optional(),
});

const userByRequest = new WeakMap<FastifyRequest, User>();

/** Adds the endpoints under /v1/sync. Each wants a bearer token, looked at before the body is read. */
export function addSyncRoutes(app: FastifyInstance, core: SyncCore): void {
	const onRequest = async (request: FastifyRequest) => {
		const token = /^Bearer ([^\s]{1,512})$/.exec(request.headers.authorization ?? '')?.[1];
		const user = token ? await findUser(core.db, token) : undefined;
		if (!user) throw new ApiError(401, 'signed_out', 'The token is missing or not known.');
		userByRequest.set(request, user);
	};
	app.post('/v1/sync/hello', { onRequest, bodyLimit: 65_536 }, (request) => hello(core, userOf(request), request.body));
	app.post('/v1/sync/push', { onRequest }, (request) => push(core, userOf(request), request.body));
	app.get('/v1/sync/pull', { onRequest }, async (request, reply) => {
		const query = pullQuery.safeParse(request.query);
		if (!query.success) throw new ApiError(400, 'bad_request', 'The query is not a pull request.');
		const { body, encoding } = await compressFor(
			request.headers['accept-encoding'],
			await pull(core, userOf(request), query.data),
		);
		if (encoding) reply.header('content-encoding', encoding);
		return reply.header('vary', 'accept-encoding').type('application/x-ndjson').send(body);
	});
}

function userOf(request: FastifyRequest): User {
	const user = userByRequest.get(request);
	if (!user) throw new ApiError(401, 'signed_out', 'The token is missing or not known.');
	return user;
}
