import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { SERVER_HEADER } from '../../../../shared/sync/protocol.ts';
import { type Credentials, credentialsOf, type ServerAccess, SignedOut } from '../session/credentials.ts';
import { realSurroundings, type Surroundings } from '../surroundings.ts';
import { trustSystem } from './system-trust.ts';

/** Why a request failed, in the words the status line has. */
export type TransportProblem =
	| 'unreachable'
	| 'not_our_server'
	| 'server_error'
	| 'bad_reply'
	| 'signed_out'
	| 'upgrade';

export class TransportError extends Error {
	readonly problem: TransportProblem;
	/** The server's own code for a refusal ("fork", "gap"), when it gave one. */
	readonly code: string | undefined;
	/** The server asked not to be tried again before so many milliseconds have passed. */
	readonly retryAfterMs: number | undefined;
	constructor(problem: TransportProblem, message: string, said: { code?: string; retryAfterMs?: number } = {}) {
		super(message);
		this.problem = problem;
		this.code = said.code;
		this.retryAfterMs = said.retryAfterMs;
	}
}

export interface TransportOptions {
	body?: unknown;
	signal: AbortSignal;
	/** Handed a good reply's text piece by piece while it arrives; the text returned is empty then. */
	onText?: ((text: string) => void) | undefined;
	/** The mark the reply must carry; a reply of another server is a stranger's. */
	epoch?: string | undefined;
	/** The server can unpack bodies: a large one travels packed. */
	pack?: boolean | undefined;
	/** Bytes have come. */
	onBytes?: (() => void) | undefined;
	/** No byte for this long ends the request; 20 seconds unless told. */
	silenceMs?: number | undefined;
}

export interface TransportReply {
	text: string;
	/** The server's mark. */
	epoch: string;
	/** Bytes of the two bodies on the wire. */
	up: number;
	down: number;
}

export interface Transport {
	/** Sends one request and returns the reply's text, whole. Throws TransportError; never returns a stranger's page. */
	request(path: string, options: TransportOptions): Promise<TransportReply>;
}

/** What this runtime can unpack. */
const ACCEPTED = 'createZstdDecompress' in zlib ? 'zstd, gzip' : 'gzip';

/** A reply that comes packed as it is and is unpacked here: what has come of one that breaks off is not lost with the rest. */
const PACKED = 'application/zstd';
const canUnpack = 'zstdDecompressSync' in zlib;
/** Text handed on at a time: somebody may be waiting for the thread. */
const PIECE = 65_536;

/** No byte for this long ends a request; there is no limit on the whole, so that slow networks get through. */
const SILENCE_MS = 20_000;

/** Many times a page; more is not a reply of ours. */
const MOST_BYTES = 64 * 1_048_576;

/** Packing less than this costs more than it saves. */
const LEAST_PACKED = 1024;

const zstd = 'zstdCompress' in zlib ? promisify(zlib.zstdCompress) : undefined;
const gzip = promisify(zlib.gzip);

/** HTTP to the central API. Only a reply that carries our server's header counts as one: a hotel's login page is "offline". */
export function fetchTransport(server: ServerAccess, outside: Surroundings = realSurroundings): Transport {
	const credentials = credentialsOf(server);
	return {
		request: async (path, options) => {
			const show = () => Promise.race([showable(credentials, path), whenAborted(options.signal)]);
			const authorization = await show();
			try {
				return await requestOnce(path, { ...options, authorization, server, outside });
			} catch (error) {
				const isRefused = error instanceof TransportError && error.code === 'signed_out';
				if (!isRefused || !credentials.refused(authorization)) throw error;
				return requestOnce(path, { ...options, authorization: await show(), server, outside });
			}
		},
	};
}

async function showable(credentials: Credentials, path: string): Promise<string> {
	try {
		return await credentials.header(path.replace(/\?.*$/, ''));
	} catch (error) {
		if (error instanceof SignedOut) throw new TransportError('signed_out', error.message);
		throw new TransportError('unreachable', error instanceof Error ? error.message : String(error));
	}
}

type OneRequest = TransportOptions & { authorization: string; server: { url: string }; outside: Surroundings };

async function requestOnce(
	path: string,
	{ authorization, server, outside, ...options }: OneRequest,
): Promise<TransportReply> {
	const silence = new AbortController();
	const wait = () => outside.after(options.silenceMs ?? SILENCE_MS, () => silence.abort());
	let callOff = wait();
	const alive = () => {
		callOff();
		callOff = wait();
		options.onBytes?.();
	};
	const signal = AbortSignal.any([options.signal, silence.signal]);
	if (server.url.startsWith('https:')) trustSystem();
	const work = async (): Promise<TransportReply> => {
		const { body, packing } = await packBody(options);
		const response = await outside.fetch(new URL(path, server.url), {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				authorization,
				'accept-encoding': ACCEPTED,
				...(options.onText && canUnpack ? { accept: `${PACKED}, application/x-ndjson` } : {}),
				'cache-control': 'no-store',
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(packing ? { 'content-encoding': packing } : {}),
			},
			...(body === undefined ? {} : { body }),
			redirect: 'error',
			signal,
		});
		const reply = await readReply(response, options, alive);
		return { ...reply, up: body === undefined ? 0 : Buffer.byteLength(body) };
	};
	try {
		return await Promise.race([work(), whenAborted(signal)]);
	} catch (error) {
		if (error instanceof TransportError) throw error;
		throw new TransportError('unreachable', error instanceof Error ? error.message : String(error));
	} finally {
		callOff();
	}
}

/** Ends a request also where the network below does not heed the signal. */
function whenAborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const end = () => reject(new Error('The request was given up.'));
		if (signal.aborted) end();
		else signal.addEventListener('abort', end, { once: true });
	});
}

async function packBody({
	body,
	pack,
}: TransportOptions): Promise<{ body?: string | Uint8Array<ArrayBuffer>; packing?: 'zstd' | 'gzip' }> {
	if (body === undefined) return {};
	const text = JSON.stringify(body);
	if (!pack || text.length <= LEAST_PACKED) return { body: text };
	if (zstd) return { body: new Uint8Array(await zstd(text)), packing: 'zstd' };
	return { body: new Uint8Array(await gzip(text)), packing: 'gzip' };
}

async function readReply(
	response: Response,
	{ onText, epoch: expected }: TransportOptions,
	alive: () => void,
): Promise<Omit<TransportReply, 'up'>> {
	const epoch = proveServer(response, expected);
	alive();
	const decoder = new TextDecoder();
	let text = '';
	let bytes = 0;
	const add = (piece: string) => {
		if (response.ok && onText) onText(piece);
		else text += piece;
	};
	const packed: Uint8Array[] = [];
	const isPacked = response.headers.get('content-type') === PACKED;
	try {
		for await (const chunk of response.body ?? []) {
			alive();
			bytes += (chunk as Uint8Array).byteLength;
			if (bytes > MOST_BYTES) throw new TransportError('bad_reply', 'The reply is larger than any page.');
			if (isPacked) packed.push(chunk as Uint8Array);
			else add(decoder.decode(chunk as Uint8Array, { stream: true }));
		}
	} finally {
		for (const piece of unpack(packed)) {
			add(decoder.decode(piece, { stream: true }));
			await new Promise((resolve) => setImmediate(resolve));
		}
	}
	add(decoder.decode());
	if (!response.ok) throw refusal(response, text);
	// Packed, the length is what travelled; without a length, what was unpacked is the nearest that is known.
	const length = Number(response.headers.get('content-length') ?? Number.NaN);
	return { text, epoch, down: Number.isFinite(length) ? length : bytes };
}

/** What has come of a packed reply, in pieces; of one that broke off, up to where it broke. */
function* unpack(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
	if (chunks.length === 0) return;
	const { ZSTD_e_flush } = zlib.constants;
	let whole: Buffer;
	try {
		whole = zlib.zstdDecompressSync(Buffer.concat(chunks), { finishFlush: ZSTD_e_flush, maxOutputLength: MOST_BYTES });
	} catch {
		throw new TransportError('bad_reply', 'The reply cannot be unpacked.');
	}
	for (let at = 0; at < whole.length; at += PIECE) yield whole.subarray(at, at + PIECE);
}

/**
 * The mark of our server on a reply. A login page has none; a reply out of somebody's cache has it, but says how old it
 * is; another server's is another.
 */
function proveServer(response: Response, expected: string | undefined): string {
	const epoch = response.headers.get(SERVER_HEADER);
	if (!epoch) throw new TransportError('not_our_server', `A reply without our server's mark (${response.status}).`);
	if (Number(response.headers.get('age') ?? 0) > 0)
		throw new TransportError('not_our_server', 'A reply out of a cache on the way.');
	if (expected !== undefined && epoch !== expected)
		throw new TransportError('not_our_server', 'Another server answered than the one greeted.');
	return epoch;
}

function refusal(response: Response, text: string): TransportError {
	const code = errorCode(text);
	const retryAfterMs = retryAfter(response);
	const said = { ...(code ? { code } : {}), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
	if (response.status === 401 || response.status === 403)
		return new TransportError('signed_out', 'The server does not know this user.', said);
	if (response.status === 426) return new TransportError('upgrade', 'The server needs a newer Fieldbook.', said);
	return new TransportError('server_error', `The server answered ${response.status}.`, said);
}

/** "120" or a date, told by the server's own clock; at most an hour is believed. */
function retryAfter({ headers }: Response): number | undefined {
	const asked = headers.get('retry-after');
	if (asked === null) return undefined;
	const sent = Date.parse(headers.get('date') ?? '');
	const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - sent;
	return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : undefined;
}

function errorCode(text: string): string | undefined {
	try {
		const body = JSON.parse(text) as { error?: { code?: unknown } };
		return typeof body.error?.code === 'string' ? body.error.code : undefined;
	} catch {
		return undefined;
	}
}
