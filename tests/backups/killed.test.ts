import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { checkCopy } from '../../electron/core/backups/check-copy.ts';
import { addAccount, startCore, TEST_KEY, type TestCore } from '../support/core.ts';
import { paragraph, write } from '../support/typing.ts';
import { rowHash } from './row-hash.ts';

const victim = path.resolve('tests/backups/victim.ts');
const KILLS = 6;

let test: TestCore;
/** What the store held when the backup was made, and what it holds now. */
let then: string;
let now: string;
let backup: string;

beforeEach(async () => {
	test = await startCore();
	await addAccount(test);
	const note = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
	await write(test, note.id, paragraph('First words'));
	then = rowHash(test.core.store.raw);
	backup = (await test.ok('backups.make', {})).name;
	for (let no = 0; no < 40; no += 1) await test.ok('issues.create', { account_id: 'a-1', title: `Since ${no}` });
	now = rowHash(test.core.store.raw);
	await test.core.close();
});
afterEach(() => test.stop());

/** Runs the victim until it is dead; `afterMs` after it has begun when it is not to die by itself. */
async function runVictim(args: string[], afterMs?: number): Promise<void> {
	const child = spawn(process.execPath, [victim, test.file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
	child.stdout.once('data', () => {
		if (afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs);
	});
	const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
	expect(signal).toBe('SIGKILL');
}

/** Opens the store again: one of the two, whole. Every backup that is listed opens and is whole. */
async function expectWhole(hashes: string[]): Promise<void> {
	await test.reopen();
	expect(hashes).toContain(rowHash(test.core.store.raw));
	expect(test.core.store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
	const folder = new BackupFolder(test.file);
	for (const { name } of folder.list())
		checkCopy({ file: folder.pathOf(name), keys: [Buffer.from(TEST_KEY, 'hex')], isThorough: true });
	await test.ok('issues.create', { account_id: 'a-1', title: 'Goes on' });
	await test.ok('backups.make', {});
	const left = [...readdirSync(path.dirname(test.file)), ...readdirSync(folder.folder)];
	expect(left.filter((name) => /\.part|\.restor/.test(name))).toEqual([]);
	await test.core.close();
}

describe('killed while a backup is made', () => {
	it.each(['copying', 'copied', 'checking', 'checked', 'named'])(
		'at "%s": the store and every backup are whole',
		async (step) => {
			await runVictim(['backup', '', step]);
			await expectWhole([now]);
		},
	);

	it('at any moment', async () => {
		for (let kill = 0; kill < KILLS; kill += 1) {
			await runVictim(['backup', ''], kill * 23);
			await test.reopen();
			expect(rowHash(test.core.store.raw)).toBe(now);
			await test.core.close();
		}
		await expectWhole([now]);
	});
});

describe('killed while going back', () => {
	it.each(['checking', 'copying', 'restoring'])('at "%s": what was there is there', async (step) => {
		await runVictim(['restore', backup, step]);
		await expectWhole([now]);
	});

	it('once the store to come is whole, but not announced: what was there is there', async () => {
		await runVictim(['restore', backup, 'prepared']);
		await expectWhole([now]);
	});

	it.each(['announced', 'kept', 'log gone', 'renamed'])('at "%s": it is brought to its end', async (step) => {
		await runVictim(['restore', backup, step]);
		expect(existsSync(test.file)).toBe(true);
		await expectWhole([then]);
	});

	it('at any moment: the one or the other, whole', async () => {
		for (let kill = 0; kill < KILLS; kill += 1) {
			await runVictim(['restore', backup], kill * 31);
			await test.reopen();
			expect([then, now]).toContain(rowHash(test.core.store.raw));
			await test.core.close();
		}
		await expectWhole([then, now]);
	});
});

describe('killed while exporting', () => {
	it('leaves nothing readable behind once Fieldbook is started again', async () => {
		const target = path.join(test.folder, 'Export.zip');
		await runVictim(['export', target, 'exporting']);
		expect(existsSync(`${target}.part`)).toBe(true);
		await expectWhole([now]);
		expect(existsSync(`${target}.part`)).toBe(false);
		expect(existsSync(target)).toBe(false);
	});
});
