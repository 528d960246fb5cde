import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyServerFactory, fastify } from 'fastify';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { LIMITS, SERVER_HEADER } from '../shared/sync/protocol.ts';
import { addAdminRoutes } from './admin/admin-routes.ts';
import { ApiError, TooMany } from './api-error.ts';
import { addBlobRoutes } from './blobs/blob-routes.ts';
import type { AtCrashPoint } from './crash-points.ts';
import { describeRoutes } from './openapi.ts';
import { addPokeRoute } from './poke-route.ts';
import { readOnlyJson } from './read-body.ts';
import type { RouteAbout } from './route-about.ts';
import type { VerifyToken } from './security/access-token.ts';
import { RateLimits, type RateRules } from './security/rate-limits.ts';
import { addSessionRoutes, type SignInPlace } from './security/session-routes.ts';
import type { WatchCommits } from './store/open-store.ts';
import type { Tables } from './store/tables.ts';
import { codeOf } from './store/transaction.ts';
import { compressReplies } from './sync/compress.ts';
import { readIdentity, type SyncCore } from './sync/sync-core.ts';
import { addSyncRoutes } from './sync/sync-routes.ts';

export interface ServerOptions {
	/** An open store, brought to the newest schema (store/open-store.ts). Stays the caller's to close. */
	db: Kysely<Tables>;
	/** The server's time. */
	clock: () => Date;
	/** Tells of commits, of this process or another on the same store; without it there are no pokes. */
	watchCommits?: WatchCommits;
	/** Between two signs of life on a stream of pokes; 25 seconds unless given. */
	heartbeatMs?: number;
	/** The commit up to which everything survives the loss of the machine; without it, all of it. */
	durableSeq?: () => number | undefined;
	/** Checks the tokens of an issuer, and tells laptops where it is; without it only tokens of a token file are taken. */
	signIn?: { verify: VerifyToken; place: SignInPlace };
	/** Tokens of token files and of the sample are taken. Unless given: except in production. */
	takesOpaque?: boolean;
	/** Days a laptop may work without a contact; 0 for ever. 30 unless given. */
	leaseDays?: number;
	/** How often somebody may ask; without it as often as they like. */
	rates?: RateRules | undefined;
	/** Addresses of our own proxies: the address that they name is where a request comes from. Nobody else is believed. */
	proxies?: readonly string[];
	/** How long a request's head and all of it may take to arrive, in ms; 20 and 120 seconds unless given. */
	patience?: { headMs: number; requestMs: number };
	/** Folder for attached files; without it none are taken. */
	blobDir?: string;
	/** Is told of errors that are nobody's fault but ours. */
	report?: (error: unknown) => void;
	/** Is told of each request when it has been answered. Never anything a record says. */
	log?: (line: RequestLine) => void;
	/** Makes the HTTP server; tests put faults in here. */
	serverFactory?: FastifyServerFactory;
	/** Is called by name between two steps of a request; a test ends the process there. */
	crashPoint?: AtCrashPoint;
}

/** What is noted of a request. `route` is the address as it was registered, without what a client put into it. */
export interface RequestLine {
	/** As the reply says it in `x-request-id`. */
	id: string;
	method: string;
	route: string;
	status: number;
	ms: number;
}

const LEASE_DAYS = 30;
const HEADERS = {
	'cache-control': 'no-store',
	'x-content-type-options': 'nosniff',
	// Heeded where it comes over TLS, which a proxy before the server ends; the app goes nowhere without it anyway.
	'strict-transport-security': 'max-age=31536000',
};
const PATIENCE = { headMs: 20_000, requestMs: 120_000 };

/** Builds the central API over an open store; the caller listens on it and closes it. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
	const { db, clock, crashPoint, durableSeq, watchCommits, proxies = [], patience = PATIENCE } = options;
	const features = [
		'scope',
		'packed',
		'digest',
		'leave',
		...(watchCommits ? ['poke'] : []),
		...(options.blobDir ? ['files'] : []),
	];
	const signIn = {
		verify: options.signIn?.verify,
		takesOpaque: options.takesOpaque ?? process.env.NODE_ENV !== 'production',
	};
	const leaseDays = options.leaseDays ?? LEASE_DAYS;
	const core: SyncCore = {
		db,
		clock,
		features,
		durableSeq,
		crashPoint,
		signIn,
		limits: options.rates && new RateLimits(options.rates),
		leaseDays,
		...(await readIdentity(db)),
	};
	const app = fastify({
		bodyLimit: LIMITS.bytesPerBody,
		requestTimeout: patience.requestMs,
		http: { headersTimeout: patience.headMs, connectionsCheckingInterval: Math.min(5000, patience.headMs) },
		trustProxy: proxies.length > 0 ? [...proxies] : false,
		routerOptions: { maxParamLength: 100 },
		exposeHeadRoutes: false,
		requestIdHeader: false,
		genReqId: () => randomUUID(),
		// An address that cannot be decoded comes by none of the hooks below.
		frameworkErrors: (error, _request, reply) =>
			sendError(reply.headers({ [SERVER_HEADER]: core.epoch, ...HEADERS }), error, options.report),
		forceCloseConnections: 'idle',
		...(options.serverFactory ? { serverFactory: options.serverFactory } : {}),
	});
	readOnlyJson(app);
	compressReplies(app);
	// Before anything can fail, so that our refusals are known for ours too.
	app.addHook('onRequest', async (request, reply) => {
		reply.headers({ [SERVER_HEADER]: core.epoch, ...HEADERS, 'x-request-id': request.id });
	});
	app.addHook('onRequest', async ({ routeOptions, ip }) => {
		// Where nobody has to be signed in, and where there is nothing.
		const { about } = routeOptions.config;
		if (!about || about.open) core.limits?.stranger(ip);
	});
	noteRequests(app, options.log);
	app.setErrorHandler((error, _request, reply) => sendError(reply, error, options.report));
	app.setNotFoundHandler((_request, reply) =>
		sendError(reply, new ApiError(404, 'not_found', 'There is no such address.')),
	);
	describeRoutes(app);
	app.get('/v1/health', { config: { about: aboutHealth } }, async () => {
		await core.db.selectFrom('counter').select('seq').executeTakeFirstOrThrow();
		return { ok: true, epoch: core.epoch };
	});
	addSyncRoutes(app, core);
	addAdminRoutes(app, core);
	addSessionRoutes(app, core, options.signIn?.place);
	if (watchCommits)
		await addPokeRoute(app, { core, watchCommits, heartbeatMs: options.heartbeatMs, report: options.report });
	if (options.blobDir) addBlobRoutes(app, core, { dir: options.blobDir });
	return app;
}

const aboutHealth: RouteAbout = {
	summary: 'Whether the server can reach its store',
	open: true,
	replies: { 200: { says: 'It can.', schema: z.object({ ok: z.literal(true), epoch: z.string() }) } },
};

function noteRequests(app: FastifyInstance, log: ServerOptions['log']): void {
	if (!log) return;
	app.addHook('onResponse', async (request, reply) => {
		const { method, routeOptions } = request;
		log({
			id: request.id,
			method,
			route: routeOptions.url ?? '',
			status: reply.statusCode,
			ms: Math.round(reply.elapsedTime),
		});
	});
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
	if (error instanceof TooMany) reply.header('retry-after', error.retryAfterS);
	return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
}
