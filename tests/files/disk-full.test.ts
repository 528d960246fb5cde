import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { blobKeys } from '../../electron/core/files/blob-format.ts';
import { addAccount, startCore, TEST_KEY } from '../support/core.ts';
import { onAccount, token } from './file-world.ts';

const MEGABYTES = 24;
let disk: string | undefined;

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

afterEach(() => {
	if (!disk) return;
	execFileSync('umount', ['-l', disk], { stdio: 'ignore' });
	fs.rmSync(disk, { recursive: true, force: true });
	disk = undefined;
});

it('a file that does not fit is refused in so many words, and words are still saved', async (context) => {
	const folder = smallDisk();
	if (!folder) return context.skip();
	const core = await startCore({ file: path.join(folder, 'fieldbook.db') });
	await addAccount(core);
	const file = path.join(core.folder, 'film.bin');
	fs.writeFileSync(file, randomBytes(1_000_000));
	const refusal = await core.refused('attachments.add', { ...onAccount, files: [token(core, file)] });
	expect(refusal.code).toBe('disk_full');
	expect(await core.ok('attachments.list', onAccount)).toEqual([]);
	const note = await core.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
	expect((await core.ok('notes.get', { id: note.id })).note.account_id).toBe('a-1');
	await core.stop();
	return undefined;
});

it('a disk that fills up in the middle of a file keeps nothing of it', async (context) => {
	const folder = smallDisk();
	if (!folder) return context.skip();
	const files = new BlobFolder(path.join(folder, 'store.files'), blobKeys(Buffer.from(TEST_KEY, 'hex')));
	const endless = (async function* () {
		for (;;) yield randomBytes(1_000_000);
	})();
	await expect(files.take(endless)).rejects.toMatchObject({ code: 'disk_full' });
	expect(fs.readdirSync(files.folder)).toEqual([]);
	const size = 40_000_000;
	const part = await files.part({ sha256: 'ab'.repeat(32), size });
	const fill = async () => {
		for (let at = 0; at < size; at += 1_000_000) await part.write(randomBytes(1_000_000));
	};
	await expect(fill()).rejects.toMatchObject({ code: 'disk_full' });
	await part.close();
	return undefined;
});
