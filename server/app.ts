import { type FastifyInstance, type FastifyReply, type FastifyServerFactory, fastify } from 'fastify';
import type { Kysely } from 'kysely';
import { LIMITS, SERVER_HEADER } from '../shared/sync/protocol.ts';
import { ApiError } from './api-error.ts';
import { parseJsonBody } from './json-body.ts';
import type { Tables } from './store/tables.ts';
import { codeOf } from './store/transaction.ts';
import { readIdentity } from './sync/sync-core.ts';
import { addSyncRoutes } from './sync/sync-routes.ts';

export interface ServerOptions {
	/** An open store, brought to the newest schema (store/open-store.ts). Stays the caller's to close. */
	db: Kysely<Tables>;
	/** The server's time. */
	clock: () => Date;
	/** Is told of errors that are nobody's fault but ours. */
	report?: (error: unknown) => void;
	/** Makes the HTTP server; tests put faults in here. */
	serverFactory?: FastifyServerFactory;
}

/** Builds the central API over an open store; the caller listens on it and closes it. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
	const core = { db: options.db, clock: options.clock, ...(await readIdentity(options.db)) };
	const app = fastify({
		bodyLimit: LIMITS.bytesPerBody,
		requestTimeout: 120_000,
		routerOptions: { maxParamLength: 100 },
		forceCloseConnections: 'idle',
		...(options.serverFactory ? { serverFactory: options.serverFactory } : {}),
	});
	readOnlyJson(app);
	// Before anything can fail, so that our refusals are known for ours too.
	app.addHook('onRequest', async (_request, reply) => {
		reply.headers({ [SERVER_HEADER]: core.epoch, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
	});
	app.setErrorHandler((error, _request, reply) => sendError(reply, error, options.report));
	app.setNotFoundHandler((_request, reply) =>
		sendError(reply, new ApiError(404, 'not_found', 'There is no such address.')),
	);
	app.get('/v1/health', async () => {
		await core.db.selectFrom('counter').select('seq').executeTakeFirstOrThrow();
		return { ok: true, epoch: core.epoch };
	});
	addSyncRoutes(app, core);
	return app;
}

/** Bodies are uncompressed JSON and nothing else: another form would pass the depth check by, or unpack to any size. */
function readOnlyJson(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	app.addContentTypeParser(
		'application/json',
		{ parseAs: 'string' },
		async (request: { headers: { 'content-encoding'?: string } }, body: string | Buffer) => {
			if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
				throw new ApiError(415, 'bad_media_type', 'Bodies are not to be compressed.');
			}
			return parseJsonBody(body.toString());
		},
	);
}

const CODE_BY_STATUS: Readonly<Record<number, string>> = { 413: 'too_large', 415: 'bad_media_type' };

/** The database is away, starting, full or out of connections: worth another try later. */
const UNAVAILABLE = /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|08|53|57P)/;

function sendError(reply: FastifyReply, error: unknown, report?: (error: unknown) => void): FastifyReply {
	if (error instanceof ApiError) return send(reply, error);
	const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
	if (status >= 400 && status < 500) {
		return send(reply, new ApiError(status, CODE_BY_STATUS[status] ?? 'bad_request', 'The request cannot be read.'));
	}
	report?.(error);
	if (UNAVAILABLE.test(codeOf(error)))
		return send(reply, new ApiError(503, 'unavailable', 'The store cannot be reached now.'));
	return send(reply, new ApiError(500, 'internal', 'The server failed. Nothing of the request was kept.'));
}

function send(reply: FastifyReply, error: ApiError): FastifyReply {
	return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
}
