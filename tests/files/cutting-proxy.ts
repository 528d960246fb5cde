import net, { type AddressInfo } from 'node:net';

/** A wire to the server that can be cut after any byte, in either direction. */
export interface CuttingProxy {
	url: string;
	/** Cuts the next connection that carries so many bytes: `up` to the server, `down` from it. Once; null mends. */
	cutAfter(direction: 'up' | 'down', bytes: number | null): void;
	/** Bytes carried so far, headers included. */
	carried(): { up: number; down: number };
	cuts(): number;
	close(): Promise<void>;
}

export async function openCuttingProxy(target: string): Promise<CuttingProxy> {
	const { port, hostname } = new URL(target);
	const left = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
	const carried = { up: 0, down: 0 };
	let cuts = 0;
	const sockets = new Set<net.Socket>();
	const server = net.createServer((near) => {
		const far = net.connect(Number(port), hostname);
		const end = () => {
			near.destroy();
			far.destroy();
		};
		const carry = (from: net.Socket, to: net.Socket, direction: 'up' | 'down') => {
			from.on('data', (chunk) => {
				const passed = chunk.subarray(0, left[direction]);
				left[direction] -= passed.length;
				carried[direction] += passed.length;
				to.write(passed);
				if (passed.length === chunk.length && left[direction] > 0) return;
				left[direction] = Number.POSITIVE_INFINITY;
				cuts += 1;
				// What was let through arrives; then the line is dead.
				from.pause();
				to.end(() => setTimeout(end, 5));
			});
			from.on('error', end);
			from.on('close', end);
		};
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		}
		carry(near, far, 'up');
		carry(far, near, 'down');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		cutAfter: (direction, bytes) => {
			left[direction] = bytes ?? Number.POSITIVE_INFINITY;
		},
		carried: () => ({ ...carried }),
		cuts: () => cuts,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
