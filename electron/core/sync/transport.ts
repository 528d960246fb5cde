import zlib from 'node:zlib';
import { SERVER_HEADER } from '../../../shared/sync/protocol.ts';

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
	constructor(problem: TransportProblem, message: string, code?: string) {
		super(message);
		this.problem = problem;
		this.code = code;
	}
}

export interface Transport {
	/**
	 * Sends one request and returns the reply's text, whole. Throws TransportError; never returns a stranger's page.
	 * `onText` is handed a good reply's text piece by piece while it arrives; the text returned is empty then.
	 */
	request(
		path: string,
		options: { body?: unknown; signal: AbortSignal; onText?: (text: string) => void },
	): Promise<{ text: string; epoch: string }>;
}

/** What this runtime can unpack. */
const ACCEPTED = 'createZstdDecompress' in zlib ? 'zstd, gzip' : 'gzip';

/** No byte for this long ends a request; there is no limit on the whole, so that slow networks get through. */
const SILENCE_MS = 20_000;

/** Many times a page; more is not a reply of ours. */
const MOST_BYTES = 64 * 1_048_576;

/** HTTP to the central API. Only a reply that carries our server's header counts as one: a hotel's login page is "offline". */
export function fetchTransport(server: { url: string; token: string }): Transport {
	return {
		request: async (path, { body, signal, onText }) => {
			const silence = new AbortController();
			let timer = setTimeout(() => silence.abort(), SILENCE_MS);
			const alive = () => {
				clearTimeout(timer);
				timer = setTimeout(() => silence.abort(), SILENCE_MS);
			};
			try {
				const response = await fetch(new URL(path, server.url), {
					method: body === undefined ? 'GET' : 'POST',
					headers: {
						authorization: `Bearer ${server.token}`,
						'accept-encoding': ACCEPTED,
						...(body === undefined ? {} : { 'content-type': 'application/json' }),
					},
					...(body === undefined ? {} : { body: JSON.stringify(body) }),
					redirect: 'error',
					signal: AbortSignal.any([signal, silence.signal]),
				});
				return await readReply(response, { alive, onText });
			} catch (error) {
				if (error instanceof TransportError) throw error;
				throw new TransportError('unreachable', error instanceof Error ? error.message : String(error));
			} finally {
				clearTimeout(timer);
			}
		},
	};
}

interface Arrival {
	/** Bytes have come. */
	alive(): void;
	onText: ((text: string) => void) | undefined;
}

async function readReply(response: Response, { alive, onText }: Arrival): Promise<{ text: string; epoch: string }> {
	const epoch = response.headers.get(SERVER_HEADER);
	if (!epoch) throw new TransportError('not_our_server', `A reply without our server's mark (${response.status}).`);
	const decoder = new TextDecoder();
	let text = '';
	let bytes = 0;
	const add = (piece: string) => {
		if (response.ok && onText) onText(piece);
		else text += piece;
	};
	for await (const chunk of response.body ?? []) {
		alive();
		bytes += (chunk as Uint8Array).byteLength;
		if (bytes > MOST_BYTES) throw new TransportError('bad_reply', 'The reply is larger than any page.');
		add(decoder.decode(chunk as Uint8Array, { stream: true }));
	}
	add(decoder.decode());
	if (response.ok) return { text, epoch };
	const code = errorCode(text);
	if (response.status === 401 || response.status === 403)
		throw new TransportError('signed_out', 'The server does not know this user.', code);
	if (response.status === 426) throw new TransportError('upgrade', 'The server needs a newer Fieldbook.', code);
	throw new TransportError('server_error', `The server answered ${response.status}.`, code);
}

function errorCode(text: string): string | undefined {
	try {
		const body = JSON.parse(text) as { error?: { code?: unknown } };
		return typeof body.error?.code === 'string' ? body.error.code : undefined;
	} catch {
		return undefined;
	}
}
