import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, type FaultKind, faultyHttp } from './server-faults.ts';

/** The way between one device and the server; tests cut it, mend it or let it fail on purpose. */
export interface Network {
	url: string;
	/** Nobody answers at the address any more. */
	cut(): Promise<void>;
	mend(): Promise<void>;
	setFault(fault: Fault | FaultKind | null): void;
	/** Requests that met a fault so far. */
	faultsMet(): number;
	/** Requests that came through. */
	passed(): number;
	close(): Promise<void>;
}

/** Opens a proxy to the server at `target` on a port of its own, which it keeps while it is cut. */
export async function openNetwork(target: string): Promise<Network> {
	const faults = faultyHttp();
	let passed = 0;
	const create = () =>
		faults.serverFactory((request, response) => {
			passed += 1;
			forward(target, request, response);
		});
	let server = await listen(create(), 0);
	const { port } = server.address() as AddressInfo;
	const cut = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return {
		url: `http://127.0.0.1:${port}`,
		cut,
		mend: async () => {
			server = await listen(create(), port);
		},
		setFault: faults.setFault,
		faultsMet: faults.faultsMet,
		passed: () => passed,
		close: cut,
	};
}

async function listen(server: Server, port: number): Promise<Server> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return server;
}

/** The reply is passed on whole, so that a fault can cut it in half. */
function forward(target: string, request: IncomingMessage, response: ServerResponse): void {
	const { method, headers, url } = request;
	const onward = http.request(new URL(url ?? '/', target), { method, headers }, (reply) => {
		const pieces: Buffer[] = [];
		reply.on('data', (piece: Buffer) => pieces.push(piece));
		reply.on('end', () => {
			const body = Buffer.concat(pieces);
			const { 'transfer-encoding': _, ...kept } = reply.headers;
			response.writeHead(reply.statusCode ?? 502, { ...kept, 'content-length': body.length });
			response.end(body);
		});
		reply.on('error', () => request.socket.destroy());
	});
	onward.on('error', () => request.socket.destroy());
	request.pipe(onward);
}
