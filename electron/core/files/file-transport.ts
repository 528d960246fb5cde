import { SERVER_HEADER } from '../../../shared/sync/protocol.ts';

/** Why a file did not get through. Codes: the renderer has the words. */
export type FileProblem =
	| 'unreachable'
	| 'not_our_server'
	| 'server_error'
	| 'signed_out'
	| 'bad_reply'
	/** The server takes no files, or not this one: too large, too many at once, or its account went to somebody else. */
	| 'refused'
	/** The record is known, its bytes are still on another laptop. */
	| 'not_there'
	/** What came, or what went, was not the file. */
	| 'wrong_file'
	| 'damaged'
	| 'disk_full';

/** Problems of the way, not of one file: the other files need not be tried now. */
export const OF_THE_WAY: readonly FileProblem[] = ['unreachable', 'not_our_server', 'server_error', 'signed_out'];

export class FileError extends Error {
	readonly problem: FileProblem;
	/** The server's own code for a refusal, when it gave one. */
	readonly code: string | undefined;

	constructor(problem: FileProblem, message: string, code?: string) {
		super(message);
		this.problem = problem;
		this.code = code;
	}

	get isOfTheWay(): boolean {
		return OF_THE_WAY.includes(this.problem);
	}
}

export interface FileRequest {
	method: 'GET' | 'HEAD' | 'POST' | 'PATCH';
	path: string;
	headers?: Record<string, string>;
	body?: Uint8Array;
	signal: AbortSignal;
	/** Longest wait for the reply to begin, in ms. */
	patienceMs?: number;
}

export interface FileReply {
	status: number;
	headers: Headers;
	/** What is read of it may be cut at any byte; then it throws `unreachable`. */
	body: AsyncIterable<Uint8Array>;
}

/** The way of bytes to the central API; tests put faults here. */
export interface FileTransport {
	/** Throws FileError `unreachable` or `not_our_server`; every reply of ours comes back, refusals too. */
	send(request: FileRequest): Promise<FileReply>;
}

/** No byte for this long ends a request. */
const SILENCE_MS = 20_000;

/** Where files go, and what a request shows there: a token, or what `authorize` says, which throws when there is nothing. */
export type FileServer = { url: string } & ({ token: string } | { authorize(path: string): Promise<string> });

/** HTTP to the central API. A reply without our server's header (a hotel's login page) is no reply. */
export function fileTransport(server: FileServer): FileTransport {
	return {
		send: async ({ method, path, headers, body, signal, patienceMs = SILENCE_MS }) => {
			const silence = new AbortController();
			let timer = setTimeout(() => silence.abort(), patienceMs);
			const alive = () => {
				clearTimeout(timer);
				timer = setTimeout(() => silence.abort(), SILENCE_MS);
			};
			const over = () => clearTimeout(timer);
			try {
				const response = await fetch(new URL(path, server.url), {
					method,
					headers: { authorization: await authorizationOf(server, path), ...headers },
					...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}),
					redirect: 'error',
					signal: AbortSignal.any([signal, silence.signal]),
				});
				if (!response.headers.get(SERVER_HEADER))
					throw new FileError('not_our_server', `A reply without our server's mark (${response.status}).`);
				if (!response.body) over();
				return { status: response.status, headers: response.headers, body: read(response, { alive, over }) };
			} catch (error) {
				over();
				throw error instanceof FileError ? error : unreachable(error);
			}
		},
	};
}

async function authorizationOf(server: FileServer, path: string): Promise<string> {
	if ('token' in server) return `Bearer ${server.token}`;
	return server.authorize(path.replace(/\?.*$/, ''));
}

async function* read(response: Response, on: { alive(): void; over(): void }): AsyncGenerator<Uint8Array> {
	try {
		for await (const chunk of response.body ?? []) {
			on.alive();
			yield chunk as Uint8Array;
		}
	} catch (error) {
		throw unreachable(error);
	} finally {
		on.over();
	}
}

function unreachable(error: unknown): FileError {
	return new FileError('unreachable', error instanceof Error ? error.message : String(error));
}

/** Reads a refusal of ours to its end and says what it means for a file. */
export async function refusalOf(reply: FileReply): Promise<FileError> {
	const code = await codeOf(reply);
	const { status } = reply;
	const said = `The server answered ${status}${code ? ` ${code}` : ''}.`;
	if (status === 401) return new FileError('signed_out', said, code);
	if (status === 460) return new FileError('wrong_file', said, code);
	if (code === 'not_here_yet') return new FileError('not_there', said, code);
	if (status >= 500) return new FileError('server_error', said, code);
	return new FileError('refused', said, code);
}

const LONGEST_REFUSAL = 65_536;

async function codeOf(reply: FileReply): Promise<string | undefined> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of reply.body) {
		bytes += chunk.length;
		if (bytes > LONGEST_REFUSAL) return undefined;
		chunks.push(chunk);
	}
	try {
		const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { error?: { code?: unknown } };
		return typeof body.error?.code === 'string' ? body.error.code : undefined;
	} catch {
		return undefined;
	}
}

/** Reads a reply to its end so that its connection can be used again. */
export async function drain(reply: FileReply): Promise<void> {
	for await (const _ of reply.body);
}
