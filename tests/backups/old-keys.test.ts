import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { checkCopy } from '../../electron/core/backups/check-copy.ts';
import { type CoreOptions, createCore } from '../../electron/core/core.ts';
import { rekeyStore } from '../../electron/core/rekey.ts';
import { createRescue } from '../../electron/core/rescue.ts';
import { onAccount, token } from '../files/file-world.ts';
import { addAccount, startCore, TEST_KEY } from '../support/core.ts';
import { rowHash } from './row-hash.ts';

it('a backup from before two changes of the key is gone back to, and files of every key open', async () => {
	const first = Uint8Array.from(Buffer.from(TEST_KEY, 'hex'));
	const keys = [Uint8Array.from(randomBytes(32)), Uint8Array.from(randomBytes(32)), first];
	const test = await startCore();
	await addAccount(test);
	const add = async (name: string) => {
		writeFileSync(path.join(test.folder, name), `bytes of ${name}`);
		await test.ok('attachments.add', { ...onAccount, files: [token(test, path.join(test.folder, name))] });
	};
	const text = async (name: string) => {
		const list = await test.ok('attachments.list', onAccount);
		const sha256 = test.core.store.raw.prepare('SELECT sha256 FROM attachment WHERE file_name = ?').pluck().get(name);
		expect(list.map(({ file_name }) => file_name)).toContain(name);
		return sha256;
	};
	await add('one.txt');
	const then = rowHash(test.core.store.raw);
	const { name: backup } = await test.ok('backups.make', {});
	await test.core.close();
	/** Another key for the store, and the workbook open under it. */
	const change = async (from: Uint8Array, to: Uint8Array, previous: Uint8Array[]) => {
		const copy = `${test.file}.next`;
		rekeyStore({ file: test.file, copy, key: Uint8Array.from(from), nextKey: Uint8Array.from(to) });
		renameSync(copy, test.file);
		test.core = await createCore(optionsOf(test.file, to, previous));
	};
	const [third, second] = keys as [Uint8Array, Uint8Array];
	await change(first, second, [first]);
	await add('two.txt');
	await test.core.close();
	await change(second, third, [second, first]);
	await add('three.txt');
	expect(() =>
		checkCopy({ file: new BackupFolder(test.file).pathOf(backup), keys: [third], isThorough: true }),
	).toThrow(/key/);
	expect(await test.ok('backups.about', { name: backup })).toMatchObject({
		holds: expect.arrayContaining([{ label: 'account', count: 1 }]),
	});
	const result = await test.ok('backups.restore', { name: backup, keepUnsent: false });
	expect(rowHash(test.core.store.raw)).toBe(then);
	expect(test.core.store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
	expect(await text('one.txt')).toBeTruthy();
	expect(await readAll(test.core, 'one.txt')).toBe('bytes of one.txt');
	await test.ok('backups.restore', { name: result.before as string, keepUnsent: false });
	for (const name of ['one.txt', 'two.txt', 'three.txt'])
		expect(await readAll(test.core, name)).toBe(`bytes of ${name}`);
	// Under today's key only: the copy of it does not open by any older one.
	const lent = path.join(test.folder, 'lent.db');
	await test.core.close();
	copyFileSync(test.file, lent);
	expect(() => checkCopy({ file: lent, keys: [second, first], isThorough: false })).toThrow(/key/);
	expect(checkCopy({ file: lent, keys: [third], isThorough: true }).key).toBe(0);
	// Nothing can be read of the store any more: the backup knows none of the keys that came after it.
	const bytes = readFileSync(test.file);
	bytes.fill(0x55, 40, 80);
	writeFileSync(test.file, bytes);
	const options = optionsOf(test.file, third, [second, first]);
	const error = await createCore(options).catch((failed: unknown) => failed);
	const onRestored = async () => {
		test.core = await createCore(options);
	};
	const rescue = createRescue({ options, error, emit: () => undefined, onRestored });
	expect(await rescue?.call('backups.restore', { name: backup, keepUnsent: true })).toMatchObject({ ok: true });
	expect(await readAll(test.core, 'one.txt')).toBe('bytes of one.txt');
	await test.stop();
});

function optionsOf(file: string, key: Uint8Array, previous: Uint8Array[]): CoreOptions {
	return {
		file,
		key: Uint8Array.from(key),
		previousKeys: previous.map((one) => Uint8Array.from(one)),
		deviceName: 'x',
		appVersion: '0',
		sample: false,
		autoSync: false,
		userId: 'u-sam',
	};
}

/** The bytes of a file, through the export: they are opened by the laptop's own keys. */
async function readAll(core: Awaited<ReturnType<typeof createCore>>, name: string): Promise<string> {
	const target = path.join(path.dirname(core.store.file), `out-${randomBytes(4).toString('hex')}.zip`);
	core.registerFile('out', target);
	const result = await core.call('export.everything', { target: 'out', account_id: null, files: true });
	expect(result).toMatchObject({ ok: true, value: { unreadable: [] } });
	const { openZip } = await import('../../electron/core/imports/zip-file.ts');
	const zip = await openZip(target);
	const entry = zip.names().find((one) => one.startsWith('files/') && one.endsWith(name)) ?? '';
	return (await zip.text(entry)) ?? '';
}
