import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What waits for the browser to come back. */
export interface Waiting {
	/** Where the browser is to be sent back to. */
	redirectUri: string;
	/** The address it came back with. Rejects with the signal's reason when that ends first. */
	answer: Promise<URL>;
	close(): void;
}

const PATH = '/signed-in';
const HEADERS = {
	'content-type': 'text/html; charset=utf-8',
	'cache-control': 'no-store',
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
	connection: 'close',
};

/** The page is the same for everybody; what came in the address is not on it. */
const DONE =
	'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fieldbook</title></head><body><h1>You can go back to Fieldbook</h1><p>This page can be closed.</p></body></html>';

/**
 * Opens a door on this computer for the answer of one sign-in (RFC 8252, 7.3): 127.0.0.1 as a number, a port of the
 * system's choice, one path, one answer, which must carry `state`. Everything else that knocks is turned away and changes
 * nothing. The door is shut when the answer has come, when `signal` ends, or by `close`.
 */
export async function waitForBrowser(state: string, signal: AbortSignal): Promise<Waiting> {
	const answer = Promise.withResolvers<URL>();
	const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 5000 });
	server.maxConnections = 20;
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	const port = await new Promise<number>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
			resolve((server.address() as AddressInfo).port);
		});
	});
	const origin = `http://127.0.0.1:${port}`;
	let isAnswered = false;
	server.on('request', (request, response) => {
		const url = isAnswered ? undefined : readAnswer(request, { origin, state });
		if (!url) return turnAway(response);
		isAnswered = true;
		server.close();
		response.writeHead(200, HEADERS).end(DONE, () => {
			answer.resolve(url);
			server.closeAllConnections();
		});
	});
	signal.addEventListener(
		'abort',
		() => {
			answer.reject(signal.reason);
			close();
		},
		{ once: true },
	);
	answer.promise.catch(() => undefined);
	if (signal.aborted) close();
	return { redirectUri: `${origin}${PATH}`, answer: answer.promise, close };
}

/** The address, when this request is the answer. A page under another name for this computer has another Host. */
function readAnswer(
	{ method, url = '', headers }: IncomingMessage,
	{ origin, state }: { origin: string; state: string },
): URL | undefined {
	if (method !== 'GET' || `http://${headers.host}` !== origin) return undefined;
	if (!url.startsWith(`${PATH}?`) || url.length > 8192 || !URL.canParse(url, origin)) return undefined;
	// A page that fetches or embeds this address is not a browser that was sent here.
	const mode = headers['sec-fetch-mode'];
	if (mode !== undefined && mode !== 'navigate') return undefined;
	const address = new URL(url, origin);
	const { pathname, searchParams } = address;
	const isWhole =
		pathname === PATH && searchParams.getAll('state').length === 1 && searchParams.getAll('code').length <= 1;
	return isWhole && searchParams.get('state') === state ? address : undefined;
}

function turnAway(response: ServerResponse): void {
	response.writeHead(404, { ...HEADERS, 'content-type': 'text/plain' }).end('Nothing here.');
}
