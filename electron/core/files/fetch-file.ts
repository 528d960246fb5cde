import { CoreError } from '../../../shared/contract/errors.ts';
import type { BlobName } from './blob-format.ts';
import type { BlobPart } from './blob-part.ts';
import { FileError, type FileReply, refusalOf } from './file-transport.ts';
import type { FileWay } from './file-way.ts';

export interface Fetching extends BlobName {
	account: string;
}

/**
 * Fetches a file piece by piece from where an earlier attempt got to; returns once the whole is here, checked and in its
 * place. What came before a cut is kept. Throws FileError, or CoreError `disk_full`.
 */
export async function fetchFile(way: FileWay, file: Fetching, onBytes: (here: number) => Promise<void>): Promise<void> {
	const part = await way.folder.part(file);
	try {
		await way.folder.requireRoom(file.size - part.here());
		while (!part.isWhole()) {
			await way.turn();
			await fetchPiece(way, file, part);
			await onBytes(part.here());
		}
		await part.finish();
	} catch (error) {
		if (!(error instanceof CoreError)) throw error;
		// Bytes that are not the file's are of no use, and on a full disk the words need the room.
		if (error.code === 'wrong_file' || error.code === 'disk_full') await way.folder.dropPart(file.sha256);
		if (error.code === 'wrong_file') throw new FileError('wrong_file', error.message);
		throw error;
	} finally {
		await part.close();
	}
}

async function fetchPiece(way: FileWay, file: Fetching, part: BlobPart): Promise<void> {
	const from = part.here();
	const last = Math.min(file.size, from + way.pieces.bytes) - 1;
	const begun = performance.now();
	try {
		if (way.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
		const reply = await way.transport.send({
			method: 'GET',
			path: `/v1/blobs/${file.sha256}?${new URLSearchParams({ account: file.account })}`,
			headers: { range: `bytes=${from}-${last}`, 'if-range': etagOf(file), 'accept-encoding': 'identity' },
			signal: way.signal,
		});
		if (reply.status !== 206 && reply.status !== 200) throw await refusalOf(reply);
		requireSame(reply, file, { from, last });
		for await (const chunk of reply.body) await part.write(chunk);
		if (part.here() <= last && !part.isWhole()) throw new FileError('unreachable', 'The reply was cut short.');
		way.pieces.through(performance.now() - begun);
	} catch (error) {
		part.rewind();
		if (error instanceof FileError && error.problem === 'unreachable') way.pieces.failed();
		throw error;
	}
}

/** The bytes that come must be those that were asked for, of the file that was asked for. */
function requireSame(reply: FileReply, file: BlobName, { from, last }: { from: number; last: number }): void {
	const isWhole = reply.status === 200;
	const range = reply.headers.get('content-range');
	const isPlace = isWhole ? from === 0 : range === `bytes ${from}-${last}/${file.size}`;
	if (!isPlace || reply.headers.get('etag') !== etagOf(file))
		throw new FileError('bad_reply', 'The server sent another part than was asked for.');
}

function etagOf({ sha256 }: BlobName): string {
	return `"${sha256}"`;
}
