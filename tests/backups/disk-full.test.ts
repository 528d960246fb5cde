import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { copyBytes } from '../../electron/core/backups/copy-file.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { rowHash } from './row-hash.ts';

const MEGABYTES = 24;
let disk: string | undefined;
let test: TestCore | undefined;

beforeEach(() => {
	disk = undefined;
	test = undefined;
});
afterEach(async () => {
	vi.restoreAllMocks();
	await test?.stop();
	if (!disk) return;
	execFileSync('umount', ['-l', disk], { stdio: 'ignore' });
	fs.rmSync(disk, { recursive: true, force: true });
});

/** A small disk of its own; undefined where this user may not mount one. */
function smallDisk(): string | undefined {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-small-'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder], { stdio: 'ignore' });
		disk = folder;
		return folder;
	} catch {
		fs.rmSync(folder, { recursive: true });
		return undefined;
	}
}

it('with too little room none is begun; it is said, and everything else goes on', async (context) => {
	const folder = smallDisk();
	if (!folder) return context.skip();
	test = await startCore({ file: path.join(folder, 'fieldbook.db') });
	await addAccount(test);
	const before = rowHash(test.core.store.raw);
	expect((await test.refused('backups.make', {})).code).toBe('disk_full');
	const list = await test.ok('backups.list', {});
	expect(list).toMatchObject({ backups: [], problem: 'disk_full', damaged: false, busy: false });
	expect(rowHash(test.core.store.raw)).toBe(before);
	await test.ok('issues.create', { account_id: 'a-1', title: 'Written all the same' });
	return undefined;
});

it('that fills up in the middle leaves nothing of the backup, the others, and the store', async (context) => {
	const folder = smallDisk();
	if (!folder) return context.skip();
	// As if the disk had looked large enough.
	vi.spyOn(BackupFolder.prototype, 'begin').mockImplementation(function (this: BackupFolder, at, kind) {
		fs.mkdirSync(this.folder, { recursive: true });
		return path.join(this.folder, `${at.toISOString().replaceAll(/[-:.]/g, '')}-${kind}.db.part`);
	});
	test = await startCore({ file: path.join(folder, 'fieldbook.db') });
	await addAccount(test);
	const { name } = await test.ok('backups.make', {});
	fs.writeFileSync(path.join(folder, 'filler'), Buffer.alloc(1));
	const free = () => fs.statfsSync(folder).bavail * fs.statfsSync(folder).bsize;
	const size = fs.statSync(path.join(`${test.file}.backups`, name)).size;
	fs.appendFileSync(path.join(folder, 'filler'), Buffer.alloc(free() - Math.floor(size / 2)));
	expect((await test.refused('backups.make', {})).code).toBe('disk_full');
	expect(fs.readdirSync(`${test.file}.backups`)).toEqual([name]);
	fs.rmSync(path.join(folder, 'filler'));
	await test.ok('issues.create', { account_id: 'a-1', title: 'Goes on' });
	await test.ok('backups.make', {});
	return undefined;
});

it('is said in so many words by whatever copies', async (context) => {
	const folder = smallDisk();
	if (!folder) return context.skip();
	const source = path.join(os.tmpdir(), `fieldbook-source-${randomBytes(4).toString('hex')}`);
	fs.writeFileSync(source, Buffer.alloc((MEGABYTES + 2) * 1_048_576, 7));
	const from = await fs.promises.open(source, 'r');
	const copying = copyBytes(from, path.join(folder, 'copy'), {
		bytes: (await from.stat()).size,
		signal: new AbortController().signal,
	});
	await expect(copying).rejects.toMatchObject({ code: 'disk_full' });
	await from.close();
	fs.rmSync(source);
	return undefined;
});
