import type { WireReply, WireRequest } from './sim-server.ts';

/** A request on its way: the world decides when it arrives and what comes back. */
export interface Parked {
	request: WireRequest;
	/** The server's answer, when the request has been there already. */
	reply: WireReply | undefined;
	resolve(response: Response): void;
	reject(error: Error): void;
}

type Listener = (parked: Parked) => void;

const listeners = new Map<string, Listener>();
let realFetch: typeof fetch | undefined;

/** Requests to `host` go to the listener instead of the network. The real transport on top knows nothing of it. */
export function listen(host: string, listener: Listener): () => void {
	if (!realFetch) {
		realFetch = globalThis.fetch;
		globalThis.fetch = simulatedFetch as typeof fetch;
	}
	listeners.set(host, listener);
	return () => {
		listeners.delete(host);
		if (listeners.size > 0 || !realFetch) return;
		globalThis.fetch = realFetch;
		realFetch = undefined;
	};
}

function simulatedFetch(url: URL, init: RequestInit): Promise<Response> {
	const listener = listeners.get(url.host);
	if (!listener) return Promise.reject(new TypeError('fetch failed: nobody listens'));
	return new Promise((resolve, reject) => {
		const headers = init.headers as Record<string, string>;
		const request: WireRequest = {
			path: url.pathname + url.search,
			method: init.method as 'GET' | 'POST',
			token: (headers['authorization'] ?? '').slice('Bearer '.length),
			body: init.body as string | undefined,
		};
		init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
		if (init.signal?.aborted) reject(new DOMException('aborted', 'AbortError'));
		else listener({ request, reply: undefined, resolve, reject });
	});
}

/** A reply as the network brings it whole. */
export function wholeReply({ status, headers, bytes }: WireReply): Response {
	return new Response(new Uint8Array(bytes), { status, headers });
}

/** The first bytes of a reply; then the connection breaks, or ends as if that were all. */
export function cutReply({ status, headers, bytes }: WireReply, cut: { at: number; isBreak: boolean }): Response {
	const part = new Uint8Array(bytes.subarray(0, cut.at));
	const body = new ReadableStream({
		start: (controller) => {
			if (part.length > 0) controller.enqueue(part);
			if (!cut.isBreak) controller.close();
		},
		pull: (controller) => {
			if (cut.isBreak) controller.error(new TypeError('terminated'));
		},
	});
	return new Response(body, { status, headers });
}

/** A hotel's login page. */
export function loginPage(): Response {
	return new Response('<html><body>Welcome to our Wi-Fi</body></html>', { headers: { 'content-type': 'text/html' } });
}
