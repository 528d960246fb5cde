import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../db/open-store.ts';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { blobKeys } from '../../electron/core/files/blob-format.ts';
import { fileKeys } from '../../electron/core/files/file-keys.ts';
import { rekeyStore } from '../../electron/core/rekey.ts';
import { headOfFile, settleRotation } from '../../electron/main/vault/rotation.ts';
import { readSlotFile } from '../../electron/main/vault/slots.ts';
import { workspacePaths } from '../../electron/main/vault/vault.ts';
import { bytes, noKeyring, TestDesk } from '../support/vault.ts';

const PASS = 'correct horse battery';
let folder: string;
let code: string;
let firstKey: Buffer;

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-rotation-'));
	const desk = new TestDesk(folder);
	code = await desk.create(PASS);
	firstKey = Buffer.from(desk.key ?? '', 'hex');
	const store = openStore({ file: paths().store, key: firstKey });
	const insert = store.raw.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
	for (let row = 0; row < 500; row++) insert.run(`row ${row}`, `SENTINEL ${row}`);
	store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const paths = () => workspacePaths(folder);

/** Opens the workbook the way a person does, and counts its rows; throws when any part does not fit the others. */
async function openAndCount(passphrase = PASS): Promise<{ key: string; rows: number; previous: string[] }> {
	const desk = new TestDesk(folder, noKeyring);
	await desk.desk.begin();
	const answer = await desk.unlock(passphrase);
	const opened = desk.opened.at(-1);
	if (!answer.ok || !opened) throw new Error(`It does not open: ${JSON.stringify([answer, desk.state, desk.failed])}`);
	const store = openStore({ file: paths().store, key: Buffer.from(opened.key, 'hex') });
	try {
		const rows = store.raw.prepare("SELECT count(*) FROM meta WHERE key LIKE 'row %'").pluck().get() as number;
		expect(store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
		expect(store.raw.pragma('synchronous', { simple: true })).toBe(2);
		return { ...opened, rows };
	} finally {
		store.close();
	}
}

function rotateAndDie(step: string): string {
	const child = path.resolve('tests/main/rotation-child.ts');
	const { stdout, signal, stderr } = spawnSync(process.execPath, [child, folder, PASS, step], { encoding: 'utf8' });
	if (signal !== 'SIGKILL' && stdout !== 'done') throw new Error(stderr);
	return stdout;
}

describe('a change of the key', () => {
	it('leaves one key, another one, and everything that was there', async () => {
		expect(rotateAndDie('never')).toBe('done');
		const { key, rows, previous } = await openAndCount();
		expect(key).not.toBe(firstKey.toString('hex'));
		expect([rows, previous]).toEqual([500, [firstKey.toString('hex')]]);
		expect(() => openStore({ file: paths().store, key: firstKey })).toThrow();
		expect(readdirSync(paths().folder).sort()).toEqual(['fieldbook.db', 'slots.copy.json', 'slots.json']);
		expect(readFileSync(paths().store).includes('SENTINEL')).toBe(false);
		// A second change knows both keys of before.
		rotateAndDie('never');
		const again = await openAndCount();
		expect([again.rows, again.previous]).toEqual([500, [key, firstKey.toString('hex')]]);
	});

	it.each(['made', 'copied', 'announced', 'renamed', 'settled'])(
		'cut off when it was %s leaves exactly one state that opens, whole',
		async (step) => {
			rotateAndDie(step);
			const { key, rows } = await openAndCount();
			expect(rows).toBe(500);
			expect(key === firstKey.toString('hex')).toBe(['made', 'copied', 'announced'].includes(step));
			expect(readSlotFile(readFileSync(paths().slots, 'utf8')).next).toBeUndefined();
			if (step !== 'copied') expect(existsSync(paths().nextStore)).toBe(false);
			// And it can be done after all.
			rotateAndDie('never');
			expect((await openAndCount()).rows).toBe(500);
			expect(existsSync(paths().nextStore)).toBe(false);
			const desk = new TestDesk(folder);
			await desk.desk.begin();
			expect(await desk.recover(code)).toEqual({ ok: true });
		},
		60_000,
	);

	it('killed at any moment leaves a workbook that opens', async () => {
		for (let round = 0; round < 6; round++) {
			const child = path.resolve('tests/main/rotation-child.ts');
			spawnSync(process.execPath, [child, folder, PASS, 'never'], { timeout: 150 + round * 90, killSignal: 'SIGKILL' });
			expect((await openAndCount()).rows).toBe(500);
		}
	}, 120_000);

	it('is noticed by this test when the slots do not name both keys', async () => {
		// The planted mistake: the store is replaced, and the slots are still the old ones.
		rotateAndDie('announced');
		const slots = JSON.parse(readFileSync(paths().slots, 'utf8'));
		delete slots.next;
		renameSync(paths().nextStore, paths().store);
		writeFileSync(paths().slots, JSON.stringify(slots));
		rmSync(path.join(paths().folder, 'slots.copy.json'));
		await expect(openAndCount()).rejects.toThrow();
	});

	it('that cannot be written leaves the old key and no rest', async () => {
		const nextKey = randomBytes(32);
		const job = { file: paths().store, copy: path.join(folder, 'nowhere', 'copy.db'), key: firstKey, nextKey };
		expect(() => rekeyStore(job)).toThrow();
		expect(() => rekeyStore({ ...job, copy: paths().nextStore, key: randomBytes(32) })).toThrow();
		expect(() => rekeyStore({ ...job, copy: paths().nextStore, nextKey: new Uint8Array(32) })).toThrow();
		expect(readdirSync(paths().folder).sort()).toEqual(['fieldbook.db', 'slots.copy.json', 'slots.json']);
		expect((await openAndCount()).rows).toBe(500);
	});

	it('goes by the head of the store that is in place, not by what was meant', () => {
		const file = readSlotFile(readFileSync(paths().slots, 'utf8'));
		const next = { ...file, check: 'ab'.repeat(16) };
		const settle = (head: string) => settleRotation(paths(), { ...file, next: { head, file: next } });
		expect(settle('00'.repeat(32)).check).toBe(file.check);
		expect(settle(headOfFile(paths().store)).check).toBe(next.check);
		const head = readFileSync(paths().store).subarray(0, 4096);
		expect(headOfFile(paths().store)).toBe(createHash('sha256').update(head).digest('hex'));
	});

	it('asked for at the desk closes the store first and opens it again', async () => {
		const order: string[] = [];
		const desk = new TestDesk(folder, noKeyring, {
			closeStore: async () => void order.push('closed'),
			rekey: async ({ key, nextKey }) => {
				order.push('written');
				return rekeyStore({ file: paths().store, copy: paths().nextStore, key, nextKey });
			},
		});
		await desk.desk.begin();
		await desk.unlock(PASS);
		const rotate = (passphrase: string) => desk.desk.answer({ ask: 'rotate', passphrase: bytes(passphrase) });
		expect(await rotate('not the passphrase')).toMatchObject({ ok: false, problem: 'wrong' });
		expect(order).toEqual([]);
		expect(await rotate(PASS)).toEqual({ ok: true });
		expect([order, desk.state]).toEqual([['closed', 'written'], { state: 'changing-key' }]);
		expect(desk.opened).toHaveLength(2);
		expect(await openAndCount()).toMatchObject({ key: desk.key, rows: 500, previous: [firstKey.toString('hex')] });
	});

	it('that fails opens the store under the key it had', async () => {
		const desk = new TestDesk(folder, noKeyring, {
			rekey: async () => {
				throw Object.assign(new Error('full'), { code: 'disk_full' });
			},
		});
		await desk.desk.begin();
		await desk.unlock(PASS);
		expect(await desk.desk.answer({ ask: 'rotate', passphrase: bytes(PASS) })).toEqual({
			ok: false,
			problem: 'disk_full',
		});
		expect(desk.opened.map(({ key }) => key)).toEqual([firstKey.toString('hex'), firstKey.toString('hex')]);
		expect((await openAndCount()).rows).toBe(500);
	});
});

describe('files on the laptop', () => {
	const text = (bytesOf: Buffer) => bytesOf.toString('utf8');
	async function* one(content: string) {
		yield Buffer.from(content);
	}

	/** Opens the store under `key`, with the folder of its files. */
	async function withFiles<T>(key: Buffer, work: (files: BlobFolder) => Promise<T>): Promise<T> {
		const store = openStore({ file: paths().store, key });
		try {
			return await work(new BlobFolder(`${paths().store}.files`, fileKeys(store, { key })));
		} finally {
			store.close();
		}
	}

	it('of before open after a change of the key, and new ones are sealed under the new', async () => {
		const add = (key: Buffer, content: string) =>
			withFiles(key, async (files) => {
				const taken = await files.take(one(content));
				await taken.keep();
				return taken.sha256;
			});
		const read = (key: Buffer, sha256: string) =>
			withFiles(key, async (files) => {
				const reader = await files.open(sha256);
				const all = await reader.read(0, reader.size);
				await reader.close();
				return text(all);
			});
		const first = await add(firstKey, 'minutes of the first visit');
		rotateAndDie('never');
		const secondKey = Buffer.from((await openAndCount()).key, 'hex');
		const second = await add(secondKey, 'minutes of the second visit');
		rotateAndDie('never');
		const thirdKey = Buffer.from((await openAndCount()).key, 'hex');
		expect(await read(thirdKey, first)).toBe('minutes of the first visit');
		expect(await read(thirdKey, second)).toBe('minutes of the second visit');
		// Whoever has the first key, and the folder as it is now, reads nothing that came after the change.
		const old = new BlobFolder(`${paths().store}.files`, blobKeys(firstKey));
		await expect(old.open(second)).rejects.toMatchObject({ code: 'file_damaged' });
		await (await old.open(first)).close();
	});

	it('cannot be opened once the folder has forgotten its keys', async () => {
		await withFiles(firstKey, async (files) => {
			const taken = await files.take(one('words'));
			await taken.keep();
			files.lock();
			await expect(files.open(taken.sha256)).rejects.toMatchObject({ code: expect.stringMatching(/file_/) });
		});
	});
});
