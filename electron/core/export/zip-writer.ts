import { type FileHandle, open } from 'node:fs/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

const LOCAL = 0x0403_4b50;
const CENTRAL = 0x0201_4b50;
const END = 0x0605_4b50;
/** 1 January 2000, so that the same content makes the same file. */
const DAY = ((2000 - 1980) << 9) | (1 << 5) | 1;
const UTF8 = 1 << 11;

interface Entry {
	name: Buffer;
	crc: number;
	packed: number;
	size: number;
	at: number;
}

/**
 * Writes a zip of files that each stay below 4 GiB, one after the other, at constant memory. Sizes are put into an entry's
 * header once they are known, which every reader understands.
 */
export class ZipWriter {
	readonly #file: FileHandle;
	readonly #entries: Entry[] = [];
	#at = 0;

	private constructor(file: FileHandle) {
		this.#file = file;
	}

	static async create(path: string): Promise<ZipWriter> {
		return new ZipWriter(await open(path, 'wx', 0o600));
	}

	/** Adds one file; its text comes in pieces of any length. */
	async add(path: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
		const entry: Entry = { name: Buffer.from(path, 'utf8'), crc: 0, packed: 0, size: 0, at: this.#at };
		await this.#write(header(entry));
		const deflate = createDeflateRaw({ level: 6 });
		const packing = (async () => {
			for await (const packed of deflate) {
				entry.packed += packed.length;
				await this.#write(packed);
			}
		})();
		try {
			for await (const piece of pieces) {
				const bytes = Buffer.from(piece, 'utf8');
				entry.crc = crc32(bytes, entry.crc);
				entry.size += bytes.length;
				if (!deflate.write(bytes)) await Promise.race([new Promise((go) => deflate.once('drain', go)), packing]);
			}
			deflate.end();
			await packing;
		} catch (error) {
			deflate.destroy();
			await packing.catch(() => undefined);
			throw error;
		}
		const head = header(entry);
		await this.#file.write(head, 0, head.length, entry.at);
		this.#entries.push(entry);
	}

	/** Writes the list of files, syncs and closes. */
	async finish(): Promise<void> {
		const start = this.#at;
		for (const entry of this.#entries) await this.#write(listing(entry));
		const end = Buffer.alloc(22);
		end.writeUInt32LE(END, 0);
		end.writeUInt16LE(this.#entries.length, 8);
		end.writeUInt16LE(this.#entries.length, 10);
		end.writeUInt32LE(this.#at - start, 12);
		end.writeUInt32LE(start, 16);
		await this.#write(end);
		await this.#file.sync();
		await this.close();
	}

	async close(): Promise<void> {
		await this.#file.close();
	}

	async #write(bytes: Buffer): Promise<void> {
		for (let done = 0; done < bytes.length; ) {
			const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#at);
			done += bytesWritten;
			this.#at += bytesWritten;
		}
	}
}

function header({ name, crc, packed, size }: Entry): Buffer {
	const head = Buffer.alloc(30 + name.length);
	head.writeUInt32LE(LOCAL, 0);
	describe(head, 4, { crc, packed, size });
	head.writeUInt16LE(name.length, 26);
	name.copy(head, 30);
	return head;
}

function listing({ name, crc, packed, size, at }: Entry): Buffer {
	const line = Buffer.alloc(46 + name.length);
	line.writeUInt32LE(CENTRAL, 0);
	line.writeUInt16LE(20, 4);
	describe(line, 6, { crc, packed, size });
	line.writeUInt16LE(name.length, 28);
	line.writeUInt32LE(at, 42);
	name.copy(line, 46);
	return line;
}

/** What a header and a line of the list have in common: version, flags, way, time, day, checksum and sizes. */
function describe(into: Buffer, at: number, { crc, packed, size }: Pick<Entry, 'crc' | 'packed' | 'size'>): void {
	into.writeUInt16LE(20, at);
	into.writeUInt16LE(UTF8, at + 2);
	into.writeUInt16LE(8, at + 4);
	into.writeUInt16LE(DAY, at + 8);
	into.writeUInt32LE(crc, at + 10);
	into.writeUInt32LE(packed, at + 14);
	into.writeUInt32LE(size, at + 18);
}
