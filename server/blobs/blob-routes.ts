import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { requireUser, userOf } from '../auth.ts';
import type { RouteAbout } from '../route-about.ts';
import type { SyncCore } from '../sync/sync-core.ts';
import { isHeldBy, referencesFor } from './blob-access.ts';
import { BlobDisk } from './blob-disk.ts';
import { readRange } from './byte-range.ts';
import { type Announced, type BlobLimits, type Progress, Uploads } from './uploads.ts';

export interface BlobOptions extends Partial<BlobLimits> {
	/** The folder that holds the files; made when it is not there. */
	dir: string;
}

const TUS = '1.0.0';
const OFFSET_TYPE = 'application/offset+octet-stream';
const SWEEP_MS = 3_600_000;
const LIMITS: BlobLimits = { maxBytes: 20 * 1024 ** 3, maxOpenUploads: 50 };

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const account = z.string().min(1).max(64);
const size = z.string().regex(/^\d{1,15}$/);
const uploadId = z.object({ id: z.uuid() });
const blobId = z.object({ sha256 });
const readQuery = z.object({ account });
const metadata = z.object({ sha256, account });

/**
 * Adds the endpoints under /v1/blobs: uploads by the tus protocol 1.0 (core, creation, termination), which any tus client
 * can do and which resume at any byte, and downloads with ranges.
 */
export function addBlobRoutes(app: FastifyInstance, core: SyncCore, options: BlobOptions): void {
	const disk = new BlobDisk(options.dir);
	const uploads = new Uploads(core, disk, {
		maxBytes: options.maxBytes ?? LIMITS.maxBytes,
		maxOpenUploads: options.maxOpenUploads ?? LIMITS.maxOpenUploads,
	});
	const onRequest = requireUser(core);
	// A scope of its own: the parser below hands a body on as it comes, which no other route should meet.
	app.register(async (scope) => {
		scope.addContentTypeParser(OFFSET_TYPE, (_request, payload, done) => done(null, payload));
		addUploads(scope, uploads, requireUser(core, { leaving: true }));
		addDownloads(scope, { core, disk }, onRequest);
	});
	keepSwept(app, uploads);
}

/** Now and every hour; a failure is for the next time. */
function keepSwept(app: FastifyInstance, uploads: Uploads): void {
	let timer: NodeJS.Timeout | undefined;
	const sweep = () => void uploads.sweep().catch(() => undefined);
	app.addHook('onListen', async () => {
		sweep();
		timer = setInterval(sweep, SWEEP_MS);
		timer.unref();
	});
	app.addHook('onClose', async () => clearInterval(timer));
}

type Hook = (request: FastifyRequest) => Promise<void>;

function addUploads(app: FastifyInstance, uploads: Uploads, onRequest: Hook): void {
	const hooks = { onRequest: [onRequest, requireTus] };
	app.post('/v1/blobs', { ...hooks, config: { about: aboutCreate } }, async (request, reply) => {
		const progress = await uploads.begin(userOf(request), readAnnounced(request));
		return tusReply(reply, progress).code(201).header('location', `/v1/blobs/uploads/${progress.id}`).send();
	});
	app.head('/v1/blobs/uploads/:id', { ...hooks, config: { about: aboutOffset } }, async (request, reply) =>
		tusReply(reply, await uploads.progress(userOf(request), idOf(request)))
			.code(200)
			.send(),
	);
	app.patch('/v1/blobs/uploads/:id', { ...hooks, config: { about: aboutPatch } }, async (request, reply) => {
		const offset = size.safeParse(request.headers['upload-offset']);
		if (!offset.success) throw new ApiError(400, 'bad_request', 'Upload-Offset is missing.');
		const body = (request.body ?? []) as AsyncIterable<Uint8Array>;
		const from = { offset: Number(offset.data), body };
		return tusReply(reply, await uploads.append(userOf(request), idOf(request), from))
			.code(204)
			.send();
	});
	app.delete('/v1/blobs/uploads/:id', { ...hooks, config: { about: aboutCancel } }, async (request, reply) => {
		await uploads.cancel(userOf(request), idOf(request));
		return reply.code(204).header('tus-resumable', TUS).send();
	});
}

async function requireTus(request: FastifyRequest): Promise<void> {
	if (request.headers['tus-resumable'] !== TUS)
		throw new ApiError(412, 'wrong_version', `Uploads speak tus ${TUS}; the header Tus-Resumable says so.`);
}

function tusReply(reply: FastifyReply, { offset, size }: Progress): FastifyReply {
	return reply.headers({ 'tus-resumable': TUS, 'upload-offset': String(offset), 'upload-length': String(size) });
}

function idOf(request: FastifyRequest): string {
	const params = uploadId.safeParse(request.params);
	if (!params.success) throw new ApiError(404, 'no_upload', 'There is no such upload.');
	return params.data.id;
}

/** `Upload-Metadata: sha256 <base64>,account <base64>` and `Upload-Length`. */
function readAnnounced(request: FastifyRequest): Announced {
	const pairs = String(request.headers['upload-metadata'] ?? '')
		.split(',')
		.map((pair) => pair.trim().split(' '))
		.map(([key, value]) => [key ?? '', Buffer.from(value ?? '', 'base64').toString('utf8')] as const);
	const said = metadata.safeParse(Object.fromEntries(pairs));
	const length = size.safeParse(request.headers['upload-length']);
	if (!said.success || !length.success)
		throw new ApiError(400, 'bad_request', 'Upload-Length, and sha256 and account in Upload-Metadata, are wanted.');
	return { sha256: said.data.sha256, account: said.data.account, size: Number(length.data) };
}

function addDownloads(app: FastifyInstance, parts: { core: SyncCore; disk: BlobDisk }, onRequest: Hook): void {
	const { core, disk } = parts;
	const find = async (request: FastifyRequest) => {
		const params = blobId.safeParse(request.params);
		const query = readQuery.safeParse(request.query);
		if (!query.success) throw new ApiError(400, 'bad_request', 'The account is missing.');
		const ref = params.success ? { sha256: params.data.sha256, account: query.data.account } : undefined;
		if (!ref || (await referencesFor(core, userOf(request), ref)).length === 0) throw noFile();
		const bytes = (await isHeldBy(core, userOf(request), ref)) ? await disk.sizeOf(ref.sha256) : undefined;
		// The record is here, the bytes are still on somebody's laptop.
		if (bytes === undefined) throw new ApiError(404, 'not_here_yet', 'The bytes of this file have not arrived yet.');
		return { sha256: ref.sha256, bytes };
	};
	const say = (reply: FastifyReply, sha256: string) =>
		reply
			.headers({ etag: `"${sha256}"`, 'accept-ranges': 'bytes', 'content-disposition': 'attachment' })
			.type('application/octet-stream');
	const path = '/v1/blobs/:sha256';
	app.head(path, { onRequest, config: { about: aboutHead } }, async (request, reply) => {
		const { sha256, bytes } = await find(request);
		return say(reply, sha256).header('content-length', bytes).send();
	});
	app.get(path, { onRequest, config: { about: aboutRead } }, async (request, reply) => {
		const { sha256, bytes } = await find(request);
		const range = readRange(request.headers, { size: bytes, etag: `"${sha256}"` });
		say(reply, sha256);
		if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${bytes}`).send();
		const part = range ?? { start: 0, end: bytes - 1 };
		if (range) reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${bytes}`);
		reply.header('content-length', part.end - part.start + 1);
		return reply.send(bytes === 0 ? Buffer.alloc(0) : disk.read(sha256, part));
	});
}

function noFile(): ApiError {
	return new ApiError(404, 'not_found', 'There is no such file here.');
}

const tusHeader = { 'Tus-Resumable': 'Always 1.0.0.' };
const refusals = { 404: '`no_upload`: not there, or not yours.', 412: '`wrong_version`: Tus-Resumable is not 1.0.0.' };

const aboutCreate: RouteAbout = {
	summary: 'Begins the upload of a file, or finds the one under way',
	details:
		'tus 1.0 with creation. An attachment of the account must refer to the file already. When an account the person sees holds the bytes, the answer gives the whole length as offset and nothing has to be sent.',
	headers: {
		...tusHeader,
		'Upload-Length': 'Bytes of the file.',
		'Upload-Metadata': 'sha256 (hex) and account, each base64.',
	},
	replies: { 201: { says: 'Location and Upload-Offset.' } },
	errors: {
		400: '`bad_request`: a header is missing.',
		403: '`read_only`: the attachment is not theirs to change.',
		404: '`not_found`: the account is not there, or not yours.',
		409: '`no_record`, `wrong_size`: no attachment refers to this file, or with another size.',
		412: refusals[412],
		413: '`too_large`.',
		429: '`too_many`: too many files are under way.',
	},
};

const aboutOffset: RouteAbout = {
	summary: 'How far an upload has come',
	params: uploadId,
	headers: tusHeader,
	replies: { 200: { says: 'Upload-Offset and Upload-Length.' } },
	errors: { ...refusals, 460: '`wrong_checksum`: the whole was another file; it was dropped.' },
};

const aboutPatch: RouteAbout = {
	summary: 'Takes bytes of an upload',
	details: 'The last bytes are answered once the file is checked against its checksum, synced and in its place.',
	params: uploadId,
	headers: { ...tusHeader, 'Upload-Offset': 'Where these bytes begin; as far as the upload has come.' },
	body: { type: OFFSET_TYPE },
	replies: { 204: { says: 'Upload-Offset.' } },
	errors: {
		...refusals,
		409: '`wrong_offset`: the upload is elsewhere. `taken_over`: a newer request goes on with it.',
		460: '`wrong_checksum`: the whole is another file; it was dropped.',
	},
};

const aboutCancel: RouteAbout = {
	summary: 'Gives an upload up',
	params: uploadId,
	headers: tusHeader,
	replies: { 204: { says: 'It is gone.' } },
	errors: refusals,
};

const aboutRead: RouteAbout = {
	summary: 'The bytes of a file',
	details: 'Whole or by range. Its checksum is its ETag, so that If-Range holds for as long as the file exists.',
	params: blobId,
	query: readQuery,
	headers: { Range: 'One range of bytes.', 'If-Range': 'The ETag.' },
	replies: {
		200: { says: 'The whole.', type: 'application/octet-stream' },
		206: { says: 'The range.', type: 'application/octet-stream' },
	},
	errors: {
		404: '`not_found`: no attachment of an account of yours. `not_here_yet`: its bytes have not arrived.',
		416: 'The range is outside.',
	},
};

const aboutHead: RouteAbout = {
	...aboutRead,
	summary: 'Whether the bytes of a file are here',
	headers: {},
	replies: { 200: { says: 'They are.' } },
	errors: { 404: '`not_found`, `not_here_yet`.' },
};
