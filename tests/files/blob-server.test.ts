import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as tus from 'tus-js-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/app.ts';
import { BlobDisk } from '../../server/blobs/blob-disk.ts';
import { Uploads } from '../../server/blobs/uploads.ts';
import { seedRecords } from '../../server/seed.ts';
import { FileWorld, sha256Of } from './file-world.ts';

const onlyOwn = { 'u-sam': ['a-1'], 'u-specialist': ['a-2'], 'u-manager': [] };
const bytes = randomBytes(300_000);
const sha256 = sha256Of(bytes);
const base64 = (text: string) => Buffer.from(text).toString('base64');

let world: FileWorld;
beforeEach(async () => {
	world = await FileWorld.start({
		accounts: onlyOwn,
		records: [
			{ t: 'account', id: 'a-1', v: { account_no: 'S-1', name: 'Halden Pharma AG (fictional)' } },
			{ t: 'account', id: 'a-2', v: { account_no: 'S-2', name: 'Tanaka Optics KK (fictional)' } },
			attachment('f-1', 'a-1'),
		],
	});
});
afterEach(() => world.stop());

function attachment(id: string, account: string, over: Record<string, unknown> = {}) {
	return {
		t: 'attachment' as const,
		id,
		v: {
			account_id: account,
			parent_type: 'account',
			parent_id: account,
			file_name: 'x.bin',
			size: bytes.length,
			sha256,
			added_at: '2026-11-23T08:00:00.000Z',
			added_by: 'u-sam',
			...over,
		},
	};
}

interface Ask {
	method?: string;
	token?: string;
	headers?: Record<string, string>;
	body?: Buffer;
	url?: string;
}

function ask(
	where: string,
	{ method = 'GET', token = 'dev-sam', headers = {}, body, url = world.server.url }: Ask = {},
) {
	return fetch(url + where, {
		method,
		headers: { authorization: `Bearer ${token}`, ...headers },
		...(body ? { body: new Uint8Array(body) } : {}),
	});
}

const TUS = { 'tus-resumable': '1.0.0' };

function create(over: { account?: string; size?: number; sha?: string } & Ask = {}) {
	const { account = 'a-1', size = bytes.length, sha = sha256, ...rest } = over;
	return ask('/v1/blobs', {
		method: 'POST',
		...rest,
		headers: {
			...TUS,
			'upload-length': String(size),
			'upload-metadata': `sha256 ${base64(sha)},account ${base64(account)}`,
		},
	});
}

function patch(place: string, [offset, body]: readonly [number, Buffer], over: Ask = {}) {
	const headers = { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
	return ask(place, { method: 'PATCH', headers, body, ...over });
}

const head = (place: string, over: Ask = {}) => ask(place, { method: 'HEAD', headers: TUS, ...over });
const codeOf = async (reply: Response) => ((await reply.json()) as { error: { code: string } }).error.code;

async function uploadAll(over: Parameters<typeof create>[0] = {}): Promise<void> {
	const place = (await create(over)).headers.get('location')!;
	expect((await patch(place, [0, bytes], over)).status).toBe(204);
}

describe('an upload', () => {
	it('is done by any tus client', async () => {
		await new Promise<void>((resolve, reject) => {
			const upload = new tus.Upload(Readable.from([bytes]) as never, {
				endpoint: `${world.server.url}/v1/blobs`,
				uploadSize: bytes.length,
				chunkSize: 70_000,
				headers: { authorization: 'Bearer dev-sam' },
				metadata: { sha256, account: 'a-1' },
				retryDelays: [0, 10, 20],
				onError: reject,
				onSuccess: () => resolve(),
			});
			upload.start();
		});
		expect(world.kept(sha256)?.equals(bytes)).toBe(true);
	});

	it('says after a cut how far it has come, and goes on from there and nowhere else', async () => {
		const place = (await create()).headers.get('location')!;
		expect((await patch(place, [0, bytes.subarray(0, 1000)])).headers.get('upload-offset')).toBe('1000');
		expect((await head(place)).headers.get('upload-offset')).toBe('1000');
		for (const offset of [0, 999, 1001]) {
			const refused = await patch(place, [offset, bytes.subarray(offset)]);
			expect(refused.status).toBe(409);
			expect(await codeOf(refused)).toBe('wrong_offset');
		}
		// Asked for again it is the same upload.
		expect((await create()).headers.get('location')).toBe(place);
		expect((await patch(place, [1000, bytes.subarray(1000)])).status).toBe(204);
		expect((await head(place)).headers.get('upload-offset')).toBe(String(bytes.length));
		expect(world.kept(sha256)?.equals(bytes)).toBe(true);
	});

	it('goes on at another process that shares database and folder', async () => {
		const { db } = world.server.store;
		const other = await buildServer({ db, clock: () => new Date(), blobDir: world.blobDir });
		const url = await other.listen({ port: 0, host: '127.0.0.1' });
		const place = (await create()).headers.get('location')!;
		await patch(place, [0, bytes.subarray(0, 100_000)]);
		expect((await patch(place, [100_000, bytes.subarray(100_000, 200_000)], { url })).status).toBe(204);
		expect((await patch(place, [200_000, bytes.subarray(200_000)])).status).toBe(204);
		expect((await head(place, { url })).headers.get('upload-offset')).toBe(String(bytes.length));
		await other.close();
		expect(world.kept(sha256)?.equals(bytes)).toBe(true);
	});

	it('of which a crash left every byte and no file is finished by the next question', async () => {
		const place = (await create()).headers.get('location')!;
		fs.mkdirSync(path.join(world.blobDir, 'incoming'), { recursive: true });
		fs.writeFileSync(path.join(world.blobDir, 'incoming', path.basename(place)), bytes);
		expect(world.kept(sha256)).toBeUndefined();
		expect((await head(place)).headers.get('upload-offset')).toBe(String(bytes.length));
		expect(world.kept(sha256)?.equals(bytes)).toBe(true);
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`)).status).toBe(200);
	});

	it('of which a crash left the file and no row is finished too', async () => {
		const place = (await create()).headers.get('location')!;
		fs.mkdirSync(path.join(world.blobDir, sha256.slice(0, 2)), { recursive: true });
		fs.writeFileSync(path.join(world.blobDir, sha256.slice(0, 2), sha256), bytes);
		// The file alone gives nobody anything: the bytes must come.
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`)).status).toBe(404);
		expect((await head(place)).headers.get('upload-offset')).toBe('0');
		expect((await patch(place, [0, bytes])).status).toBe(204);
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`)).status).toBe(200);
	});

	it('of other bytes is refused whole, and can begin again', async () => {
		const place = (await create()).headers.get('location')!;
		const wrong = Buffer.from(bytes);
		wrong[5]! ^= 1;
		const refused = await patch(place, [0, wrong]);
		expect(refused.status).toBe(460);
		expect(await codeOf(refused)).toBe('wrong_checksum');
		expect(world.kept(sha256)).toBeUndefined();
		expect((await head(place)).headers.get('upload-offset')).toBe('0');
		expect((await patch(place, [0, bytes])).status).toBe(204);
	});

	it('may not bring more than was announced, and nothing but bytes', async () => {
		const place = (await create()).headers.get('location')!;
		expect((await patch(place, [0, Buffer.concat([bytes, Buffer.from('x')])])).status).toBe(413);
		const json = await ask(place, {
			method: 'PATCH',
			headers: { ...TUS, 'upload-offset': '0', 'content-type': 'text/plain' },
			body: bytes,
		});
		expect(json.status).toBe(415);
		expect((await ask(place, { method: 'HEAD' })).status).toBe(412);
		const elsewhere = await ask('/v1/sync/push', {
			method: 'POST',
			headers: { 'content-type': 'application/offset+octet-stream' },
			body: bytes,
		});
		expect(elsewhere.status).toBe(415);
	});

	it('can be given up', async () => {
		const place = (await create()).headers.get('location')!;
		await patch(place, [0, bytes.subarray(0, 1000)]);
		expect((await ask(place, { method: 'DELETE', headers: TUS })).status).toBe(204);
		expect((await head(place)).status).toBe(404);
		expect(fs.readdirSync(path.join(world.blobDir, 'incoming'))).toEqual([]);
	});
});

describe('what a person may not see', () => {
	it('is not there for them: neither account, nor upload, nor file', async () => {
		await uploadAll();
		const other = { token: 'dev-specialist' };
		expect((await create(other)).status).toBe(404);
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`, other)).status).toBe(404);
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`, { method: 'HEAD', ...other })).status).toBe(404);
		// Nor by naming an account of theirs.
		expect((await ask(`/v1/blobs/${sha256}?account=a-2`, other)).status).toBe(404);
		const place = (await create()).headers.get('location')!;
		expect((await head(place, other)).status).toBe(404);
		expect((await patch(place, [0, bytes], other)).status).toBe(404);
		expect((await ask(place, { method: 'DELETE', headers: TUS, ...other })).status).toBe(404);
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`, { token: 'nobody' })).status).toBe(401);
	});

	it('is not given for knowing its checksum: who names the file has to bring its bytes', async () => {
		await uploadAll();
		await seedRecords(world.server.store.db, [attachment('f-2', 'a-2')], new Date());
		const other = { token: 'dev-specialist', account: 'a-2' };
		const reply = await create(other);
		expect(reply.headers.get('upload-offset')).toBe('0');
		expect((await ask(`/v1/blobs/${sha256}?account=a-2`, other)).status).toBe(404);
		await patch(reply.headers.get('location')!, [0, bytes], other);
		expect((await ask(`/v1/blobs/${sha256}?account=a-2`, other)).status).toBe(200);
	});

	it('is not read once no attachment that stands refers to it', async () => {
		await uploadAll();
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`)).status).toBe(200);
		await world.server.store.db
			.updateTable('record')
			.set({ deleted_at: '2026-11-23T08:00:00.000Z' })
			.where('id', '=', 'f-1')
			.execute();
		expect((await ask(`/v1/blobs/${sha256}?account=a-1`)).status).toBe(404);
	});

	it('a file that no record names is not taken, nor one of another size', async () => {
		const unknown = await create({ sha: sha256Of(Buffer.from('unknown')) });
		expect([unknown.status, await codeOf(unknown)]).toEqual([409, 'no_record']);
		const larger = await create({ size: bytes.length + 1 });
		expect([larger.status, await codeOf(larger)]).toEqual([409, 'wrong_size']);
	});
});

describe('a download', () => {
	const read = (headers: Record<string, string> = {}) => ask(`/v1/blobs/${sha256}?account=a-1`, { headers });
	beforeEach(() => uploadAll());

	it('gives the whole or the part that was asked for', async () => {
		const whole = await read();
		expect(whole.headers.get('etag')).toBe(`"${sha256}"`);
		expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
		for (const [range, start, end] of [
			['bytes=0-0', 0, 0],
			['bytes=1000-1999', 1000, 1999],
			['bytes=299999-', 299_999, 299_999],
			['bytes=250000-999999', 250_000, 299_999],
			['bytes=-10', 299_990, 299_999],
		] as const) {
			const part = await read({ range });
			expect(part.status).toBe(206);
			expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/300000`);
			expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end + 1))).toBe(true);
		}
		expect((await read({ range: 'bytes=300000-' })).status).toBe(416);
	});

	it('gives the whole when the part was meant of another file', async () => {
		const mine = { range: 'bytes=10-19', 'if-range': `"${sha256}"` };
		expect((await read(mine)).status).toBe(206);
		expect((await read({ ...mine, 'if-range': '"another"' })).status).toBe(200);
	});

	it('tells a file that has not arrived from one that is not there', async () => {
		await world.server.store.db.deleteFrom('blob_account').execute();
		const waiting = await read();
		expect([waiting.status, await codeOf(waiting)]).toEqual([404, 'not_here_yet']);
	});
});

describe('limits', () => {
	it('hold for the size of a file and for the number under way', async () => {
		const { db } = world.server.store;
		const second = sha256Of(Buffer.from('second'));
		await seedRecords(db, [attachment('f-3', 'a-1', { sha256: second, size: 6 })], new Date());
		const core = {
			db,
			clock: () => new Date(),
			epoch: 'e',
			cursorKey: '',
			features: [],
			leaseDays: 0,
			signIn: { verify: undefined, takesOpaque: true },
		};
		const uploads = new Uploads(core, new BlobDisk(world.blobDir), { maxBytes: 300_000, maxOpenUploads: 1 });
		const user = { id: 'u-sam', name: 'Sam' };
		await uploads.begin(user, { account: 'a-1', sha256, size: bytes.length });
		await expect(uploads.begin(user, { account: 'a-1', sha256: second, size: 6 })).rejects.toMatchObject({
			status: 429,
		});
		await expect(uploads.begin(user, { account: 'a-1', sha256, size: 300_001 })).rejects.toMatchObject({ status: 413 });
	});
});
