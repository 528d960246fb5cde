import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ArgonKdf, bytesOf } from './slots.ts';

/** Makes a 32-byte key from a passphrase, away from the main thread. */
export type DeriveKey = (kdf: ArgonKdf, words: Uint8Array) => Promise<Buffer>;

/** argon2id in a thread of its own, which is there only as long as this takes. `words` stay the caller's. */
export function argonIn(workerFile = path.join(import.meta.dirname, 'argon-worker.js')): DeriveKey {
	return ({ m, t, p, salt }, words) =>
		new Promise((resolve, reject) => {
			const own = Uint8Array.from(words);
			const worker = new Worker(workerFile, {
				workerData: { words: own, salt: new Uint8Array(bytesOf(salt, 16, 64)), m, t, p },
				transferList: [own.buffer],
				name: 'argon2id',
			});
			worker.once('message', (key: Uint8Array) => resolve(Buffer.from(key.buffer)));
			worker.once('error', reject);
			worker.once('exit', () => reject(new Error('The passphrase could not be worked out.')));
		});
}
