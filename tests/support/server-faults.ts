import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

/**
 * `down` the socket closes; `slow` the answer comes after `delayMs`; `status500` an error without a body of ours;
 * `html` a hotel's login page: 200, without our header; `half` the reply breaks off after half of its bytes;
 * `drop-reply` the work is done, but nothing of the reply arrives.
 */
export type FaultKind = 'down' | 'slow' | 'status500' | 'html' | 'half' | 'drop-reply';

export interface Fault {
	kind: FaultKind;
	/** For this many requests; without it until another fault or none is set. */
	times?: number;
	/** For `slow`. */
	delayMs?: number;
	/** Only for requests whose address contains this, e.g. "/push". */
	path?: string;
}

export interface FaultyHttp {
	serverFactory: (handler: RequestListener) => Server;
	setFault: (fault: Fault | FaultKind | null) => void;
	/** Requests that met a fault so far. */
	faultsMet: () => number;
}

/** An HTTP server that fails on demand, below the application, as networks and machines do. */
export function faultyHttp(): FaultyHttp {
	let fault: Fault | null = null;
	let met = 0;
	const take = (url: string): Fault | undefined => {
		if (!fault || (fault.path && !url.includes(fault.path))) return undefined;
		const taken = fault;
		if (fault.times !== undefined) fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : null;
		met += 1;
		return taken;
	};
	return {
		serverFactory: (handler) =>
			createServer((request, response) => {
				const now = take(request.url ?? '');
				if (now) failAs(now, { request, response, handler });
				else handler(request, response);
			}),
		setFault: (next) => {
			fault = typeof next === 'string' ? { kind: next } : next;
		},
		faultsMet: () => met,
	};
}

interface Exchange {
	request: IncomingMessage;
	response: ServerResponse;
	handler: RequestListener;
}

function failAs(fault: Fault, { request, response, handler }: Exchange): void {
	switch (fault.kind) {
		case 'down':
			request.socket.destroy();
			return;
		case 'slow':
			setTimeout(() => handler(request, response), fault.delayMs ?? 1000);
			return;
		case 'status500':
			request.resume();
			response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
			return;
		case 'html':
			request.resume();
			response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome to our Wi-Fi</body></html>');
			return;
		case 'drop-reply':
			response.end = (() => request.socket.destroy() && response) as unknown as typeof response.end;
			handler(request, response);
			return;
		case 'half':
			response.end = cutEnd(request, response);
			handler(request, response);
			return;
	}
}

function cutEnd(request: IncomingMessage, response: ServerResponse): typeof response.end {
	const end = (chunk?: unknown) => {
		const bytes =
			typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk as string) : Buffer.alloc(0);
		// The header still promises the whole length.
		response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroy());
		return response;
	};
	return end as unknown as typeof response.end;
}
