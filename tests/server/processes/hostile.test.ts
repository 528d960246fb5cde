import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawDevice } from '../../support/raw-device.ts';
import { type ServerProcess, startServerProcess, writeTokens } from '../../support/server-process.ts';

// A process of its own, so that the memory that is measured is the server's.

const MIB = 1_048_576;
let folder: string;
let server: ServerProcess;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'fieldbook-hostile-'));
	const tokens = writeTokens(folder, ['a-1']);
	server = await startServerProcess(['--data', join(folder, 'data'), '--token-file', tokens]);
	const device = new RawDevice(server.url, 'token-of-sam', 'aaaaaaaa');
	await device.hello();
	// What a body of the largest size costs an honest laptop is no attack.
	await push(Readable.from([`{"groups":"${'x'.repeat(8 * MIB - 100)}"}`]));
});
afterAll(async () => {
	await server.kill();
	rmSync(folder, { recursive: true, force: true });
});

function push(body: Readable, headers: Record<string, string> = {}): Promise<number> {
	return new Promise((resolve) => {
		const sending = request(
			`${server.url}/v1/sync/push`,
			{
				method: 'POST',
				headers: { authorization: 'Bearer token-of-sam', 'content-type': 'application/json', ...headers },
			},
			(reply) => {
				reply.resume();
				resolve(reply.statusCode ?? 0);
				body.destroy();
				sending.destroy();
			},
		);
		// The server may hang up while we are still talking.
		sending.on('error', () => resolve(0));
		body.on('error', () => undefined);
		body.pipe(sending);
	});
}

function* pieces(mebibytes: number): Generator<Buffer> {
	const piece = Buffer.alloc(MIB, 0x20);
	for (let n = 0; n < mebibytes; n++) yield piece;
}

/** The most memory the process has held since the last time this was asked, in MiB. */
function peak(): number {
	const place = `/proc/${server.child.pid}`;
	const most = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`${place}/status`, 'utf8'))?.[1]) / 1024;
	writeFileSync(`${place}/clear_refs`, '5');
	return most;
}

const attacks: Record<string, { body: () => Readable; headers?: Record<string, string>; status: number[] }> = {
	'100 MiB that say so': {
		body: () => Readable.from(pieces(100)),
		headers: { 'content-length': String(100 * MIB) },
		status: [413, 0],
	},
	'100 MiB that do not say so': { body: () => Readable.from(pieces(100)), status: [413, 0] },
	'a gzip bomb, 100 KiB that unpack to 100 MiB': {
		body: () => Readable.from([gzipSync(Buffer.alloc(100 * MIB))]),
		headers: { 'content-encoding': 'gzip' },
		status: [413],
	},
	'a million levels': {
		body: () => Readable.from([`{"groups":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`]),
		status: [400],
	},
	'as many keys that are not known as there is room for': {
		body: () => Readable.from([`{${Array.from({ length: 700_000 }, (_, n) => `"k${n}":1`).join()}}`]),
		status: [400, 413],
	},
};

test.runIf(process.platform === 'linux').each(Object.entries(attacks))(
	'%s: refused, others are answered, and little memory goes',
	async (_, { body, headers, status }) => {
		peak();
		const before = peak();
		const attack = push(body(), headers);
		const health = await fetch(`${server.url}/v1/health`);
		expect(health.status).toBe(200);
		expect(status).toContain(await attack);
		expect((await fetch(`${server.url}/v1/health`)).status).toBe(200);
		// Megabytes; what is sent would be many times that once unpacked.
		expect(peak() - before).toBeLessThan(200);
	},
);
