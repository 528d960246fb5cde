import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorReply, LIMITS, PROTOCOL, SERVER_HEADER } from '../shared/sync/protocol.ts';
import { isGuarded } from './auth.ts';
import type { ReplyAbout, RouteAbout } from './route-about.ts';

type Json = Record<string, unknown>;

interface Described {
	method: string;
	/** In Fastify's form: parameters are ":name". */
	path: string;
	about: RouteAbout | undefined;
}

const PATH = '/v1/openapi.json';

/** Collects each route that is registered from here on, and serves their description at /v1/openapi.json. */
export function describeRoutes(app: FastifyInstance): void {
	const routes: Described[] = [];
	app.addHook('onRoute', ({ method, url, config, onRequest }) => {
		requireRule(url, config?.about, onRequest);
		for (const one of [method].flat()) routes.push({ method: one, path: url, about: config?.about });
	});
	let written: Json | undefined;
	const about: RouteAbout = {
		summary: 'This description',
		open: true,
		replies: { 200: { says: 'An OpenAPI 3.1 document.', schema: z.looseObject({ openapi: z.string() }) } },
	};
	app.get(PATH, { config: { about } }, () => {
		written ??= writeOpenApi(routes);
		return written;
	});
}

/** A route says that it is open to everybody, or asks for a person. One that does neither was forgotten: the server does not start. */
function requireRule(url: string, about: RouteAbout | undefined, onRequest: unknown): void {
	if (!about) throw new Error(`The route ${url} does not say who may use it.`);
	if (!about.open && !isGuarded(onRequest)) throw new Error(`The route ${url} is not open and asks for nobody.`);
}

/** The OpenAPI 3.1 document of routes. One without a description is left out; a test sees to it that there is none. */
export function writeOpenApi(routes: readonly Described[]): Json {
	const schemas = new SchemaShelf();
	const paths: Record<string, Json> = {};
	for (const { method, path, about } of routes) {
		if (!about) continue;
		const open = path.replaceAll(/:(\w+)/g, '{$1}');
		paths[open] = { ...paths[open], [method.toLowerCase()]: operation({ method, path, about }, schemas) };
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Fieldbook central API',
			version: String(PROTOCOL),
			description: `Every reply carries the header ${SERVER_HEADER} with the store's epoch; one without it is not from this server. JSON above a kilobyte is compressed (zstd, gzip) for a client that accepts it, and JSON bodies may be sent so. No body may be larger than ${LIMITS.bytesPerBody} bytes unpacked.`,
		},
		paths,
		components: {
			schemas: schemas.all,
			securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
		},
	};
}

/** Schemas under the names the document refers to them by. */
class SchemaShelf {
	readonly all: Record<string, unknown> = {};

	put(name: string, schema: z.ZodType): Json {
		const {
			$schema: _,
			$defs,
			...own
		} = JSON.parse(
			// A reference inside a schema counts from the whole document's root.
			JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).replaceAll(
				'"#/$defs/',
				`"#/components/schemas/${name}.`,
			),
		) as Json & { $defs?: Json };
		for (const [key, value] of Object.entries($defs ?? {})) this.all[`${name}.${key}`] = value;
		this.all[name] = own;
		return { $ref: `#/components/schemas/${name}` };
	}
}

function operation({ method, path, about }: Described & { about: RouteAbout }, schemas: SchemaShelf): Json {
	const id = operationId(method, path);
	const parameters = [
		...parametersOf('path', about.params),
		...parametersOf('query', about.query),
		...Object.entries(about.headers ?? {}).map(([name, description]) => ({
			name,
			in: 'header',
			description,
			schema: { type: 'string' },
		})),
	];
	const body = about.body && contentOf(`${id}Request`, about.body, schemas);
	return {
		operationId: id,
		summary: about.summary,
		...(about.details ? { description: about.details } : {}),
		...(about.open ? {} : { security: [{ token: [] }] }),
		...(parameters.length > 0 ? { parameters } : {}),
		...(body ? { requestBody: { required: true, content: body } } : {}),
		responses: { ...repliesOf(id, about, schemas), ...errorsOf(about, schemas) },
	};
}

/** "POST /v1/sync/push" becomes "postSyncPush". */
function operationId(method: string, path: string): string {
	const words = path.replace(/^\/v\d+/, '').match(/[A-Za-z0-9]+/g) ?? [];
	return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
	return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
		const { $schema: _, ...own } = z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' });
		const required = place === 'path' || !z.safeParse(field, undefined).success;
		return { name, in: place, required, schema: own, ...(own.description ? { description: own.description } : {}) };
	});
}

function contentOf(name: string, { type, schema }: { type?: string; schema?: z.ZodType }, schemas: SchemaShelf): Json {
	return { [type ?? 'application/json']: schema ? { schema: schemas.put(name, schema) } : {} };
}

function repliesOf(id: string, { replies }: RouteAbout, schemas: SchemaShelf): Json {
	const described = Object.entries(replies).map(([status, reply]: [string, ReplyAbout]) => {
		const hasBody = reply.type !== undefined || reply.schema !== undefined;
		const content = hasBody ? { content: contentOf(`${id}Reply${status}`, reply, schemas) } : {};
		return [status, { description: reply.says, ...content }];
	});
	return Object.fromEntries(described) as Json;
}

function errorsOf(about: RouteAbout, schemas: SchemaShelf): Json {
	const all: Record<number, string> = usualErrors(about);
	for (const [status, says] of Object.entries(about.errors ?? {})) {
		const usual = all[Number(status)];
		all[Number(status)] = usual ? `${usual} ${says}` : says;
	}
	const schema = schemas.put('Error', errorReply);
	return Object.fromEntries(
		Object.entries(all).map(([status, description]) => [
			status,
			{ description, content: { 'application/json': { schema } } },
		]),
	) as Json;
}

function usualErrors({ open, query, params, body }: RouteAbout): Record<number, string> {
	const all: Record<number, string> = {
		429: '`too_many`: too many requests; `retry-after` says when to ask again.',
		500: '`internal`: the server failed; nothing of the request was kept.',
		503: '`unavailable`: the store cannot be reached now; the same request can be sent again.',
	};
	if (query || params || body) all[400] = '`bad_request`: the request has another form.';
	if (!open) all[401] = '`signed_out`: the token is missing or not known.';
	if (body) {
		all[413] = '`too_large`: the body is larger than is taken, packed or unpacked.';
		all[415] = '`bad_media_type`: the body is of another type, or packed in another way.';
	}
	return all;
}
