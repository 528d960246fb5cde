import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { leaveOrder, leaveRequest } from '../../shared/sync/protocol.ts';
import { ApiError } from '../api-error.ts';
import { requireUser, userOf } from '../auth.ts';
import type { RouteAbout } from '../route-about.ts';
import type { SyncCore } from '../sync/sync-core.ts';
import { leave } from './departure.ts';
import { listSessions, revoke } from './revoke.ts';

/** What a laptop has to know to sign in. */
export interface SignInPlace {
	issuer: string;
	clientId: string;
	audience: string;
	scope: string;
}

const id = z
	.string()
	.min(1)
	.max(64)
	.regex(/^[^\0]+$/);
const sessionsQuery = z.strictObject({ user: id.optional().describe('Whose; your own when left out.') });
const endRequest = z.strictObject({ device: id.describe('The laptop, by its id.') });
const revokeRequest = z.union([
	z.strictObject({ user: id, revoked: z.boolean().default(true) }),
	z.strictObject({ device: id, revoked: z.boolean().default(true) }),
]);
const revokeReply = z.object({ devices: z.array(z.string()) });
const sessionsReply = z.object({
	sessions: z.array(
		z.object({
			device: z.string(),
			name: z.string(),
			since: z.string(),
			lastSeen: z.string(),
			state: z.enum(['open', 'ended', 'asked', 'told', 'wiped']),
		}),
	),
});
const leaveReply = z.object({ order: leaveOrder });

const SMALL = 4096;

/** Adds how laptops come and go: where to sign in, which laptops a person has, and their end. */
export function addSessionRoutes(app: FastifyInstance, core: SyncCore, place: SignInPlace | undefined): void {
	const onRequest = requireUser(core);
	app.get('/v1/sign-in', { config: { about: aboutPlace } }, () => {
		if (!place) throw new ApiError(404, 'not_found', 'This server has no issuer of tokens.');
		return place;
	});
	app.get('/v1/sessions', { onRequest, config: { about: aboutSessions } }, async (request) => {
		const { user } = read(sessionsQuery, request.query);
		return { sessions: await listSessions(core.db, userOf(request), user ?? userOf(request).id) };
	});
	app.post('/v1/sessions/end', { onRequest, bodyLimit: SMALL, config: { about: aboutEnd } }, (request) => {
		const { device } = read(endRequest, request.body);
		return revoke(core.db, { subject: { device }, revoked: true, by: userOf(request) }, core.clock());
	});
	app.post('/v1/admin/revoke', { onRequest, bodyLimit: SMALL, config: { about: aboutRevoke } }, (request) => {
		const { revoked, ...subject } = read(revokeRequest, request.body);
		return revoke(core.db, { subject, revoked, by: userOf(request) }, core.clock());
	});
	const leaving = { onRequest: requireUser(core, { leaving: true }), bodyLimit: SMALL, config: { about: aboutLeave } };
	app.post('/v1/sync/leave', leaving, async (request) => ({
		order: await leave(core, userOf(request), read(leaveRequest, request.body)),
	}));
}

function read<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
	const parsed = schema.safeParse(value);
	if (!parsed.success) throw new ApiError(400, 'bad_request', 'The request has another form.');
	return parsed.data;
}

const aboutPlace: RouteAbout = {
	summary: 'Where people sign in',
	open: true,
	replies: {
		200: {
			says: 'The issuer, what this app is called there, and what to ask it for.',
			schema: z.object({ issuer: z.string(), clientId: z.string(), audience: z.string(), scope: z.string() }),
		},
	},
	errors: { 404: '`not_found`: there is none; only tokens of a token file are taken.' },
};

const aboutSessions: RouteAbout = {
	summary: "A person's laptops",
	details: "Your own; an administrator's or a manager's question may name somebody else.",
	query: sessionsQuery,
	replies: { 200: { says: 'The one seen last first.', schema: sessionsReply } },
	errors: { 403: '`no_access`: somebody else’s.' },
};

const aboutEnd: RouteAbout = {
	summary: 'End the session of a laptop of yours, a lost one say',
	details: 'At its next contact it hands in what is unsent and destroys what it holds.',
	body: { schema: endRequest },
	replies: { 200: { says: 'It is so.', schema: revokeReply } },
	errors: { 403: '`no_access`: not your laptop.' },
};

const aboutRevoke: RouteAbout = {
	summary: 'Put a person or a laptop out, or let them in again',
	details: 'For administrators, and for managers of the person. Their tokens end at once.',
	body: { schema: revokeRequest },
	replies: { 200: { says: 'It is so. The laptops it is about.', schema: revokeReply } },
	errors: { 403: '`no_access`', 404: '`not_found`: there is no such person or laptop.' },
};

const aboutLeave: RouteAbout = {
	summary: 'A laptop that was put out says what it still has to send',
	details:
		'With nothing left, the answer is the signed order to destroy what is held. `Authorization: Device id:ticket` will do here, for hello and for push, when there is no token any more.',
	body: { schema: leaveRequest },
	replies: { 200: { says: 'What to do.', schema: leaveReply } },
	errors: { 409: '`not_leaving`: it may stay.' },
};
