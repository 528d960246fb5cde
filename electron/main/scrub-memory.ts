import { createSecretKey, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { setImmediate as giveWay, setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageChannel, Worker } from 'node:worker_threads';
import { blockSizes, blocksOf, overwriteBuffers } from './overwrite-buffers.ts';

const PASSES = 2;
const SWEEP_MS = 100;
/** Twice the space of young objects: both its halves are written over. */
const YOUNG_BYTES = 64 * 1_048_576;
/** What passes between the threads and the page comes in blocks of kilobytes: of those there may be many. */
const LARGE = 2048;
const BYTES_OF_SMALL = 2 * 1_048_576;
const BYTES_OF_LARGE = 8 * 1_048_576;
const MOST_MESSAGES = 4000;
const LARGEST_SENT = 65_536;
const MESSAGES_SENT = 96;
const LARGEST_SMALL = 65_536;
const MOST_SECRETS = 1500;

/**
 * Overwrites what this process no longer uses. What a page and the core say to each other passes through here, and memory
 * that is given back is not cleared by itself: neither the script's, nor what the runtime and the store's driver had.
 * It goes in small steps, so that the lock screen is there meanwhile. `send` tells a page something it does not hear: the
 * threads that carry messages keep blocks of their own, which only messages go through.
 */
export async function scrubMemory(send: (text: string) => void): Promise<void> {
	setFlagsFromString('--expose-gc');
	setFlagsFromString('--clear-free-memory');
	const collect = runInNewContext('globalThis.gc ?? (() => {})') as () => void;
	for (let pass = 0; pass < PASSES; pass++) {
		collect();
		// Buffers are given back a little after they were found to be free.
		await pause(SWEEP_MS);
		overwriteYoungObjects();
		for (const _ of overwriteMessages(send)) await giveWay();
		for (const step of [overwriteNativeBlocks, overwriteSmallBlocks, overwriteBuffers])
			for (const _ of step()) await giveWay();
	}
	await overwriteInThread();
	collect();
}

function overwriteYoungObjects(): void {
	for (let bytes = 0; bytes < YOUNG_BYTES; bytes += 8192) new Array<number>(1000).fill(0);
}

function* overwriteMessages(send: (text: string) => void): Generator<undefined> {
	for (const size of blockSizes()) {
		if (size > LARGEST_SENT) break;
		const zeros = '0'.repeat(size);
		for (let count = MESSAGES_SENT; count > 0; count--) send(zeros);
		yield;
	}
}

/** A message that nobody takes holds a block of the runtime's memory of about its own length. */
function* overwriteNativeBlocks(): Generator<undefined> {
	for (const size of blockSizes()) {
		const { port1, port2 } = new MessageChannel();
		const zeros = '0'.repeat(size);
		const bytes = size < LARGE ? BYTES_OF_SMALL : BYTES_OF_LARGE;
		for (let count = Math.min(MOST_MESSAGES, Math.ceil(bytes / size)); count > 0; count--) port1.postMessage(zeros);
		port1.close();
		port2.close();
		yield;
	}
}

/** A message leaves the end of its block as it was; a secret fills it, but takes longer to make. */
function* overwriteSmallBlocks(): Generator<undefined> {
	const held: KeyObject[] = [];
	const zeros = Buffer.alloc(LARGEST_SMALL);
	for (const size of blockSizes()) {
		if (size > LARGEST_SMALL) break;
		// The runtime keeps the length before it.
		for (let count = Math.min(MOST_SECRETS, blocksOf(size)); count > 0; count--)
			held.push(createSecretKey(zeros.subarray(0, size - 8)));
		yield;
	}
}

/** The buffers of threads come from elsewhere than this thread's, and stay there when a thread has ended. */
function overwriteInThread(): Promise<void> {
	return new Promise((resolve) => {
		const worker = new Worker(path.join(import.meta.dirname, 'scrub-worker.js'), { name: 'scrub' });
		worker.once('error', () => resolve());
		worker.once('exit', () => resolve());
	});
}
