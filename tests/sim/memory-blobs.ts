import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobFolder, type Inventory, type TakenBlob, type TakeOptions } from '../../electron/core/files/blob-folder.ts';
import { type BlobName, blobKeys } from '../../electron/core/files/blob-format.ts';
import type { BlobPart } from '../../electron/core/files/blob-part.ts';
import type { BlobReader } from '../../electron/core/files/blob-reader.ts';
import { writeError } from '../../electron/core/write-error.ts';
import { BlobDisk } from '../../server/blobs/blob-disk.ts';
import { CoreError } from '../../shared/contract/errors.ts';

/** What lies on a disk, by name; parts of files under "name.part". It outlives the process that wrote it. */
export type Shelf = Map<string, Buffer>;

/** Bytes of a part are kept in pieces of so many, as those of real files are in frames. */
const PIECE = 512;

const partOf = (sha256: string) => `${sha256}.part`;
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A laptop's folder of files without a disk. `before` is called ahead of each write; it may end the process there. */
export class MemoryBlobs extends BlobFolder {
	readonly #shelf: Shelf;
	readonly #before: () => void;

	constructor(shelf: Shelf, before: () => void) {
		// A folder that is there: what is in it is looked through at every start.
		super(tmpdir(), blobKeys(Buffer.alloc(32)));
		this.#shelf = shelf;
		this.#before = before;
	}

	override async take(source: AsyncIterable<Uint8Array>, _options?: TakeOptions): Promise<TakenBlob> {
		const bytes = await gather(source);
		this.#write();
		const sha256 = sha256Of(bytes);
		const keep = async () => {
			this.#write();
			this.#shelf.set(sha256, bytes);
		};
		return { sha256, size: bytes.length, keep, discard: async () => {} };
	}

	override async open(sha256: string): Promise<BlobReader> {
		const bytes = this.#shelf.get(sha256);
		if (!bytes) throw new CoreError('file_not_here', 'The file is not on this laptop.');
		return {
			size: bytes.length,
			read: async (offset, length) => bytes.subarray(offset, offset + length),
			stream: async function* () {
				yield bytes;
			},
			close: async () => {},
		};
	}

	override async part({ sha256, size }: BlobName): Promise<BlobPart> {
		const name = partOf(sha256);
		const kept = () => this.#shelf.get(name) ?? Buffer.alloc(0);
		let loose = Buffer.alloc(0);
		return {
			here: () => kept().length,
			write: async (chunk) => {
				const next = Buffer.concat([loose, chunk]);
				if (kept().length + next.length > size) throw new CoreError('wrong_file', 'Too many bytes came.');
				const isWhole = kept().length + next.length === size;
				const full = isWhole ? next.length : next.length - (next.length % PIECE);
				this.#write();
				if (full > 0) this.#shelf.set(name, Buffer.concat([kept(), next.subarray(0, full)]));
				loose = Buffer.from(next.subarray(full));
			},
			rewind: () => {
				loose = Buffer.alloc(0);
			},
			isWhole: () => kept().length === size,
			finish: async () => {
				if (sha256Of(kept()) !== sha256) throw new CoreError('wrong_file', 'The bytes are of another file.');
				this.#write();
				this.#shelf.set(sha256, kept());
				this.#shelf.delete(name);
			},
			close: async () => {},
		};
	}

	override async drop(sha256: string): Promise<void> {
		this.#write();
		this.#shelf.delete(sha256);
		this.#shelf.delete(partOf(sha256));
	}

	override async dropPart(sha256: string): Promise<void> {
		this.#shelf.delete(partOf(sha256));
	}

	override async requireRoom(): Promise<void> {}

	override async inventory(): Promise<Inventory> {
		return {
			has: (sha256) => this.#shelf.has(sha256),
			keepOnly: async (whole, parts) => {
				const wanted = new Set([...whole, ...[...parts].map(partOf)]);
				const rest = [...this.#shelf.keys()].filter((name) => !wanted.has(name));
				for (const name of rest) this.#shelf.delete(name);
				return rest.length;
			},
		};
	}

	#write(): void {
		try {
			this.#before();
		} catch (error) {
			const isFull = (error as { code?: string }).code === 'SQLITE_FULL';
			throw isFull ? writeError(Object.assign(new Error('no room'), { code: 'ENOSPC' })) : error;
		}
	}
}

/** What the server has of files: whole ones by their checksum, and those under way by the upload's name. */
export interface Shelves {
	whole: Shelf;
	incoming: Shelf;
}

/** The server's folder of files without a disk. */
export class MemoryBlobDisk extends BlobDisk {
	#shelves: Shelves = { whole: new Map(), incoming: new Map() };

	constructor() {
		super(join(tmpdir(), 'fieldbook-sim-nowhere', 'office'));
	}

	/** What a backup takes along. */
	copy(): Shelves {
		const { whole, incoming } = this.#shelves;
		return { whole: new Map(whole), incoming: new Map(incoming) };
	}

	goBackTo({ whole, incoming }: Shelves): void {
		this.#shelves = { whole: new Map(whole), incoming: new Map(incoming) };
	}

	bytesOf(sha256: string): Buffer | undefined {
		return this.#shelves.whole.get(sha256);
	}

	override async arrived(id: string): Promise<number> {
		return this.#shelves.incoming.get(id)?.length ?? 0;
	}

	override async receive(
		id: string,
		body: AsyncIterable<Uint8Array>,
		{ offset, size }: { offset: number; size: number },
	): Promise<number> {
		const { incoming } = this.#shelves;
		let here = (incoming.get(id) ?? Buffer.alloc(0)).subarray(0, offset);
		for await (const chunk of body) {
			if (here.length + chunk.length > size) throw new Error('More bytes came than were announced.');
			here = Buffer.concat([here, chunk]);
			incoming.set(id, here);
		}
		return here.length;
	}

	override async keep(id: string, sha256: string): Promise<boolean> {
		const bytes = this.#shelves.incoming.get(id) ?? Buffer.alloc(0);
		if (sha256Of(bytes) !== sha256) return false;
		this.#shelves.whole.set(sha256, bytes);
		return true;
	}

	override async discard(id: string): Promise<void> {
		this.#shelves.incoming.delete(id);
	}

	override async sizeOf(sha256: string): Promise<number | undefined> {
		return this.bytesOf(sha256)?.length;
	}
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of source) chunks.push(chunk);
	return Buffer.concat(chunks);
}
