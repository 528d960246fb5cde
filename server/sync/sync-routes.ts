import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { digestReply } from '../../shared/sync/digest.ts';
import { helloReply, helloRequest, LIMITS, pullLine, pushReply, pushRequest } from '../../shared/sync/protocol.ts';
import { ApiError } from '../api-error.ts';
import { requireUser, userOf } from '../auth.ts';
import type { RouteAbout } from '../route-about.ts';
import { readDigest } from './digest.ts';
import { hello } from './hello.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import type { SyncCore } from './sync-core.ts';

const pullQuery = z.object({
	cursor: z.string().max(400).optional().describe('Where the last page ended; without it from the start.'),
	max: z.coerce
		.number()
		.int()
		.positive()
		.optional()
		.describe(`Most lines wanted; never more than ${LIMITS.rowsPerPull} come.`),
	marks: z
		.literal('1')
		.optional()
		.describe('Marks are understood: lines that say how far a page has come, should it be cut.'),
	schema: z.coerce
		.number()
		.int()
		.positive()
		.optional()
		.describe("The laptop's schema number. From 2 on it is told of accounts and records that come and go."),
});

const digestQuery = z.object({
	account: z.string().min(1).max(64).describe('Id of the account whose records are to be summed up.'),
	schema: z.coerce
		.number()
		.int()
		.positive()
		.optional()
		.describe("The laptop's schema number; what is newer does not count."),
});

/** Adds the endpoints under /v1/sync. Each wants a bearer token, looked at before the body is read. */
export function addSyncRoutes(app: FastifyInstance, core: SyncCore): void {
	const onRequest = requireUser(core);
	// A laptop that was put out greets and hands in its work, and nothing else.
	const leaving = requireUser(core, { leaving: true });
	app.post('/v1/sync/hello', { onRequest: leaving, bodyLimit: 65_536, config: { about: aboutHello } }, (request) =>
		hello(core, userOf(request), request.body),
	);
	app.post('/v1/sync/push', { onRequest: leaving, config: { about: aboutPush } }, (request) =>
		push(core, userOf(request), request.body),
	);
	app.get('/v1/sync/pull', { onRequest, config: { about: aboutPull } }, async (request, reply) => {
		const body = await pull(core, userOf(request), read(pullQuery, request.query));
		core.crashPoint?.('pull:before-reply');
		return reply.type('application/x-ndjson').send(body);
	});
	app.get('/v1/sync/digest', { onRequest, config: { about: aboutDigest } }, (request) =>
		readDigest(core, userOf(request), read(digestQuery, request.query)),
	);
}

function read<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
	const parsed = schema.safeParse(query);
	if (!parsed.success) throw new ApiError(400, 'bad_request', 'The query has another form.');
	return parsed.data;
}

const aboutHello: RouteAbout = {
	summary: 'Greet: register the laptop, agree on what each side knows',
	details: 'Comes before a push, and after every refusal that says so. The reply names what the server can do.',
	body: { schema: helloRequest },
	replies: {
		200: { says: 'What this server is, what it has of this laptop, and what to do next.', schema: helloReply },
	},
	errors: {
		403: '`no_access`: the device belongs to somebody else.',
		409: '`short_taken`: another device has this short name; choose another.',
	},
};

const aboutPush: RouteAbout = {
	summary: 'Send changes: whole groups, in order',
	details:
		'All new groups are taken in one transaction; those taken before are answered as they were then. One refused operation keeps no other back.',
	body: { schema: pushRequest },
	replies: { 200: { says: 'Taken. What was not applied as it was is listed.', schema: pushReply } },
	errors: {
		403: '`no_access`: the device belongs to somebody else.',
		409: '`unknown_device`: say hello first. `gap`: a group is missing before these. `fork`: a copy of this profile has sent under the same name.',
		413: 'Send fewer groups at once.',
	},
};

const aboutPull: RouteAbout = {
	summary: 'Fetch the page of the log after a cursor',
	details:
		'The newest state of each record and every text update this person may see. A page without its end line was cut: throw it away.',
	query: pullQuery,
	replies: {
		200: { says: 'One JSON value a line; the last has `end`.', type: 'application/x-ndjson', schema: pullLine },
	},
	errors: {
		409: '`rebootstrap`: the cursor is of another store, another person or another past; pull from the start.',
	},
};

const aboutDigest: RouteAbout = {
	summary: "Sum up an account's records, to find what differs without sending it",
	query: digestQuery,
	replies: { 200: { says: 'Of each table the number of records and two sums over them.', schema: digestReply } },
	errors: { 403: '`no_access`: the account is not one of yours.' },
};
