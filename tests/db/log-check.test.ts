import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLogCut } from '../../db/log-check.ts';
import { openStore } from '../../db/open-store.ts';
import { TEST_KEY } from '../support/core.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldbook-log-'));
const log = join(folder, 'copy.db-wal');
let whole: Buffer;
const FRAME = 24 + 4096;
const frames = () => (whole.length - 32) / FRAME;

beforeAll(() => {
	const store = openStore({ file: join(folder, 'fieldbook.db'), keyHex: TEST_KEY });
	const insert = store.raw.prepare('INSERT INTO meta (key, value) VALUES (?, hex(randomblob(3000)))');
	for (let row = 0; row < 12; row++) insert.run(`row ${row}`);
	copyFileSync(`${store.file}-wal`, log);
	store.close();
	whole = readFileSync(log);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isCutWith(change: (bytes: Buffer) => void, { rebooted = false } = {}): boolean {
	const bytes = Buffer.from(whole);
	change(bytes);
	writeFileSync(log, bytes);
	if (rebooted) utimesSync(log, new Date('2020-01-01'), new Date('2020-01-01'));
	return isLogCut(join(folder, 'copy.db'));
}
const turn = (at: number) => (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(at) ^ 8, at);

describe('the log of a store that was not closed', () => {
	it('is whole as it was left, cut off anywhere, or followed by what is older', () => {
		expect(isCutWith(() => {})).toBe(false);
		for (const size of [0, 10, 32, 32 + FRAME - 1, 32 + 5 * FRAME, whole.length - 1]) {
			writeFileSync(log, whole);
			truncateSync(log, size);
			expect(isLogCut(join(folder, 'copy.db'))).toBe(false);
		}
		const older = (bytes: Buffer) => bytes.fill(0x5a, 32 + 6 * FRAME);
		expect(isCutWith(older)).toBe(false);
	});

	it('is cut by any bit of any frame or of its header', () => {
		for (let at = 0; at < whole.length; at += 997) expect([at, isCutWith(turn(at))]).toEqual([at, true]);
		for (let at = 0; at < 32; at += 1) expect([at, isCutWith(turn(at))]).toEqual([at, true]);
	});

	it('may lack its last transaction after the machine was started again: power cuts leave it so', () => {
		const last = 32 + (frames() - 1) * FRAME + 300;
		const tear = (at: number) => (bytes: Buffer) => bytes.fill(0, at, at + 512);
		expect(isCutWith(tear(last), { rebooted: true })).toBe(false);
		expect(isCutWith(tear(last - 4 * FRAME), { rebooted: true })).toBe(true);
		// One wrong bit is none of a power cut's doing.
		for (let at = 32 + (frames() - 1) * FRAME; at < whole.length; at += 131)
			expect([at, isCutWith(turn(at), { rebooted: true })]).toEqual([at, true]);
	});

	it('may end in a frame without its page: a process died between the two', () => {
		const page = 32 + (frames() - 1) * FRAME + 24;
		expect(isCutWith((bytes) => bytes.fill(7, page))).toBe(false);
		expect(isCutWith((bytes) => bytes.fill(7, page - FRAME, page - 24))).toBe(true);
	});
});
