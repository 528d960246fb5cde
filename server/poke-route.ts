import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { requireUser, userOf } from './auth.ts';
import { PokeHub, type PokeOptions } from './poke.ts';
import type { RouteAbout } from './route-about.ts';
import type { WatchCommits } from './store/open-store.ts';
import type { SyncCore } from './sync/sync-core.ts';

const query = z.object({
	after: z.coerce
		.number()
		.int()
		.nonnegative()
		.optional()
		.describe('The newest commit this laptop knows of; something newer is told of at once.'),
});

const about: RouteAbout = {
	summary: 'Listen for "something is new"',
	details:
		'Server-sent events. Each says the number of the newest commit and nothing of its content; fetch it by a pull. A comment comes every 25 seconds. The stream ends when the server does: come back after a moment, and ask by the clock meanwhile.',
	query,
	replies: { 200: { says: '`data: {"seq": 17}`, whenever something you may see is new.', type: 'text/event-stream' } },
};

/** What a stream may have unsent before it is given up: whoever does not read does not listen. */
const MOST_UNREAD_BYTES = 16_384;

export interface PokeSetup extends Pick<PokeOptions, 'heartbeatMs' | 'report'> {
	core: SyncCore;
	watchCommits: WatchCommits;
}

/** Adds GET /v1/sync/poke and watches the store's commits until the server closes. */
export async function addPokeRoute(app: FastifyInstance, setup: PokeSetup): Promise<void> {
	const { core, watchCommits, ...rest } = setup;
	const hub = new PokeHub({ db: core.db, ...rest });
	const unwatch = await watchCommits(() => hub.committed());
	app.addHook('preClose', async () => {
		hub.close();
		await unwatch();
	});
	app.get('/v1/sync/poke', { onRequest: requireUser(core), config: { about } }, async (request, reply) => {
		const parsed = query.safeParse(request.query);
		if (!parsed.success) throw new ApiError(400, 'bad_request', 'The query has another form.');
		const { raw } = reply.hijack();
		const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
		raw.writeHead(200, { ...reply.getHeaders(), ...headers } as Record<string, string>);
		const stream = { userId: userOf(request).id, send: (text: string) => send(raw, text), end: () => void raw.end() };
		const timer = endWithToken(userOf(request).endsAt, core.clock(), stream.end);
		raw.once('close', () => {
			clearTimeout(timer);
			hub.remove(stream);
		});
		await hub.add(stream, parsed.data.after).catch(() => raw.destroy());
		// It may have closed before it was added.
		if (raw.destroyed) hub.remove(stream);
	});
}

/** A stream lasts no longer than the token it was opened with: whoever has been put out hears no more. */
function endWithToken(endsAt: number | undefined, now: Date, end: () => void): NodeJS.Timeout | undefined {
	return endsAt === undefined ? undefined : setTimeout(end, Math.max(0, endsAt - now.getTime())).unref();
}

function send(raw: ServerResponse, text: string): void {
	if (raw.writableEnded || raw.destroyed) return;
	if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy();
	else raw.write(text);
}
