import type { Surroundings } from '../../electron/core/sync/surroundings.ts';
import { DeadProcess } from './dead-process.ts';
import type { WireReply, WireRequest } from './sim-server.ts';

/** A request on its way: the world decides when it arrives and what comes back. */
export interface Parked {
	request: WireRequest;
	/** The server's answer, when the request has been there already. */
	reply: WireReply | undefined;
	resolve(response: Response): void;
	reject(error: Error): void;
}

interface Timer {
	at: number;
	work: () => void;
}

/** Time, chance and network as one process of a laptop sees them. */
export class Outside implements Surroundings {
	readonly #now: () => number;
	readonly #onRequest: (parked: Parked | undefined) => void;
	readonly #timers = new Set<Timer>();
	#isOver = false;

	/** `now` is the true time; `onRequest` is told of a request, and of one that was called off. */
	constructor(now: () => number, onRequest: (parked: Parked | undefined) => void) {
		this.#now = now;
		this.#onRequest = onRequest;
	}

	now = (): number => this.#now();

	random = (): number => Math.random();

	after = (ms: number, work: () => void): (() => void) => {
		const timer = { at: this.#now() + ms, work };
		if (!this.#isOver) this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	};

	fetch = ((url: URL, init: RequestInit) =>
		new Promise<Response>((resolve, reject) => {
			if (this.#isOver || init.signal?.aborted) return reject(new DOMException('aborted', 'AbortError'));
			const headers = new Headers(init.headers);
			const request: WireRequest = {
				path: url.pathname + url.search,
				method: init.method as 'GET' | 'POST',
				token: (headers.get('authorization') ?? '').slice('Bearer '.length),
				body: init.body as WireRequest['body'],
				packing: headers.get('content-encoding') ?? undefined,
			};
			init.signal?.addEventListener('abort', () => {
				reject(new DOMException('aborted', 'AbortError'));
				this.#onRequest(undefined);
			});
			this.#onRequest({ request, reply: undefined, resolve, reject });
		})) as typeof fetch;

	/** Does what was planned for now or earlier. A laptop that slept wakes once for each plan, not once for each missed time. */
	ring(): boolean {
		const due = [...this.#timers].filter(({ at }) => at <= this.#now()).sort((a, b) => a.at - b.at);
		for (const timer of due) if (this.#timers.delete(timer)) doUnlessDead(timer.work);
		return due.length > 0;
	}

	/** When something is planned next; undefined when nothing is. */
	get next(): number | undefined {
		return this.#timers.size > 0 ? Math.min(...[...this.#timers].map(({ at }) => at)) : undefined;
	}

	/** The process has ended. */
	end(): void {
		this.#isOver = true;
		this.#timers.clear();
	}
}

/** A process may die of what it had planned, too. */
function doUnlessDead(work: () => void): void {
	try {
		work();
	} catch (error) {
		if (!(error instanceof DeadProcess)) throw error;
	}
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
