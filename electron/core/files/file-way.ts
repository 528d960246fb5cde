import type { BlobFolder } from './blob-folder.ts';
import type { FileTransport } from './file-transport.ts';
import type { PieceSize } from './piece-size.ts';

/** What sending and fetching one file needs. */
export interface FileWay {
	folder: BlobFolder;
	transport: FileTransport;
	pieces: PieceSize;
	signal: AbortSignal;
	/** Resolves when the line is free for the next piece: records go first. Throws when files must stop now. */
	turn(): Promise<void>;
}
