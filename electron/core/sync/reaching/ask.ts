import type { z } from 'zod';
import type { Round } from '../sync-round.ts';
import { type Transport, TransportError } from './transport.ts';

/**
 * The round's own way to the server: counts bytes, keeps the steps, and holds the round to the one server that answered
 * its greeting.
 */
export function roundTransport(base: Transport, round: () => Round): Transport {
	return {
		request: async (path, options) => {
			const { outside, traffic, steps, epoch, features, noteProgress } = round();
			const started = outside.now();
			const reply = await base.request(path, {
				epoch,
				pack: features.includes('packed'),
				onBytes: noteProgress,
				...options,
			});
			round().epoch ??= reply.epoch;
			traffic.up += reply.up;
			traffic.down += reply.down;
			const step = path.replace(/^\/v1\//, '').replace(/\?.*$/, '');
			steps.push({ step, ms: outside.now() - started, bytes: reply.up + reply.down });
			return reply;
		},
	};
}

/** One request whose answer is JSON of an agreed form. Throws TransportError. */
export async function ask<S extends z.ZodType>(
	round: Round,
	path: string,
	options: { body: unknown; schema: S },
): Promise<z.output<S>> {
	const { text } = await round.transport.request(path, { body: options.body, signal: round.signal });
	return readJson(text, options.schema);
}

/** A reply's text as JSON of an agreed form. Throws TransportError `bad_reply`. */
export function readJson<S extends z.ZodType>(text: string, schema: S): z.output<S> {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw new TransportError('bad_reply', 'The reply is not JSON; it may have been cut short.');
	}
	const parsed = schema.safeParse(json);
	if (!parsed.success) throw new TransportError('bad_reply', 'The reply does not have the agreed form.');
	return parsed.data;
}
