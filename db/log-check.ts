import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { uptime } from 'node:os';

const HEADER = 32;
const FRAME_HEADER = 24;
/** What the clock may have been put on by since the machine was started. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * True when the log beside a closed store holds confirmed work behind a place that cannot be read. SQLite takes the log for
 * ended at the first frame that is not as it was written, as it must after a power cut, and says nothing of what follows:
 * one bit of damage would silently take away everything after it. Only while nobody has the store open.
 */
export function isLogCut(storeFile: string): boolean {
	const file = `${storeFile}-wal`;
	if (!existsSync(file)) return false;
	const handle = openSync(file, 'r');
	try {
		const { size, mtimeMs } = fstatSync(handle);
		const read = (at: number, length: number) => {
			const bytes = Buffer.alloc(length);
			return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
		};
		const header = read(0, HEADER);
		if (header.length < HEADER || header.every((byte) => byte === 0)) return false;
		const log = readHeader(header);
		// A header is written in one piece and synced before the first frame, so that only damage makes it unreadable.
		if (!log) return size > HEADER;
		const wasPowerCut = mtimeMs < Date.now() - uptime() * 1000 + CLOCK_MARGIN_MS;
		return isDamaged(log, { read, size, wasPowerCut });
	} finally {
		closeSync(handle);
	}
}

interface Log {
	pageSize: number;
	salts: Buffer;
	/** Of the header; that of each frame follows from the one before. */
	sum: Sum;
	isBigEndian: boolean;
}

type Sum = readonly [number, number];

function readHeader(header: Buffer): Log | undefined {
	const magic = header.readUInt32BE(0);
	const isBigEndian = magic === 0x377f0683;
	const sum = addTo([0, 0], header.subarray(0, 24), isBigEndian);
	const isWhole = sum[0] === header.readUInt32BE(24) && sum[1] === header.readUInt32BE(28);
	if (!isWhole || (magic !== 0x377f0682 && !isBigEndian)) return undefined;
	return { pageSize: header.readUInt32BE(8), salts: header.subarray(16, 24), sum, isBigEndian };
}

/**
 * Commits behind the first frame that is not as it was written, with one more when the last of them is not the last frame.
 * A power cut in the middle of the one transaction that was being written leaves one commit at most, as the last frame:
 * each is on the disk before the next begins. A process that died leaves none, or one frame whose page was not written. A
 * frame with one wrong bit is what neither leaves.
 */
function isDamaged(log: Log, { read, size, wasPowerCut }: Reading): boolean {
	const step = FRAME_HEADER + log.pageSize;
	let sum: Sum = log.sum;
	let at = HEADER;
	let frame: Buffer = Buffer.alloc(0);
	for (; at + step <= size; at += step) {
		frame = read(at, step);
		const next = sumUpTo(log, frame, sum);
		if (!frame.subarray(8, 16).equals(log.salts) || !isEqual(next, sumIn(frame))) break;
		sum = next;
	}
	// What lies behind is left from before the log was begun anew.
	if (at + step > size || differingBits(frame.subarray(8, 16), log.salts) > 1) return false;
	if (hasOneWrongBit(log, frame, sum)) return true;
	let commits = wasPowerCut && isCommit(frame) ? 1 : 0;
	for (at += step; at + step <= size; at += step) {
		const header = read(at, FRAME_HEADER);
		if (differingBits(header.subarray(8, 16), log.salts) > 1) break;
		if (commits > 0 || isCommit(header)) commits += 1;
	}
	return commits > (wasPowerCut ? 1 : 0);
}

interface Reading {
	read(at: number, length: number): Buffer;
	size: number;
	/** The machine was started again since the log was written. */
	wasPowerCut: boolean;
}

function isCommit(frame: Buffer): boolean {
	return frame.readUInt32BE(4) !== 0;
}

function isEqual([one, other]: Sum, [first, second]: Sum): boolean {
	return one === first && other === second;
}

/** The checksum that a frame carries, and that of all before it with it. */
function sumIn(frame: Buffer): Sum {
	return [frame.readUInt32BE(16), frame.readUInt32BE(20)];
}

function sumUpTo({ isBigEndian }: Log, frame: Buffer, before: Sum): Sum {
	return addTo(addTo(before, frame.subarray(0, 8), isBigEndian), frame.subarray(FRAME_HEADER), isBigEndian);
}

/** True when turning over a single bit makes the frame fit. The checksum is linear, so that each bit's share is known. */
function hasOneWrongBit(log: Log, frame: Buffer, before: Sum): boolean {
	const [first, second] = sumUpTo(log, frame, before);
	const [one, other] = sumIn(frame);
	const wrongInSalts = differingBits(frame.subarray(8, 16), log.salts);
	if (first === one && second === other) return wrongInSalts === 1;
	if (wrongInSalts > 0) return false;
	if (bitsOf(first ^ one) + bitsOf(second ^ other) === 1) return true;
	const [missing, missingToo] = [(one - first) >>> 0, (other - second) >>> 0];
	// Shares of the last word first: how often it counts in each of the two sums at the end.
	let [inFirst, inSecond] = [0, 1];
	for (let word = (frame.length - 16) / 4; word > 0; word--) {
		for (let bit = 0; bit < 32; bit++) {
			const share = Math.imul(inFirst, 1 << bit) >>> 0;
			const shareToo = Math.imul(inSecond, 1 << bit) >>> 0;
			if (share === missing && shareToo === missingToo) return true;
			if (-share >>> 0 === missing && -shareToo >>> 0 === missingToo) return true;
		}
		[inFirst, inSecond] = [inSecond, (inFirst + inSecond) >>> 0];
	}
	return false;
}

/** SQLite's checksum of a log, over 8 bytes at a time. */
function addTo([one, other]: Sum, bytes: Buffer, isBigEndian: boolean): Sum {
	let first = one;
	let second = other;
	for (let at = 0; at < bytes.length; at += 8) {
		first = (first + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + second) >>> 0;
		second = (second + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + first) >>> 0;
	}
	return [first, second];
}

function differingBits(one: Buffer, other: Buffer): number {
	let count = 0;
	for (let at = 0; at < one.length; at++) count += bitsOf((one[at] ?? 0) ^ (other[at] ?? 0));
	return count;
}

function bitsOf(word: number): number {
	let count = 0;
	for (let bits = word >>> 0; bits > 0; bits = (bits & (bits - 1)) >>> 0) count += 1;
	return count;
}
