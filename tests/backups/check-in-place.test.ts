import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { openStore } from '../../db/open-store.ts';
import { BackupDesk } from '../../electron/core/backups/backup-desk.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { addAccount, startCore, TEST_KEY } from '../support/core.ts';

/** Checks the store of a core that was closed, on a disk that has no room for a copy; answers whether damage was told of. */
async function checkWithoutRoom(file: string): Promise<boolean> {
	const store = openStore({ file, keyHex: TEST_KEY });
	const onDamage = vi.fn();
	const desk = new BackupDesk({
		store,
		keys: [Buffer.from(TEST_KEY, 'hex')],
		nativeBinding: undefined,
		checkWorker: undefined,
		now: () => new Date('2026-11-24T08:00:00Z'),
		alone: async (work) => work(),
		isBusy: () => false,
		calls: () => 0,
		emit: () => {},
		onDamage,
	});
	vi.spyOn(desk.folder, 'begin').mockImplementation(() => {
		throw new CoreError('disk_full', 'The disk has too little room for a backup.');
	});
	await desk.check();
	await desk.stop();
	store.close();
	await desk.close();
	return onDamage.mock.calls.length > 0;
}

it('a store is read where it lies when there is no room for a copy, and its damage is told of', async () => {
	const test = await startCore();
	await addAccount(test);
	for (let count = 0; count < 200; count++)
		await test.ok('issues.create', { account_id: 'a-1', title: `Issue ${count} ${'x'.repeat(300)}` });
	await test.core.close();
	expect(await checkWithoutRoom(test.file)).toBe(false);
	const bytes = readFileSync(test.file);
	const middle = Math.floor(bytes.length * 0.7);
	bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
	writeFileSync(test.file, bytes);
	expect(await checkWithoutRoom(test.file)).toBe(true);
	await test.stop();
});
