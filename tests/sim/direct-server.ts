import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { ApiError } from '../../server/api-error.ts';
import { readDigest } from '../../server/sync/digest.ts';
import { hello } from '../../server/sync/hello.ts';
import { pull } from '../../server/sync/pull.ts';
import { push } from '../../server/sync/push.ts';
import type { SyncCore } from '../../server/sync/sync-core.ts';
import { SERVER_HEADER } from '../../shared/sync/protocol.ts';
import { COLLEAGUES } from './people.ts';
import type { WireReply, WireRequest } from './sim-server.ts';

/**
 * Answers as the server does, without HTTP in between: most of a simulated request's time goes into routing, headers and
 * streams, which other tests have to themselves. `report` is told of errors that are nobody's fault but the server's.
 */
export async function askDirectly(
	core: SyncCore,
	request: WireRequest,
	report: (error: unknown) => void,
): Promise<WireReply> {
	const headers = { [SERVER_HEADER]: core.epoch, 'content-type': 'application/json' };
	try {
		return { status: 200, headers, bytes: Buffer.from(await answer(core, request)) };
	} catch (error) {
		if (!(error instanceof ApiError)) report(error);
		const { status, code, message } = error instanceof ApiError ? error : new ApiError(500, 'internal', 'It failed.');
		return { status, headers, bytes: Buffer.from(JSON.stringify({ error: { code, message } })) };
	}
}

async function answer(core: SyncCore, { path, token, body, packing }: WireRequest): Promise<Buffer | string> {
	const id = COLLEAGUES.find((colleague) => colleague.token === token)?.userId;
	if (!id) throw new ApiError(401, 'signed_out', 'The token is not known.');
	const url = new URL(path, 'http://office.sim.test');
	const query = Object.fromEntries(url.searchParams);
	const schema = query['schema'] === undefined ? undefined : Number(query['schema']);
	const json = body === undefined ? undefined : parseBody(body, packing);
	switch (url.pathname) {
		case '/v1/sync/hello':
			return JSON.stringify(await hello(core, { id }, json));
		case '/v1/sync/push':
			return JSON.stringify(await push(core, { id }, json));
		case '/v1/sync/digest':
			return JSON.stringify(await readDigest(core, { id }, { account: query['account'] ?? '', schema }));
		case '/v1/sync/pull': {
			const { cursor, marks } = query as { cursor?: string; marks?: '1' };
			const page = await pull(core, { id }, { cursor, schema, max: Number(query['max']), marks });
			core.crashPoint?.('pull:before-reply');
			return page;
		}
		default:
			throw new ApiError(404, 'not_found', 'There is no such address.');
	}
}

function parseBody(body: string | Uint8Array, packing: string | undefined): unknown {
	const text = packing === 'zstd' ? zstdDecompressSync(body) : packing === 'gzip' ? gunzipSync(body) : body;
	return JSON.parse(text.toString());
}
