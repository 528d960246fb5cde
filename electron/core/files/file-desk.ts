import type { BlobFolder, TakenBlob } from './blob-folder.ts';
import type { BlobName } from './blob-format.ts';

export interface FetchOptions {
	signal: AbortSignal;
	/** Told how many bytes are here. */
	onBytes(here: number): void;
}

/** What actions can do with files beside the records. */
export interface FileDesk {
	folder: BlobFolder;
	/** Puts bytes in their place and then notes them by `write`, one transaction; when that fails the bytes go again. */
	keep(taken: TakenBlob, write: () => Promise<void>): Promise<void>;
	/** Fetches a file now, on a metered link too. Throws CoreError; what came stays, and it goes on by itself later. */
	fetch(file: BlobName & { account: string }, options: FetchOptions): Promise<void>;
	/** Sends and fetches what waits, on a metered link too; resolves when nothing more can go now. */
	runNow(): Promise<void>;
	/** Somebody looked at it: it is among the last to go when room is needed. */
	noteUsed(sha256: string): Promise<void>;
	/** Reading has shown that the file here is not what it was. */
	noteDamaged(file: BlobName): Promise<void>;
	/** Bytes of files kept here that nobody chose for offline use. */
	budget: number;
}
