import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { blobKeys } from '../../electron/core/files/blob-format.ts';
import { fetchFile } from '../../electron/core/files/fetch-file.ts';
import { fileTransport } from '../../electron/core/files/file-transport.ts';
import type { FileWay } from '../../electron/core/files/file-way.ts';
import { PieceSize } from '../../electron/core/files/piece-size.ts';
import { sendFile } from '../../electron/core/files/send-file.ts';
import { TEST_KEY } from '../support/core.ts';
import { startTestServer } from '../support/server.ts';

const MEGABYTE = 1_048_576;
const SIZE = 300 * MEGABYTE;
/** What laptop and server together may take more than before, whatever the file's size. */
const MOST_MEMORY = 140 * MEGABYTE;

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-large-'));
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** Bytes that no compression and no repetition makes smaller, made as they are asked for. */
async function* generated(): AsyncGenerator<Uint8Array> {
	let seed = Buffer.alloc(32, 7);
	for (let made = 0; made < SIZE; made += MEGABYTE) {
		const block = Buffer.alloc(MEGABYTE);
		for (let at = 0; at < MEGABYTE; at += 32 * 1024) {
			seed = createHash('sha256').update(seed).digest();
			for (let word = at; word < at + 32 * 1024; word += 32) seed.copy(block, word);
		}
		yield block;
	}
}

it('300 MB go to the office and to another laptop in little memory', async () => {
	const taken = await new BlobFolder(path.join(root, 'one'), blobKeys(Buffer.from(TEST_KEY, 'hex'))).take(generated());
	await taken.keep();
	const { sha256, size } = taken;
	expect(size).toBe(SIZE);
	const blobDir = path.join(root, 'server');
	const server = await startTestServer({
		blobDir,
		records: [
			{ t: 'account', id: 'a-1', v: { account_no: 'S-1', name: 'Halden Pharma AG (fictional)' } },
			{
				t: 'attachment',
				id: 'f-1',
				v: {
					account_id: 'a-1',
					parent_type: 'account',
					parent_id: 'a-1',
					file_name: 'film.bin',
					size,
					sha256,
					added_at: '2026-11-23T08:00:00.000Z',
					added_by: 'u-sam',
				},
			},
		],
	});
	const way = (folder: string): FileWay => ({
		folder: new BlobFolder(path.join(root, folder), blobKeys(Buffer.from(TEST_KEY, 'hex'))),
		transport: fileTransport({ url: server.url, token: 'dev-sam' }),
		pieces: new PieceSize(),
		signal: new AbortController().signal,
		turn: async () => {
			most = Math.max(most, process.memoryUsage().rss);
		},
	});
	const before = process.memoryUsage().rss;
	let most = before;
	const report = { url: async () => {}, bytes: async () => {} };
	await sendFile(way('one'), { sha256, size, account: 'a-1', url: null }, report);
	fs.rmSync(path.join(root, 'one'), { recursive: true });
	const other = way('two');
	await fetchFile(other, { sha256, size, account: 'a-1' }, async () => {});
	await server.stop();
	const reader = await other.folder.open(sha256);
	const hash = createHash('sha256');
	for await (const piece of reader.stream()) hash.update(piece);
	await reader.close();
	expect(hash.digest('hex')).toBe(sha256);
	expect(Math.round((most - before) / MEGABYTE)).toBeLessThan(MOST_MEMORY / MEGABYTE);
}, 180_000);
