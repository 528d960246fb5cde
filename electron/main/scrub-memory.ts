import { createSecretKey, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { setImmediate as giveWay, setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageChannel, Worker } from 'node:worker_threads';
import { blockSizes, overwriteBuffers } from './overwrite-buffers.ts';

const PASSES = 2;
/** Seconds after the first passes. */
const LATER_PASSES_AT = [4, 12];
const LAST_PASS_AT = Math.max(...LATER_PASSES_AT);
const SWEEP_MS = 100;
/** Twice the space of young objects: both its halves are written over. */
const YOUNG_BYTES = 64 * 1_048_576;
const BYTES_OF_A_SIZE = 8 * 1_048_576;
const MOST_MESSAGES = 40_000;
const MESSAGES_AT_ONCE = 4000;
const SMALLEST_MESSAGE = 160;
const MOST_SECRETS = 12_000;
const SECRETS_AT_ONCE = 2000;
/** A message's first string is written into as much room as it needs and this; the second one fills that. */
const ROOM_AFTER = 64;
/** The bytes by which the two strings and their list are marked. */
const MESSAGE_START = 8;
const MESSAGE_MARKS = 8;
/** At the end of a block the runtime may keep a count of its owners. */
const KEPT_BY_RUNTIME = 16;
/** What is sent to the page and echoed by it: of each size as many as a thread keeps of the blocks that it gave back. */
const SENT: readonly { upTo: number; count: number; parts: number }[] = [
	{ upTo: 256, count: 300, parts: 2 },
	{ upTo: 512, count: 150, parts: 4 },
	{ upTo: 4096, count: 80, parts: 4 },
	{ upTo: 65_536, count: 40, parts: 1 },
];
const SENT_AT_ONCE = 100;

/**
 * Overwrites what this process no longer uses. What a page and the core say to each other passes through here, and memory
 * that is given back is not cleared by itself: neither the script's, nor what the runtime and the store's driver had.
 * It goes in small steps, so that the lock screen is there meanwhile. `send` tells a page something that it says
 * back: the threads that carry messages keep blocks of their own, which only messages go through.
 */
export async function scrubMemory(send: (text: string) => void): Promise<void> {
	setFlagsFromString('--expose-gc');
	setFlagsFromString('--clear-free-memory');
	for (let pass = 0; pass < PASSES; pass++) await overwriteOnce(send);
	await overwriteInThread();
	collectGarbage();
}

/**
 * Overwrites again while the workbook stays locked: what the lock screen took in its first seconds and gave back may end
 * in what was there before.
 */
export async function scrubLater(send: (text: string) => void, isLocked: () => boolean): Promise<void> {
	for (let second = 1; second <= LAST_PASS_AT; second++) {
		await pause(1000);
		if (!isLocked()) return;
		if (LATER_PASSES_AT.includes(second)) await overwriteOnce(send);
	}
}

async function overwriteOnce(send: (text: string) => void): Promise<void> {
	collectGarbage();
	// Buffers are given back a little after they were found to be free.
	await pause(SWEEP_MS);
	overwriteYoungObjects();
	for (const step of [() => overwriteMessages(send), overwriteNativeBlocks, overwriteSmallBlocks, overwriteBuffers])
		for (const _ of step()) await giveWay();
}

function collectGarbage(): void {
	(runInNewContext('globalThis.gc ?? (() => {})') as () => void)();
}

function overwriteYoungObjects(): void {
	for (let bytes = 0; bytes < YOUNG_BYTES; bytes += 8192) new Array<number>(1000).fill(0);
}

function* overwriteMessages(send: (text: string) => void): Generator<undefined> {
	let sent = 0;
	let before = 0;
	for (const size of blockSizes()) {
		const { count, parts } = SENT.find(({ upTo }) => size <= upTo) ?? { count: 0, parts: 0 };
		for (let part = parts; part > 0; part--) {
			const zeros = '0'.repeat(Math.round(before + ((size - before) * part) / parts));
			for (let left = count; left > 0; left--) {
				send(zeros);
				if (++sent % SENT_AT_ONCE === 0) yield;
			}
		}
		before = size;
	}
}

/**
 * A message that nobody takes holds a block of the runtime's memory, and is written to it whole: an answer that was there
 * is overwritten to its last word. There are as many as there may be free blocks after a morning's work.
 */
function* overwriteNativeBlocks(): Generator<undefined> {
	const filler = '0'.repeat(ROOM_AFTER - MESSAGE_MARKS);
	for (const size of blockSizes()) {
		if (size < SMALLEST_MESSAGE) continue;
		const { port1, port2 } = new MessageChannel();
		const message = ['0'.repeat(size - KEPT_BY_RUNTIME - ROOM_AFTER - MESSAGE_START), filler];
		for (let count = Math.min(MOST_MESSAGES, Math.ceil(BYTES_OF_A_SIZE / size)); count > 0; count--) {
			port1.postMessage(message);
			if (count % MESSAGES_AT_ONCE === 0) yield;
		}
		port1.close();
		port2.close();
		yield;
	}
}

/** No message is as small as these; a secret is, but takes longer to make. */
function* overwriteSmallBlocks(): Generator<undefined> {
	const zeros = Buffer.alloc(SMALLEST_MESSAGE);
	for (const size of blockSizes()) {
		if (size > SMALLEST_MESSAGE) break;
		const held: KeyObject[] = [];
		for (let count = MOST_SECRETS; count > 0; count--) {
			// The runtime keeps the length before it.
			held.push(createSecretKey(zeros.subarray(0, size - 8)));
			if (count % SECRETS_AT_ONCE === 0) yield;
		}
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
