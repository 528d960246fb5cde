import { crc32, createDeflateRaw } from 'node:zlib';

const LOCAL = 0x0403_4b50;
const DESCRIPTOR = 0x0807_4b50;
const CENTRAL = 0x0201_4b50;
const END = 0x0605_4b50;
const END_64 = 0x0606_4b50;
const LOCATOR_64 = 0x0706_4b50;
const MOST_32 = 0xffff_ffff;
const MOST_16 = 0xffff;
/** Names are UTF-8, and sizes follow the bytes. */
const FLAGS = (1 << 11) | (1 << 3);
const VERSION = 20;
const VERSION_64 = 45;

/** Takes the next bytes of a file; resolves when it is ready for more. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

interface Entry {
	name: Buffer;
	crc: number;
	packed: number;
	size: number;
	at: number;
}

/**
 * Writes a zip front to back at constant memory, so that one can be written into another. Of any length; each file in it
 * below 4 GiB.
 */
export class ZipWriter {
	readonly #sink: Sink;
	readonly #entries: Entry[] = [];
	readonly #stamp: number;
	#at = 0;

	/** `at`: the time that its files carry. */
	constructor(sink: Sink, at: Date) {
		this.#sink = sink;
		const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
		const day = ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
		this.#stamp = time + day * 0x1_0000;
	}

	/** Adds one file, whose content `fill` writes. Throws what `fill` and the sink throw. */
	async add(path: string, fill: (write: Sink) => Promise<void>): Promise<void> {
		const entry: Entry = { name: Buffer.from(path, 'utf8'), crc: 0, packed: 0, size: 0, at: this.#at };
		await this.#write(this.#header(entry));
		const deflate = createDeflateRaw({ level: 6 });
		const packing = (async () => {
			for await (const packed of deflate) {
				entry.packed += packed.length;
				await this.#write(packed);
			}
		})();
		// It is waited for below; until then a failure of it must not count as nobody's.
		packing.catch(() => undefined);
		try {
			await fill(async (bytes) => {
				entry.crc = crc32(bytes, entry.crc);
				entry.size += bytes.length;
				if (!deflate.write(bytes)) await Promise.race([new Promise((go) => deflate.once('drain', go)), packing]);
			});
			deflate.end();
			await packing;
		} catch (error) {
			deflate.destroy();
			await packing.catch(() => undefined);
			throw error;
		}
		if (Math.max(entry.size, entry.packed) > MOST_32) throw new Error(`${path} is too long for a zip.`);
		const after = Buffer.alloc(16);
		after.writeUInt32LE(DESCRIPTOR, 0);
		measure(after, 4, entry);
		await this.#write(after);
		this.#entries.push(entry);
	}

	/** Writes the list of files, which makes it whole. */
	async finish(): Promise<void> {
		const start = this.#at;
		for (const entry of this.#entries) await this.#write(this.#listing(entry));
		const count = this.#entries.length;
		const length = this.#at - start;
		if (start > MOST_32 || count > MOST_16) await this.#write(longEnd({ start, length, count, at: this.#at }));
		const end = Buffer.alloc(22);
		end.writeUInt32LE(END, 0);
		end.writeUInt16LE(Math.min(count, MOST_16), 8);
		end.writeUInt16LE(Math.min(count, MOST_16), 10);
		end.writeUInt32LE(Math.min(length, MOST_32), 12);
		end.writeUInt32LE(Math.min(start, MOST_32), 16);
		await this.#write(end);
	}

	async #write(bytes: Uint8Array): Promise<void> {
		await this.#sink(bytes);
		this.#at += bytes.length;
	}

	#header({ name }: Entry): Buffer {
		const head = Buffer.alloc(30 + name.length);
		head.writeUInt32LE(LOCAL, 0);
		this.#describe(head, 4, VERSION);
		head.writeUInt16LE(name.length, 26);
		name.copy(head, 30);
		return head;
	}

	#listing(entry: Entry): Buffer {
		const { name, at } = entry;
		const isFar = at >= MOST_32;
		const line = Buffer.alloc(46 + name.length + (isFar ? 12 : 0));
		line.writeUInt32LE(CENTRAL, 0);
		line.writeUInt16LE(isFar ? VERSION_64 : VERSION, 4);
		this.#describe(line, 6, isFar ? VERSION_64 : VERSION);
		measure(line, 16, entry);
		line.writeUInt16LE(name.length, 28);
		line.writeUInt32LE(Math.min(at, MOST_32), 42);
		name.copy(line, 46);
		if (isFar) {
			const extra = 46 + name.length;
			line.writeUInt16LE(12, 30);
			line.writeUInt16LE(1, extra);
			line.writeUInt16LE(8, extra + 2);
			line.writeBigUInt64LE(BigInt(at), extra + 4);
		}
		return line;
	}

	/** Version, flags, way of packing (deflate), time and day. */
	#describe(into: Buffer, at: number, version: number): void {
		into.writeUInt16LE(version, at);
		into.writeUInt16LE(FLAGS, at + 2);
		into.writeUInt16LE(8, at + 4);
		into.writeUInt32LE(this.#stamp, at + 6);
	}
}

/** Checksum and sizes. */
function measure(into: Buffer, at: number, { crc, packed, size }: Entry): void {
	into.writeUInt32LE(crc, at);
	into.writeUInt32LE(packed, at + 4);
	into.writeUInt32LE(size, at + 8);
}

interface LongEnd {
	start: number;
	length: number;
	count: number;
	/** Where this end is written. */
	at: number;
}

/** The end of a zip that is longer, or holds more, than the plain one can say. */
function longEnd({ start, length, count, at }: LongEnd): Buffer {
	const end = Buffer.alloc(56 + 20);
	end.writeUInt32LE(END_64, 0);
	end.writeBigUInt64LE(44n, 4);
	end.writeUInt16LE(VERSION_64, 12);
	end.writeUInt16LE(VERSION_64, 14);
	end.writeBigUInt64LE(BigInt(count), 24);
	end.writeBigUInt64LE(BigInt(count), 32);
	end.writeBigUInt64LE(BigInt(length), 40);
	end.writeBigUInt64LE(BigInt(start), 48);
	end.writeUInt32LE(LOCATOR_64, 56);
	end.writeBigUInt64LE(BigInt(at), 64);
	end.writeUInt32LE(1, 72);
	return end;
}
