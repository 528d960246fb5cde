import fs from 'node:fs';

export interface Needle {
	name: string;
	bytes: Buffer;
}

export interface Found {
	pid: number;
	/** What the process is: browser, renderer, gpu, utility, zygote. */
	kind: string;
	needle: string;
	/** The mapping it lies in, as the kernel names it, and where. */
	place: string;
	/** A little of what lies around it, so that its owner can be guessed. */
	around: string;
}

const CHUNK = 16 * 1_048_576;

/** Every copy of the needles in the writable memory of these processes. Linux only; needs to be their owner. */
export function searchMemory(
	pids: readonly number[],
	needles: readonly Needle[],
): { found: Found[]; scannedMb: number } {
	const found: Found[] = [];
	let scanned = 0;
	for (const pid of pids) {
		const kind = kindOf(pid);
		for (const map of writableMaps(pid)) {
			scanned += readPieces({ pid, map, overlap: longest(needles) }, (piece, address) => {
				for (const needle of needles)
					for (let at = piece.indexOf(needle.bytes); at >= 0; at = piece.indexOf(needle.bytes, at + 1)) {
						const place = `${(address + at).toString(16)} in ${map.start.toString(16)}-${map.end.toString(16)} ${map.name}`;
						found.push({ pid, kind, needle: needle.name, place, around: textAround(piece, at, needle) });
					}
			});
		}
	}
	return { found, scannedMb: Math.round(scanned / 1_048_576) };
}

/** A process and all its descendants. */
export function processTree(pid: number): number[] {
	const children = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid);
	return [pid, ...children.flatMap((child) => processTree(Number(child)))];
}

function parentOf(pid: number): number | undefined {
	try {
		return Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
	} catch {
		return undefined;
	}
}

function kindOf(pid: number): string {
	const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
	return /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser';
}

interface Mapping {
	start: number;
	end: number;
	name: string;
}

function writableMaps(pid: number): Mapping[] {
	return fs
		.readFileSync(`/proc/${pid}/maps`, 'utf8')
		.split('\n')
		.flatMap((line) => {
			const [range = '', rights = '', , , , ...name] = line.split(/\s+/);
			const [start, end] = range.split('-').map((hex) => Number.parseInt(hex, 16));
			if (start === undefined || end === undefined || !rights.startsWith('rw')) return [];
			return [{ start, end, name: name.join(' ') || 'anonymous' }];
		});
}

interface Reading {
	pid: number;
	map: Mapping;
	/** Pieces overlap by as much, so that nothing is cut in two. */
	overlap: number;
}

/** Reads what of a mapping is really there; answers how many bytes that was. */
function readPieces({ pid, map, overlap }: Reading, look: (piece: Buffer, address: number) => void): number {
	const { start, end } = map;
	const pages = fs.openSync(`/proc/${pid}/pagemap`, 'r');
	const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
	let scanned = 0;
	try {
		for (const [from, to] of presentRanges(pages, start, end)) {
			for (let at = from; at < to; at += CHUNK) {
				const piece = Buffer.alloc(Math.min(CHUNK + overlap, to - at));
				let read = 0;
				try {
					read = fs.readSync(memory, piece, 0, piece.length, at as never);
				} catch {
					continue;
				}
				scanned += Math.min(read, CHUNK);
				look(piece.subarray(0, read), at);
			}
		}
	} finally {
		fs.closeSync(pages);
		fs.closeSync(memory);
	}
	return scanned;
}

const PAGE = 4096;
const LARGEST_TABLE = 1_048_576;

/** A mapping may be a hundred gigabytes of address space with a few pages in it. */
function* presentRanges(pages: number, start: number, end: number): Generator<[number, number]> {
	let from: number | undefined;
	for (let at = start; at < end; ) {
		const count = Math.min(LARGEST_TABLE, (end - at) / PAGE);
		const table = Buffer.alloc(count * 8);
		const read = fs.readSync(pages, table, 0, table.length, (at / PAGE) * 8);
		if (read === 0) break;
		for (let index = 0; index < read / 8; index++) {
			// Bit 63: in memory; bit 62: in swap.
			const isThere = ((table[index * 8 + 7] ?? 0) & 0xc0) !== 0;
			const address = at + index * PAGE;
			if (isThere && from === undefined) from = address;
			if (!isThere && from !== undefined) {
				yield [from, address];
				from = undefined;
			}
		}
		at += (read / 8) * PAGE;
	}
	if (from !== undefined) yield [from, end];
}

function longest(needles: readonly Needle[]): number {
	return Math.max(...needles.map(({ bytes }) => bytes.length));
}

function textAround(piece: Buffer, at: number, { bytes }: Needle): string {
	return piece
		.toString('latin1', Math.max(0, at - 60), at + bytes.length + 60)
		.replaceAll(/[^\x20-\x7e]+/g, '·')
		.slice(0, 200);
}
