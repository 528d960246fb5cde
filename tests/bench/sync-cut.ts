import net, { type AddressInfo, type Socket } from 'node:net';

/** A way to the server that breaks. */
export interface BreakingWay {
	url: string;
	/** Bytes that came through from the server so far. */
	received(): number;
	cuts(): number;
	close(): void;
}

/** Passes bytes on and breaks every connection once `after()` further bytes have come from the server, `most` times in all. */
export function openBreakingWay(target: string, most: number, after: () => number): Promise<BreakingWay> {
	const { port, hostname } = new URL(target);
	const open = new Set<Socket>();
	let received = 0;
	let cuts = 0;
	let left = after();
	const server = net.createServer((near) => {
		const far = net.connect(Number(port), hostname);
		for (const socket of [near, far]) {
			open.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				open.delete(socket);
				near.destroy();
				far.destroy();
			});
		}
		near.pipe(far);
		far.on('data', (bytes: Buffer) => {
			const isCut = cuts < most && bytes.length >= left;
			const passed = isCut ? bytes.subarray(0, left) : bytes;
			received += passed.length;
			left -= passed.length;
			if (!isCut) {
				if (!near.write(passed)) {
					far.pause();
					near.once('drain', () => far.resume());
				}
				return;
			}
			cuts += 1;
			left = after();
			near.write(passed, () => near.destroy());
			far.destroy();
		});
		far.on('end', () => near.end());
	});
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => {
			resolve({
				url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
				received: () => received,
				cuts: () => cuts,
				close: () => {
					server.close();
					for (const socket of open) socket.destroy();
				},
			});
		});
	});
}
