import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { parseJsonBody } from './json-body.ts';

/** Memory a zstd frame may ask for to be read: as much as the largest body. Its own header could ask for 128 MiB. */
const ZSTD_WINDOW_LOG = 23;

/**
 * Bodies are JSON and nothing else, plain or packed with gzip or zstd. The route's limit counts what came as well as what
 * it unpacks to, and unpacking stops there.
 */
export function readOnlyJson(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
		const limit = request.routeOptions.bodyLimit;
		if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
		const unpack = unpackerFor(request.headers['content-encoding']);
		return parseJsonBody(await readText(payload, unpack, limit));
	});
}

function unpackerFor(encoding: string | undefined) {
	switch (encoding?.trim().toLowerCase() ?? 'identity') {
		case 'identity':
			return undefined;
		case 'gzip':
			return createGunzip();
		case 'zstd':
			return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
		default:
			throw new ApiError(415, 'bad_media_type', 'Bodies are plain, or packed with gzip or zstd.');
	}
}

/** What is read no further runs off unread, so that the connection stays and the refusal arrives. */
function readText(payload: IncomingMessage, unpack: ReturnType<typeof unpackerFor>, limit: number): Promise<string> {
	return new Promise((resolve, reject) => {
		const stop = (error: ApiError) => {
			if (unpack) payload.unpipe(unpack);
			unpack?.destroy();
			payload.removeAllListeners('data');
			payload.resume();
			reject(error);
		};
		const cut = () => stop(new ApiError(400, 'bad_request', 'The body cannot be unpacked, or was cut short.'));
		const chunks: Buffer[] = [];
		countUpTo(payload, limit, () => stop(tooLarge()));
		payload.on('error', cut).on('close', () => payload.readableEnded || cut());
		const text: Readable = unpack ? payload.pipe(unpack) : payload;
		text.on('error', cut);
		if (unpack) countUpTo(unpack, limit, () => stop(tooLarge()));
		text.on('data', (chunk: Buffer) => chunks.push(chunk));
		text.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
	});
}

function countUpTo(stream: Readable, limit: number, onMore: () => void): void {
	let bytes = 0;
	stream.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > limit) onMore();
	});
}

function tooLarge(): ApiError {
	return new ApiError(413, 'too_large', 'The body is larger than is taken.');
}
