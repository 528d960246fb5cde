import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import { writeError } from '../write-error.ts';
import {
	type BlobKeys,
	type BlobName,
	FRAME,
	frameCount,
	frameStart,
	HEADER,
	newSeal,
	openHeader,
	type Seal,
	sealedSize,
	sealFrame,
	sealHeader,
} from './blob-format.ts';
import { readExactly, readFrame } from './blob-reader.ts';

/** A file that is being fetched: whole frames are kept, so that a cut costs less than one frame. */
export interface BlobPart {
	/** Bytes that are here and checked: where the next request begins. */
	here(): number;
	/** Takes bytes that follow on what is here; what does not fill a frame waits in memory for the rest. Throws `wrong_file` for too many, `disk_full`. */
	write(chunk: Uint8Array): Promise<void>;
	/** Forgets bytes that did not fill a frame, after a cut. */
	rewind(): void;
	/** True when every byte is here. */
	isWhole(): boolean;
	/** Checks the whole against its name and puts it in its place. Throws `wrong_file` when it is another file. */
	finish(): Promise<void>;
	close(): Promise<void>;
}

interface State {
	frames: number;
	loose: Buffer;
	hash: ReturnType<typeof createHash>;
}

/** Opens what has been fetched so far, keeping only frames that are as they were written, or begins anew. */
export async function openPart(keys: BlobKeys, file: string, name: BlobName): Promise<BlobPart> {
	const handle = await openOrCreate(file);
	try {
		const seal = (await readSeal(keys, handle, name)) ?? (await begin(keys, handle, name));
		const state = await recover(handle, seal, name.size);
		return part(handle, { seal, name, state });
	} catch (error) {
		await handle.close();
		throw error;
	}
}

interface Open {
	seal: Seal;
	name: BlobName;
	state: State;
}

function part(handle: FileHandle, { seal, name, state }: Open): BlobPart {
	const here = () => Math.min(name.size, state.frames * FRAME);
	const writeFrame = async (bytes: Buffer) => {
		const sealed = sealFrame(seal, state.frames, bytes);
		try {
			for (let at = 0; at < sealed.length; )
				at += (await handle.write(sealed, at, sealed.length - at, frameStart(state.frames) + at)).bytesWritten;
		} catch (error) {
			throw writeError(error);
		}
		state.hash.update(bytes);
		state.frames += 1;
	};
	return {
		here,
		write: async (chunk) => {
			const next = Buffer.concat([state.loose, chunk]);
			const missing = name.size - here();
			if (next.length > missing) throw wrongFile();
			let at = 0;
			while (next.length - at >= FRAME || (next.length === missing && at < next.length)) {
				await writeFrame(next.subarray(at, at + FRAME));
				at = Math.min(next.length, at + FRAME);
			}
			state.loose = Buffer.from(next.subarray(at));
		},
		rewind: () => {
			state.loose = Buffer.alloc(0);
		},
		isWhole: () => state.frames === frameCount(name.size),
		finish: async () => {
			if (state.hash.copy().digest('hex') !== name.sha256) throw wrongFile();
			await handle.truncate(sealedSize(name.size));
			await handle.sync();
		},
		close: () => handle.close(),
	};
}

export function wrongFile(): CoreError {
	return new CoreError('wrong_file', 'The bytes that came are not those of the file.');
}

async function openOrCreate(file: string): Promise<FileHandle> {
	try {
		return await open(file, 'r+');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		return open(file, 'wx+', 0o600);
	}
}

async function readSeal(keys: BlobKeys, handle: FileHandle, name: BlobName): Promise<Seal | undefined> {
	try {
		const header = openHeader(keys, await readExactly(handle, 0, HEADER));
		return header.sha256 === name.sha256 && header.size === name.size ? header.seal : undefined;
	} catch (error) {
		if (error instanceof CoreError) return undefined;
		throw error;
	}
}

async function begin(keys: BlobKeys, handle: FileHandle, name: BlobName): Promise<Seal> {
	const seal = newSeal(keys);
	await handle.truncate(0);
	await handle.write(sealHeader(seal, name), 0, HEADER, 0);
	return seal;
}

/** Reads frames until one is missing or damaged; what a power cut left behind it is written over. */
async function recover(handle: FileHandle, seal: Seal, size: number): Promise<State> {
	const state: State = { frames: 0, loose: Buffer.alloc(0), hash: createHash('sha256') };
	for (; state.frames < frameCount(size); state.frames++) {
		try {
			state.hash.update(await readFrame(handle, seal, { index: state.frames, size }));
		} catch (error) {
			if (!(error instanceof CoreError)) throw error;
			await handle.truncate(frameStart(state.frames));
			break;
		}
	}
	return state;
}
