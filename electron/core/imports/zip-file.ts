import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { CoreError } from '../../../shared/contract/errors.ts';
import { limits, megabytes } from './limits.ts';

interface Entry {
	name: string;
	method: number;
	packed: number;
	offset: number;
}

/** A zip read by its directory, with every size taken as a claim: what is inflated is counted. */
export interface ZipFile {
	has(name: string): boolean;
	names(): string[];
	/** The bytes of one entry, inflated piece by piece. */
	pieces(name: string): AsyncGenerator<Buffer>;
	/** The whole of a small entry as text; undefined when it is not there. */
	text(name: string): Promise<string | undefined>;
}

const SMALL = 32 * 1024 * 1024;
const broken = (why: string) =>
	new CoreError(
		'file_not_readable',
		`The workbook is damaged (${why}). Open it in a spreadsheet program, let it repair the file, and save it again.`,
	);

/** Opens a zip. Throws CoreError for damage, for a password, and for what no spreadsheet program writes. */
export async function openZip(path: string): Promise<ZipFile> {
	const handle = await open(path, 'r');
	try {
		const entries = await readDirectory(handle);
		const budget = { inflated: 0 };
		return {
			has: (name) => entries.has(name.toLowerCase()),
			names: () => [...entries.values()].map((entry) => entry.name),
			pieces: (name) => inflate(path, entries.get(name.toLowerCase()), budget),
			text: async (name) => {
				const entry = entries.get(name.toLowerCase());
				return entry ? readText(inflate(path, entry, budget)) : undefined;
			},
		};
	} finally {
		await handle.close();
	}
}

async function readText(pieces: AsyncGenerator<Buffer>): Promise<string> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const piece of pieces) {
		size += piece.length;
		if (size > SMALL) throw tooLarge();
		parts.push(piece);
	}
	return Buffer.concat(parts).toString('utf8');
}

const tooLarge = () =>
	new CoreError(
		'file_too_large',
		`The workbook unpacks to more than Fieldbook reads (${megabytes(limits.xlsxInflated)}). Save the sheet as CSV and import that.`,
	);

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
	const buffer = Buffer.alloc(length);
	const { bytesRead } = await handle.read(buffer, 0, length, position);
	if (bytesRead < length) throw broken('it ends too early');
	return buffer;
}

async function readDirectory(handle: FileHandle): Promise<Map<string, Entry>> {
	const { size } = await handle.stat();
	const tailLength = Math.min(size, 65_557);
	if (tailLength < 22) throw broken('it is too short');
	const tail = await readAt(handle, size - tailLength, tailLength);
	const at = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
	if (at === -1 || at + 22 > tail.length) throw broken('its directory is missing');
	const count = tail.readUInt16LE(at + 10);
	const length = tail.readUInt32LE(at + 12);
	const offset = tail.readUInt32LE(at + 16);
	if (count > limits.zipEntries)
		throw broken(`it has ${count} parts, and no workbook needs more than ${limits.zipEntries}`);
	if (offset + length > size) throw broken('its directory points outside the file');
	return parseDirectory(await readAt(handle, offset, length), count, offset);
}

function parseDirectory(bytes: Buffer, count: number, end: number): Map<string, Entry> {
	const entries = new Map<string, Entry>();
	const spans: [number, number][] = [];
	let at = 0;
	for (let index = 0; index < count; index++) {
		if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw broken('its directory is not in order');
		const nameLength = bytes.readUInt16LE(at + 28);
		const entry: Entry = {
			name: bytes
				.toString('utf8', at + 46, at + 46 + nameLength)
				.replaceAll('\\', '/')
				.replace(/^\//, ''),
			method: bytes.readUInt16LE(at + 10),
			packed: bytes.readUInt32LE(at + 20),
			offset: bytes.readUInt32LE(at + 42),
		};
		if ((bytes.readUInt16LE(at + 8) & 1) === 1) {
			throw new CoreError(
				'file_password',
				'This file is protected with a password. Remove the password, save it and import it again.',
			);
		}
		if (entry.offset + entry.packed > end) throw broken('a part lies outside the file');
		if (entries.has(entry.name.toLowerCase())) throw broken('it holds the same part twice');
		entries.set(entry.name.toLowerCase(), entry);
		spans.push([entry.offset, entry.offset + entry.packed]);
		at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
	}
	refuseOverlap(spans);
	return entries;
}

/** Parts that share their bytes are how a small file is made to unpack without end. */
function refuseOverlap(spans: [number, number][]): void {
	spans.sort((a, b) => a[0] - b[0]);
	for (let index = 1; index < spans.length; index++) {
		if ((spans[index]?.[0] ?? 0) < (spans[index - 1]?.[1] ?? 0)) throw broken('its parts overlap');
	}
}

async function* inflate(path: string, entry: Entry | undefined, budget: { inflated: number }): AsyncGenerator<Buffer> {
	if (!entry) throw broken('a part is missing');
	if (entry.method !== 0 && entry.method !== 8) throw broken('a part is packed in a way that is not known');
	if (entry.packed === 0) return;
	const handle = await open(path, 'r');
	let start: number;
	try {
		const header = await readAt(handle, entry.offset, 30);
		start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
	} finally {
		await handle.close();
	}
	const source = createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 256 * 1024 });
	const stream = entry.method === 0 ? source : source.pipe(createInflateRaw({ chunkSize: 256 * 1024 }));
	source.on('error', (error) => stream.destroy(error));
	let size = 0;
	try {
		for await (const piece of stream as AsyncIterable<Buffer>) {
			size += piece.length;
			budget.inflated += piece.length;
			if (budget.inflated > limits.xlsxInflated) throw tooLarge();
			if (size > 10 * 1024 * 1024 && size > entry.packed * limits.xlsxRatio) throw tooLarge();
			yield piece;
		}
	} catch (error) {
		throw error instanceof CoreError ? error : broken('a part cannot be unpacked');
	} finally {
		source.destroy();
		stream.destroy();
	}
}
