import { Worker } from 'node:worker_threads';

export interface RekeyOrder {
	file: string;
	copy: string;
	/** The keys are handed over. */
	key: Uint8Array<ArrayBuffer>;
	nextKey: Uint8Array<ArrayBuffer>;
	nativeBinding: string | undefined;
}

type FromWorker = { head: string } | { failed: { code: string; message: string } };

/** Writes a store anew under another key, in a thread of its own; answers the head of the copy. Throws with core's code. */
export function rekeyIn(workerFile: string, order: RekeyOrder): Promise<string> {
	return new Promise((resolve, reject) => {
		const transferList = [order.key.buffer, order.nextKey.buffer];
		const worker = new Worker(workerFile, { workerData: order, transferList, name: 'rekey' });
		worker.once('message', (message: FromWorker) => {
			if ('head' in message) resolve(message.head);
			else reject(Object.assign(new Error(message.failed.message), { code: message.failed.code }));
		});
		worker.once('error', reject);
		worker.once('exit', () => reject(new Error('The thread that writes the store anew has ended.')));
	});
}
