import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm';

/** Bytes handed over whole: they are in no other memory but this thread's, which ends with the answer. */
interface Job {
	words: Uint8Array;
	salt: Uint8Array;
	m: number;
	t: number;
	p: number;
}

// Slow by design: here the window stays alive, and the memory goes with the thread.
const { words, salt, m, t, p } = workerData as Job;
const key = await argon2id({
	password: words,
	salt,
	iterations: t,
	parallelism: p,
	memorySize: m,
	hashLength: 32,
	outputType: 'binary',
});
words.fill(0);
const own = Uint8Array.from(key);
key.fill(0);
parentPort?.postMessage(own, [own.buffer]);
