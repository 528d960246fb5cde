import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import type { Random } from '../sim/random.ts';

/** What a link does to what passes it. Both directions alike unless said otherwise. */
export interface LinkShape {
	/** There and back, milliseconds. */
	rttMs?: number;
	/** Either way of the half of it. */
	jitterMs?: number;
	/** Share of packets of 1,400 bytes that have to be sent again, which holds up all behind them for a round trip and a half. */
	loss?: number;
	bitsPerSecond?: number;
	/** Nothing passes for so long, every so often. */
	stall?: { everyMs: number; forMs: number };
	/** The link is there, then gone with all its connections, and so on. */
	train?: { onMs: number; offMs: number };
	/** For so long from the start all that comes back is swallowed. */
	deafForMs?: number;
	/** For so long from the start a login page answers, with 200. */
	portalForMs?: number;
}

export interface Link {
	url: string;
	/** Bytes that passed, both ways. */
	bytes(): number;
	/** Begins anew with another shape: clocks of stalls and trains start now. */
	reshape(shape: LinkShape): void;
	close(): Promise<void>;
}

const PACKET = 1400;
const PAGE = '<html><body>Welcome to our Wi-Fi. Please sign in.</body></html>';
const PORTAL = `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${PAGE.length}\r\nconnection: close\r\n\r\n${PAGE}`;

/** A proxy on 127.0.0.1 before `target` that makes a good network a bad one. */
export async function openLink(target: { host: string; port: number }, random: Random): Promise<Link> {
	let shape: LinkShape = {};
	let started = performance.now();
	let bytes = 0;
	const free = { up: 0, down: 0 };
	const sockets = new Set<Socket>();
	const elapsed = () => performance.now() - started;
	const isOff = () =>
		shape.train !== undefined && elapsed() % (shape.train.onMs + shape.train.offMs) > shape.train.onMs;
	const drop = setInterval(() => {
		if (isOff()) for (const socket of sockets) socket.destroy();
	}, 50);

	/** When a chunk that sets out now arrives. */
	const arrival = (way: 'up' | 'down', size: number): number => {
		const now = performance.now();
		const { rttMs = 0, jitterMs = 0, loss = 0, bitsPerSecond, stall } = shape;
		let at = Math.max(now, free[way]);
		if (bitsPerSecond) at += (size * 8000) / bitsPerSecond;
		const packets = Math.ceil(size / PACKET);
		for (let packet = 0; packet < packets; packet += 1) if (random.chance(loss)) at += rttMs * 1.5;
		if (stall) {
			const into = (at - started) % stall.everyMs;
			if (into < stall.forMs && at - started > stall.everyMs) at += stall.forMs - into;
		}
		free[way] = at;
		return at + Math.max(0, rttMs / 2 + (random.next() * 2 - 1) * jitterMs);
	};

	const pass = (from: Socket, to: Socket, way: 'up' | 'down') => {
		let last = 0;
		from.on('data', (chunk: Buffer) => {
			if (way === 'down' && shape.deafForMs && elapsed() < shape.deafForMs) return;
			bytes += chunk.length;
			// In order, whatever the jitter says: this is TCP.
			last = Math.max(last, arrival(way, chunk.length));
			setTimeout(() => !to.destroyed && to.write(chunk), Math.max(0, last - performance.now()));
		});
		from.on('end', () => setTimeout(() => to.end(), Math.max(0, last - performance.now() + 1)));
		from.on('error', () => to.destroy());
		from.on('close', () => {
			sockets.delete(from);
			setTimeout(() => to.destroy(), Math.max(0, last - performance.now() + 5));
		});
	};

	const proxy = createServer({ allowHalfOpen: true }, (near) => {
		sockets.add(near);
		if (isOff()) return near.destroy();
		if (shape.portalForMs && elapsed() < shape.portalForMs) {
			near.on('error', () => undefined);
			near.once('data', () => near.end(PORTAL));
			return undefined;
		}
		const far = dial({ ...target, allowHalfOpen: true });
		sockets.add(far);
		pass(near, far, 'up');
		pass(far, near, 'down');
		return undefined;
	});
	proxy.listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	return {
		url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
		bytes: () => bytes,
		reshape: (next) => {
			shape = next;
			started = performance.now();
			free.up = 0;
			free.down = 0;
			// Connections of before would carry on as if nothing had happened.
			for (const socket of sockets) socket.destroy();
		},
		close: async () => {
			clearInterval(drop);
			for (const socket of sockets) socket.destroy();
			proxy.close();
			await once(proxy, 'close');
		},
	};
}
