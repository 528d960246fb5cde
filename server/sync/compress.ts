import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const zstd = promisify(zstdCompress);
const gzipped = promisify(gzip);

/** Smaller replies gain nothing from it. */
const WORTH_BYTES = 1024;

/** Compresses each whole JSON or NDJSON reply that is worth it, by what the client's `accept-encoding` allows: zstd before gzip. */
export function compressReplies(app: FastifyInstance): void {
	app.addHook('onSend', async (request, reply, payload: unknown) => {
		const isJson = /^application\/(json|x-ndjson)\b/.test(String(reply.getHeader('content-type')));
		if (!isJson || reply.hasHeader('content-encoding')) return payload;
		reply.header('vary', 'accept, accept-encoding');
		if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
		if (Buffer.byteLength(payload) < WORTH_BYTES) return payload;
		// Unpacked by the laptop itself, a reply that breaks off is of use up to where it broke.
		if (accepts(request.headers.accept, 'application/zstd')) {
			reply.type('application/zstd').removeHeader('content-length');
			return packZstd(payload);
		}
		const { body, encoding } = await pack(request.headers['accept-encoding'], payload);
		if (encoding) reply.header('content-encoding', encoding).removeHeader('content-length');
		return body;
	});
}

async function pack(accepted: string | undefined, body: string | Buffer) {
	if (accepts(accepted, 'zstd')) return { body: await packZstd(body), encoding: 'zstd' };
	if (accepts(accepted, 'gzip')) return { body: await gzipped(body, { level: 1 }), encoding: 'gzip' };
	return { body, encoding: undefined };
}

function packZstd(body: string | Buffer): Promise<Buffer> {
	return zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: levelFor(body) } });
}

/** A whole page of a first fetch is worth twice the work: it is a twentieth smaller, and the network is slower than we are. */
function levelFor(body: string | Buffer): number {
	return body.length > 262_144 ? 5 : 3;
}

function accepts(header: string | undefined, name: string): boolean {
	return (header ?? '').split(',').some((part) => {
		const [encoding, ...options] = part.trim().toLowerCase().split(';');
		return encoding?.trim() === name && !options.some((option) => /^\s*q=0(\.0+)?\s*$/.test(option));
	});
}
