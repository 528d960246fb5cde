import { ApiError } from '../../server/api-error.ts';
import { isHeldBy, referencesFor } from '../../server/blobs/blob-access.ts';
import type { Uploads } from '../../server/blobs/uploads.ts';
import type { SyncCore, User } from '../../server/sync/sync-core.ts';
import { SERVER_HEADER } from '../../shared/sync/protocol.ts';
import type { MemoryBlobDisk } from './memory-blobs.ts';
import { COLLEAGUES } from './people.ts';
import type { WireReply } from './sim-server.ts';

/** A request for or with the bytes of a file; `body` may break off. */
export interface BlobRequest {
	method: string;
	path: string;
	token: string;
	headers: Record<string, string>;
	body: AsyncIterable<Uint8Array>;
}

interface Office {
	core: SyncCore;
	uploads: Uploads;
	disk: MemoryBlobDisk;
	/** Is told of errors that are nobody's fault but the server's. */
	report: (error: unknown) => void;
}

type Answer = Omit<WireReply, 'bytes'> & { bytes?: Buffer };

/** Answers as the server's endpoints for files do, without HTTP in between; those have tests of their own. */
export async function askForBlob(office: Office, request: BlobRequest): Promise<WireReply> {
	const mark = { [SERVER_HEADER]: office.core.epoch };
	try {
		const { status, headers, bytes = Buffer.alloc(0) } = await answer(office, request);
		return { status, headers: { ...mark, ...headers }, bytes };
	} catch (error) {
		if (!(error instanceof ApiError)) office.report(error);
		const { status, code, message } = error instanceof ApiError ? error : new ApiError(500, 'internal', 'It failed.');
		return { status, headers: mark, bytes: Buffer.from(JSON.stringify({ error: { code, message } })) };
	}
}

function answer(office: Office, request: BlobRequest): Promise<Answer> {
	const id = COLLEAGUES.find(({ token }) => token === request.token)?.userId;
	if (!id) throw new ApiError(401, 'signed_out', 'The token is not known.');
	const url = new URL(request.path, 'http://office.sim.test');
	const [, upload] = /^\/v1\/blobs\/uploads\/([\w-]+)$/.exec(url.pathname) ?? [];
	if (request.method === 'POST') return begin(office, { id }, request);
	if (upload) return proceed(office, { user: { id }, upload }, request);
	const file = { sha256: url.pathname.split('/').at(-1) ?? '', account: url.searchParams.get('account') ?? '' };
	return read(office, { user: { id }, ...file }, request);
}

async function begin({ uploads }: Office, user: User, { headers }: BlobRequest): Promise<Answer> {
	const said = Object.fromEntries(
		(headers['upload-metadata'] ?? '').split(',').map((pair) => {
			const [name = '', value = ''] = pair.split(' ');
			return [name, Buffer.from(value, 'base64').toString()];
		}),
	);
	const { sha256 = '', account = '' } = said;
	const { id, offset } = await uploads.begin(user, { sha256, account, size: Number(headers['upload-length']) });
	return { status: 201, headers: { location: `/v1/blobs/uploads/${id}`, 'upload-offset': String(offset) } };
}

async function proceed(
	{ uploads }: Office,
	{ user, upload }: { user: User; upload: string },
	{ method, headers, body }: BlobRequest,
): Promise<Answer> {
	const from = { offset: Number(headers['upload-offset']), body };
	const { offset } =
		method === 'HEAD' ? await uploads.progress(user, upload) : await uploads.append(user, upload, from);
	return { status: method === 'HEAD' ? 200 : 204, headers: { 'upload-offset': String(offset) } };
}

async function read(
	{ core, disk }: Office,
	{ user, sha256, account }: { user: User; sha256: string; account: string },
	{ method, headers }: BlobRequest,
): Promise<Answer> {
	const ref = { sha256, account };
	if ((await referencesFor(core, user, ref)).length === 0)
		throw new ApiError(404, 'not_found', 'There is no such file.');
	const bytes = (await isHeldBy(core, user, ref)) ? disk.bytesOf(sha256) : undefined;
	if (!bytes) throw new ApiError(404, 'not_here_yet', 'The bytes have not arrived yet.');
	if (method === 'HEAD') return { status: 200, headers: { 'content-length': String(bytes.length) } };
	const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? []).map(Number);
	const range = `bytes ${from}-${to}/${bytes.length}`;
	const part = bytes.subarray(from, to + 1);
	return { status: 206, headers: { etag: `"${sha256}"`, 'content-range': range }, bytes: part };
}
