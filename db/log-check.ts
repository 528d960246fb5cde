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
		return lostCommits(log, read, size) > (wasPowerCut ? 1 : 0);
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
 * each is on the disk before the next begins. A process that died leaves none.
 */
function lostCommits(log: Log, read: (at: number, length: number) => Buffer, size: number): number {
	const step = FRAME_HEADER + log.pageSize;
	let sum: Sum | undefined = log.sum;
	let commits = 0;
	for (let at = HEADER; at + step <= size; at += step) {
		const frame = read(at, sum ? step : FRAME_HEADER);
		const isOfThisLog = differingBits(frame.subarray(8, 16), log.salts) <= 1;
		if (sum) sum = sumAfter(log, frame, sum);
		if (sum) continue;
		// What lies behind is left from before the log was begun anew.
		if (!isOfThisLog) break;
		if (commits > 0 || frame.readUInt32BE(4) !== 0) commits += 1;
	}
	return commits;
}

/** The checksum up to this frame, or undefined when the frame does not carry it. */
function sumAfter({ salts, isBigEndian }: Log, frame: Buffer, before: Sum): Sum | undefined {
	const sum = addTo(addTo(before, frame.subarray(0, 8), isBigEndian), frame.subarray(FRAME_HEADER), isBigEndian);
	const isWhole = sum[0] === frame.readUInt32BE(16) && sum[1] === frame.readUInt32BE(20);
	return isWhole && frame.subarray(8, 16).equals(salts) ? sum : undefined;
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
	for (let at = 0; at < one.length; at++)
		for (let bits = (one[at] ?? 0) ^ (other[at] ?? 0); bits > 0; bits &= bits - 1) count += 1;
	return count;
}
