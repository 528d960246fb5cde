import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

const titles = (test: TestCore) =>
	test.core.store.raw.prepare('SELECT title FROM issue WHERE deleted_at IS NULL ORDER BY title').pluck().all();

/** A store as a killed app leaves it, with a bit wrong in the middle of its log. */
async function damagedStore(folder: string): Promise<string> {
	const test = await startCore();
	await addAccount(test);
	await test.ok('backups.make', {});
	for (let count = 1; count <= 6; count++)
		await test.ok('issues.create', { account_id: 'a-1', title: `Issue ${count}` });
	cpSync(test.folder, folder, { recursive: true });
	await test.stop();
	const file = path.join(folder, 'fieldbook.db');
	const log = readFileSync(`${file}-wal`);
	const middle = Math.floor(log.length * 0.6);
	log.writeUInt8(log.readUInt8(middle) ^ 1, middle);
	writeFileSync(`${file}-wal`, log);
	return file;
}

it('a log in which confirmed work cannot be read any more is told of, also at the next start, until a backup is gone back to', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-cut-'));
	const file = await damagedStore(folder);
	const test = await startCore({ file });
	try {
		for (const start of ['first', 'second']) {
			expect([start, (await test.ok('backups.list', {})).damaged]).toEqual([start, true]);
			expect((await test.refused('issues.create', { account_id: 'a-1', title: 'More' })).code).toBe('store_damaged');
			await test.reopen();
		}
		const held = titles(test);
		expect(held.length).toBeLessThan(6);
		const [backup] = (await test.ok('backups.list', {})).backups;
		await test.ok('backups.restore', { name: backup?.name ?? '', keepUnsent: true });
		expect((await test.ok('backups.list', {})).damaged).toBe(false);
		expect(titles(test)).toEqual(held);
		await test.ok('issues.create', { account_id: 'a-1', title: 'More' });
		await test.reopen();
		expect(titles(test)).toEqual([...held, 'More']);
		expect(readdirSync(folder).some((name) => name.endsWith('-cut-log'))).toBe(true);
	} finally {
		await test.stop();
		rmSync(folder, { recursive: true, force: true });
	}
});
