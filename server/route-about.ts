import type { z } from 'zod';

/** One reply of a route. */
export interface ReplyAbout {
	says: string;
	/** Media type; `application/json` when there is a schema and nothing else is said. */
	type?: string;
	/** Of the body; of one line of it where the type is NDJSON. */
	schema?: z.ZodType;
}

/** What the API description says of a route. It stands beside the route, in `config.about`, so that neither is changed without the other. */
export interface RouteAbout {
	/** One line: what it is for. */
	summary: string;
	details?: string;
	/** True when no token is wanted. */
	open?: boolean;
	params?: z.ZodObject;
	query?: z.ZodObject;
	/** Headers of the request that are its own, by name. */
	headers?: Readonly<Record<string, string>>;
	body?: { schema: z.ZodType } | { type: string };
	/** By status, all below 400. */
	replies: Readonly<Record<number, ReplyAbout>>;
	/** Its own refusals by status: the codes, and when they are given. Those that every route may give are added. */
	errors?: Readonly<Record<number, string>>;
}

declare module 'fastify' {
	interface FastifyContextConfig {
		about?: RouteAbout;
	}
}
