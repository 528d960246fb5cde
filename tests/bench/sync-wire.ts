import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const sockets = new Set<Socket>();
let closed = 0;

/** Counts what this process sends and receives by `fetch`, headers included. To be called before the first request. */
export function countWire(): void {
	subscribe('undici:client:connected', (message) => {
		const { socket } = message as { socket: Socket };
		sockets.add(socket);
		socket.once('close', () => {
			sockets.delete(socket);
			closed += bytesOf(socket);
		});
	});
}

/** Bytes so far, both ways. */
export function wireBytes(): number {
	return [...sockets].reduce((sum, socket) => sum + bytesOf(socket), closed);
}

function bytesOf(socket: Socket): number {
	return socket.bytesRead + socket.bytesWritten;
}
