import { CoreError } from '../../../shared/contract/errors.ts';
import type { BlobName } from './blob-format.ts';
import type { BlobReader } from './blob-reader.ts';
import { drain, FileError, type FileReply, type FileRequest, refusalOf } from './file-transport.ts';
import type { FileWay } from './file-way.ts';

export interface Sending extends BlobName {
	account: string;
	/** Where an earlier attempt was sent to. */
	url: string | null;
}

export interface SendReport {
	/** Where the upload is now; null when it was given up there. */
	url(url: string | null): Promise<void>;
	/** Bytes the office has said it holds. */
	bytes(done: number): Promise<void>;
}

const TUS = { 'tus-resumable': '1.0.0' };

/** The last piece is answered when the server has checked the whole file. */
const CHECK_MS = 300_000;

/**
 * Sends a file by the tus protocol, from wherever the server says it has got to; returns once the server has said that
 * it holds the whole, checked. Throws FileError, or CoreError `file_damaged` when the file here is not what it was.
 */
export async function sendFile(way: FileWay, file: Sending, report: SendReport): Promise<void> {
	const reader = await way.folder.open(file.sha256);
	try {
		await send(way, { ...file, reader }, report);
	} catch (error) {
		if (error instanceof FileError && error.problem === 'wrong_file') await checkOwn(reader);
		throw error;
	} finally {
		await reader.close();
	}
}

/** The server got other bytes than these: changed on the way, or changed here. Throws `file_damaged` in the second case. */
async function checkOwn(reader: BlobReader): Promise<void> {
	for await (const _ of reader.stream());
}

async function send(way: FileWay, file: Sending & { reader: BlobReader }, report: SendReport): Promise<void> {
	const { size, reader } = file;
	let { url, offset } = await begin(way, file, report);
	for (let missed = 0; offset < size; ) {
		await way.turn();
		const body = await reader.read(offset, way.pieces.bytes);
		const next = await put(way, url, { offset, body, isLast: offset + body.length === size });
		if (next === 'elsewhere') {
			// Another request of ours had got further, or less far, than this laptop was told.
			missed += 1;
			if (missed > 3) throw new FileError('bad_reply', 'The server keeps losing its place.');
			({ url, offset } = await begin(way, { ...file, url }, report));
			continue;
		}
		if (next <= offset || next > size)
			throw new FileError('bad_reply', 'The server counts other bytes than were sent.');
		missed = 0;
		offset = next;
		await report.bytes(offset);
	}
}

interface Place {
	url: string;
	offset: number;
}

async function begin(way: FileWay, file: Sending, report: SendReport): Promise<Place> {
	if (file.url) {
		const reply = await ask(way, { method: 'HEAD', path: file.url, headers: TUS, patienceMs: CHECK_MS });
		await drain(reply);
		if (reply.status === 200) return { url: file.url, offset: offsetOf(reply, file.size) };
		await report.url(null);
		if (reply.status === 460) throw new FileError('wrong_file', 'The server got another file.');
		if (reply.status !== 404 && reply.status !== 410) throw await refusalOf(reply);
	}
	const reply = await ask(way, {
		method: 'POST',
		path: '/v1/blobs',
		headers: {
			...TUS,
			'upload-length': String(file.size),
			'upload-metadata': `sha256 ${base64(file.sha256)},account ${base64(file.account)}`,
		},
		patienceMs: CHECK_MS,
	});
	if (reply.status !== 201) throw await refusalOf(reply);
	await drain(reply);
	const url = reply.headers.get('location') ?? '';
	// A path of our server and nothing else: the token goes wherever this leads.
	if (!/^\/v1\/blobs\/uploads\/[\w-]{1,64}$/.test(url)) throw new FileError('bad_reply', 'The server named no place.');
	await report.url(url);
	return { url, offset: offsetOf(reply, file.size) };
}

async function put(
	way: FileWay,
	path: string,
	piece: { offset: number; body: Uint8Array; isLast: boolean },
): Promise<number | 'elsewhere'> {
	const begun = performance.now();
	const reply = await ask(way, {
		method: 'PATCH',
		path,
		headers: { ...TUS, 'upload-offset': String(piece.offset), 'content-type': 'application/offset+octet-stream' },
		body: piece.body,
		patienceMs: piece.isLast ? CHECK_MS : 60_000,
	}).catch((error: unknown) => {
		way.pieces.failed();
		throw error;
	});
	if (reply.status === 204) {
		await drain(reply);
		if (!piece.isLast) way.pieces.through(performance.now() - begun);
		return Number(reply.headers.get('upload-offset'));
	}
	const refusal = await refusalOf(reply);
	if (reply.status === 409 || reply.status === 404 || reply.status === 410) return 'elsewhere';
	throw refusal;
}

function ask(way: FileWay, request: Omit<FileRequest, 'signal'>): Promise<FileReply> {
	if (way.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
	return way.transport.send({ ...request, signal: way.signal });
}

function offsetOf(reply: FileReply, size: number): number {
	const offset = Number(reply.headers.get('upload-offset') ?? Number.NaN);
	if (!Number.isInteger(offset) || offset < 0 || offset > size)
		throw new FileError('bad_reply', 'The server did not say how far it has got.');
	return offset;
}

function base64(text: string): string {
	return Buffer.from(text).toString('base64');
}
