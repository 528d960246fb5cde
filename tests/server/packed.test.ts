import { createGzip, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../shared/sync/protocol.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: RawDevice;

beforeEach(async () => {
	server = await startTestServer({ records: syncRecords });
	sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
	await sam.hello();
});
afterEach(() => server.stop());

const packers = { gzip: (text: string) => gzipSync(text), zstd: (text: string) => zstdCompressSync(text) };
type Packer = keyof typeof packers;
const each = Object.keys(packers) as Packer[];

async function send(path: string, encoding: string, body: Buffer): Promise<string> {
	const reply = await fetch(`${server.url}${path}`, {
		method: 'POST',
		headers: { authorization: 'Bearer dev-sam', 'content-type': 'application/json', 'content-encoding': encoding },
		body: new Uint8Array(body),
	});
	const { error } = (await reply.json()) as { error?: { code: string } };
	return `${reply.status} ${error?.code ?? ''}`.trim();
}

const pushOf = (ops: readonly unknown[]) =>
	JSON.stringify({ device: sam.device, nonce: sam.nonce, groups: [sam.group(ops)] });

describe('packed requests', () => {
	test.each(each)('a push packed with %s is taken as it would be plain', async (name) => {
		const op = { k: 'create', t: 'issue', id: 'i-9', hlc: sam.hlc(), v: { ...issueValues('a-1'), title: 'Zürich ✓' } };
		expect(await send('/v1/sync/push', name, packers[name](pushOf([op])))).toBe('200');
		expect((await server.serverTables()).records['issue i-9']?.v.title).toBe('Zürich ✓');
	});

	test.each(each)('what unpacks to more than a body may have is refused while it unpacks (%s)', async (name) => {
		const before = process.memoryUsage().rss;
		// 256 MiB out of a few kilobytes; more than once over, so that a limit on what came would not see it.
		const bomb = name === 'gzip' ? await gzipBomb(256) : zstdCompressSync(Buffer.alloc(256 * 1_048_576, 0x20));
		expect(bomb.length).toBeLessThan(LIMITS.bytesPerBody);
		const grown = process.memoryUsage().rss;
		for (let round = 0; round < 3; round++) expect(await send('/v1/sync/push', name, bomb)).toBe('413 too_large');
		expect(process.memoryUsage().rss - Math.max(grown, before)).toBeLessThan(200 * 1_048_576);
		expect((await sam.push([])).length).toBe(0);
	});

	test.each(each)('the limit of the address counts what it unpacks to (%s)', async (name) => {
		const hello = JSON.stringify({ device: 'x'.repeat(70_000) });
		expect(packers[name](hello).length).toBeLessThan(1000);
		expect(await send('/v1/sync/hello', name, packers[name](hello))).toBe('413 too_large');
		expect(await send('/v1/sync/push', name, packers[name](`"${'x'.repeat(LIMITS.bytesPerBody - 2)}"`))).toBe(
			'400 bad_request',
		);
		expect(await send('/v1/sync/push', name, packers[name](`"${'x'.repeat(LIMITS.bytesPerBody - 1)}"`))).toBe(
			'413 too_large',
		);
	});

	test('a body that does not say how long it is has the same limit', async () => {
		const { request } = await import('node:http');
		const headers = { authorization: 'Bearer dev-sam', 'content-type': 'application/json' };
		const status = await new Promise((resolve, reject) => {
			const sending = request(`${server.url}/v1/sync/push`, { method: 'POST', headers }, (reply) => {
				reply.resume();
				resolve(reply.statusCode);
			}).on('error', reject);
			for (let mebibyte = 0; mebibyte < 9; mebibyte++) sending.write(Buffer.alloc(1_048_576, 0x20));
			sending.end('[]');
		});
		expect(status).toBe(413);
	});

	test('a zstd frame that asks for more memory than the largest body is not read', async () => {
		const frame = zstdCompressSync(pushOf([]));
		expect(await send('/v1/sync/push', 'zstd', withWindow(frame, 23))).toBe('200');
		expect(await send('/v1/sync/push', 'zstd', withWindow(frame, 27))).toBe('400 bad_request');
	});

	test.each(each)('a body that was cut, or is no %s at all', async (name) => {
		const whole = packers[name](pushOf([]));
		expect(await send('/v1/sync/push', name, whole.subarray(0, whole.length - 5))).toBe('400 bad_request');
		expect(await send('/v1/sync/push', name, Buffer.from(pushOf([])))).toBe('400 bad_request');
		expect(await send('/v1/sync/push', name, Buffer.alloc(0))).toBe('400 bad_request');
	});

	test.each(each)('a packed body is looked at as closely as a plain one (%s)', async (name) => {
		const deep = packers[name]('['.repeat(100_000) + ']'.repeat(100_000));
		expect(await send('/v1/sync/push', name, deep)).toBe('400 bad_request');
		const proto = pushOf([]).replace('{', '{"__proto__":{"device":"x"},');
		expect(await send('/v1/sync/push', name, packers[name](proto))).toBe('400 bad_request');
	});

	test('other ways of packing are refused as such', async () => {
		for (const encoding of ['br', 'deflate', 'gzip, gzip', 'x'])
			expect(await send('/v1/sync/push', encoding, gzipSync(pushOf([])))).toBe('415 bad_media_type');
		expect(await send('/v1/sync/push', 'identity', Buffer.from(pushOf([])))).toBe('200');
		expect(await send('/v1/sync/push', 'GZIP', gzipSync(pushOf([])))).toBe('200');
	});

	test('hello says that it can', async () => {
		expect((await sam.hello()).body.features).toContain('packed');
	});
});

describe('packed replies', () => {
	const read = async (encoding: string, path: string) => {
		// Node's own fetch would unpack.
		const { request } = await import('node:http');
		return new Promise<{ encoding: string | undefined; vary: string | undefined; bytes: Buffer }>((resolve, reject) => {
			const headers = { authorization: 'Bearer dev-sam', 'accept-encoding': encoding };
			request(`${server.url}${path}`, { headers }, (reply) => {
				const chunks: Buffer[] = [];
				reply.on('data', (chunk: Buffer) => chunks.push(chunk));
				reply.on('end', () => {
					const { 'content-encoding': packed, vary } = reply.headers;
					resolve({ encoding: packed, vary, bytes: Buffer.concat(chunks) });
				});
			})
				.on('error', reject)
				.end();
		});
	};

	test('every JSON above a kilobyte, as the client can read it', async () => {
		for (const path of ['/v1/openapi.json', '/v1/sync/pull']) {
			const plain = await read('identity', path);
			expect(plain.encoding).toBeUndefined();
			expect(plain.bytes.length).toBeGreaterThan(1024);
			for (const [asked, expected] of [
				['gzip', 'gzip'],
				['zstd, gzip', 'zstd'],
				['zstd;q=0, gzip', 'gzip'],
			] as const) {
				const packed = await read(asked, path);
				expect(packed).toMatchObject({ encoding: expected, vary: 'accept, accept-encoding' });
				const unpacked = expected === 'gzip' ? gunzipSync(packed.bytes) : zstdDecompressSync(packed.bytes);
				expect(unpacked.toString()).toBe(plain.bytes.toString());
			}
			expect((await read('br', path)).encoding).toBeUndefined();
		}
	});

	test('a small one goes as it is', async () => {
		expect((await read('zstd, gzip', '/v1/health')).encoding).toBeUndefined();
	});
});

/** `mebibytes` of spaces, without holding them at once. */
async function gzipBomb(mebibytes: number): Promise<Buffer> {
	const gzip = createGzip({ level: 9 });
	const chunks: Buffer[] = [];
	gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
	const mebibyte = Buffer.alloc(1_048_576, 0x20);
	for (let count = 0; count < mebibytes; count++)
		if (!gzip.write(mebibyte)) await new Promise((resolve) => gzip.once('drain', resolve));
	await new Promise((resolve) => gzip.end(resolve));
	return Buffer.concat(chunks);
}

/** A zstd frame rewritten so that its header names the window it wants instead of its content's size. */
function withWindow(frame: Buffer, log2: number): Buffer {
	const descriptor = frame[4] ?? 0;
	const isSingle = (descriptor & 0x20) !== 0;
	const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
	const rest = frame.subarray(5 + (isSingle ? 0 : 1) + sizeBytes);
	return Buffer.concat([frame.subarray(0, 4), Buffer.from([descriptor & 0x04, (log2 - 10) << 3]), rest]);
}
