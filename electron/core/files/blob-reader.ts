import { type FileHandle, open } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import {
	type BlobKeys,
	type BlobName,
	damaged,
	FRAME,
	FRAME_EXTRA,
	frameCount,
	frameStart,
	HEADER,
	openFrame,
	openHeader,
	type Seal,
	sealedSize,
} from './blob-format.ts';

/** An open file. Every byte it gives has been checked against what was written. */
export interface BlobReader {
	size: number;
	/** Bytes from `offset`, at most `length`; fewer at the end. Throws `file_damaged`. */
	read(offset: number, length: number): Promise<Buffer>;
	/** The whole in order. Throws `file_damaged` before it would give a wrong byte. */
	stream(): AsyncGenerator<Buffer>;
	close(): Promise<void>;
}

/** Opens a sealed file and checks that it is the one asked for and has its length. */
export async function openBlob(keys: BlobKeys, file: string, sha256: string): Promise<BlobReader> {
	const handle = await openExisting(file);
	try {
		const header = openHeader(keys, await readExactly(handle, 0, HEADER));
		if (header.sha256 !== sha256 || (await handle.stat()).size !== sealedSize(header.size)) throw damaged();
		return reader(handle, header);
	} catch (error) {
		await handle.close();
		throw error;
	}
}

function reader(handle: FileHandle, { seal, size }: BlobName & { seal: Seal }): BlobReader {
	const frame = (index: number) => readFrame(handle, seal, { index, size });
	return {
		size,
		read: async (offset, length) => {
			const end = Math.min(size, offset + length);
			const pieces: Buffer[] = [];
			for (let at = offset; at < end; ) {
				const index = Math.floor(at / FRAME);
				const inFrame = at - index * FRAME;
				const piece = (await frame(index)).subarray(inFrame, inFrame + end - at);
				pieces.push(piece);
				at += piece.length;
			}
			return Buffer.concat(pieces);
		},
		stream: async function* () {
			for (let index = 0; index < frameCount(size); index++) yield await frame(index);
		},
		close: () => handle.close(),
	};
}

/** One frame of a file that has `size` bytes when whole. Throws `file_damaged`. */
export async function readFrame(
	handle: FileHandle,
	seal: Seal,
	{ index, size }: { index: number; size: number },
): Promise<Buffer> {
	const length = Math.min(FRAME, size - index * FRAME);
	return openFrame(seal, index, await readExactly(handle, frameStart(index), length + FRAME_EXTRA));
}

async function openExisting(file: string): Promise<FileHandle> {
	try {
		return await open(file, 'r');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		throw new CoreError('file_not_here', 'The file is not on this laptop.');
	}
}

export async function readExactly(handle: FileHandle, at: number, length: number): Promise<Buffer> {
	const bytes = Buffer.alloc(length);
	let read = 0;
	while (read < length) {
		const { bytesRead } = await handle.read(bytes, read, length - read, at + read);
		if (bytesRead === 0) throw damaged();
		read += bytesRead;
	}
	return bytes;
}
