import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCopy } from '../../db/open-store.ts';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { announceRestore, comingFile, settleRestore } from '../../electron/core/backups/settle-restore.ts';
import { fetchTransport, type Transport } from '../../electron/core/sync/reaching/transport.ts';
import { addAccount, startCore, TEST_KEY, type TestCore } from '../support/core.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';
import { paragraph, write } from '../support/typing.ts';
import { recordTables, rowHash } from './row-hash.ts';

const issuesOf = (test: TestCore) =>
	test.core.store.raw.prepare('SELECT title FROM issue WHERE deleted_at IS NULL ORDER BY title').pluck().all();
const meta = (test: TestCore, key: string) =>
	test.core.store.raw.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
const noteText = (test: TestCore, id: string) =>
	test.core.store.raw.prepare('SELECT body FROM note WHERE id = ?').pluck().get(id);
const unsent = (test: TestCore) =>
	test.core.store.raw.prepare('SELECT count(*) FROM outbox WHERE sent_at IS NULL').pluck().get();

describe('going back to a backup, without a server', () => {
	let test: TestCore;
	beforeEach(async () => {
		test = await startCore();
		await addAccount(test);
	});
	afterEach(() => test.stop());

	/** An issue and a note before the backup; an edit, a deletion, a new issue and more typing after it. */
	async function workAround() {
		const issue = await test.ok('issues.create', { account_id: 'a-1', title: 'Before' });
		const gone = await test.ok('issues.create', { account_id: 'a-1', title: 'Deleted later' });
		const note = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		await write(test, note.id, paragraph('First words'));
		const then = rowHash(test.core.store.raw);
		const { name } = await test.ok('backups.make', {});
		await test.ok('issues.update', { id: issue.id, patch: { title: 'Before, edited' } });
		await test.ok('issues.delete', { id: gone.id });
		await test.ok('issues.create', { account_id: 'a-1', title: 'After' });
		await write(test, note.id, paragraph('Second words'));
		return { name, then, now: rowHash(test.core.store.raw), note: note.id };
	}

	it('every row is as it was then, and going back again brings what was there before', async () => {
		const { name, then, now, note } = await workAround();
		const result = await test.ok('backups.restore', { name, keepUnsent: false });
		expect(result).toMatchObject({ taken: 0, unread: 0, keptAside: null });
		expect(result.left).toBeGreaterThan(0);
		expect(rowHash(test.core.store.raw)).toBe(then);
		expect(noteText(test, note)).toBe('First words');
		expect(test.core.store.raw.pragma('integrity_check', { simple: true })).toBe('ok');
		// The workbook goes on: it is written, found and listed.
		await test.ok('issues.create', { account_id: 'a-1', title: 'Written after' });
		expect(issuesOf(test)).toEqual(['Before', 'Deleted later', 'Written after']);
		const undone = await test.ok('backups.restore', { name: result.before as string, keepUnsent: false });
		expect(rowHash(test.core.store.raw)).toBe(now);
		await test.ok('backups.restore', { name: undone.before as string, keepUnsent: false });
		expect(issuesOf(test)).toEqual(['Before', 'Deleted later', 'Written after']);
	});

	it('what was never sent is taken over when asked, to the letter', async () => {
		const { name, now, note } = await workAround();
		const queue = () =>
			test.core.store.raw.prepare('SELECT group_no, op FROM outbox_op ORDER BY group_no, op_no').all();
		const before = queue();
		const result = await test.ok('backups.restore', { name, keepUnsent: true });
		expect(result.left).toBe(0);
		expect(result.taken).toBeGreaterThanOrEqual(4);
		expect(
			rowHash(
				test.core.store.raw,
				recordTables.filter((table) => table !== 'history'),
			),
		).toBe(rowHashOf(test, result.before as string));
		expect(now).not.toBe('');
		expect(queue()).toEqual(before);
		expect(noteText(test, note)).toContain('Second words');
		expect(issuesOf(test)).toEqual(['After', 'Before, edited']);
		const found = await test.ok('search.find', { text: 'After' });
		expect(found.map(({ title }) => title)).toContain('After');
		const [account] = await test.ok('accounts.list', {});
		expect(account?.open_issues).toBe(2);
		await test.ok('undo.last', {});
	});

	it('an edit that was taken back since stands again, and waits to be sent', async () => {
		const { id } = await test.ok('issues.create', { account_id: 'a-1', title: 'One' });
		await test.ok('issues.update', { id, patch: { title: 'Two' } });
		const { name } = await test.ok('backups.make', {});
		await test.ok('undo.last', {});
		expect(issuesOf(test)).toEqual(['One']);
		await test.ok('backups.restore', { name, keepUnsent: false });
		expect(issuesOf(test)).toEqual(['Two']);
		const ops = test.core.store.raw.prepare("SELECT op FROM outbox_op WHERE kind = 'set'").pluck().all() as string[];
		expect(ops.some((op) => op.includes('Two'))).toBe(true);
	});

	it('a call made meanwhile waits and is answered by the store that came', async () => {
		const { name } = await workAround();
		const restoring = test.ok('backups.restore', { name, keepUnsent: false });
		const answers = await Promise.all(Array.from({ length: 20 }, () => test.ok('accounts.list', {})));
		await restoring;
		expect(answers.every((list) => list.length === 1)).toBe(true);
		expect(issuesOf(test)).toEqual(['Before', 'Deleted later']);
	});

	it('that fails leaves everything as it was, and the workbook open', async () => {
		const { name, now } = await workAround();
		// Where the coming store would be written lies a folder.
		const { mkdirSync, rmdirSync } = await import('node:fs');
		mkdirSync(`${comingFile(test.file)}`);
		await test.refused('backups.restore', { name, keepUnsent: false });
		rmdirSync(comingFile(test.file));
		expect(rowHash(test.core.store.raw)).toBe(now);
		await test.ok('issues.create', { account_id: 'a-1', title: 'Goes on' });
		await test.reopen();
		expect(issuesOf(test)).toContain('Goes on');
	});

	it.each(['announced', 'kept', 'log gone', 'renamed'] as const)(
		'a crash when it is %s is made good at the next start',
		async (step) => {
			const { name, then, now } = await workAround();
			const backup = new BackupFolder(test.file).pathOf(name);
			await test.core.close();
			writeFileSync(comingFile(test.file), readFileSync(backup));
			// Half a restore that was never announced leaves the present store.
			await reopenAndExpect(now);
			await test.core.close();
			writeFileSync(comingFile(test.file), readFileSync(backup));
			announceRestore(test.file);
			const at = (reached: string) => {
				if (reached === step) throw new Error('killed');
			};
			expect(() => settleRestore(test.file, { keep: true, now: new Date(), at })).toThrow('killed');
			expect(existsSync(test.file)).toBe(true);
			await reopenAndExpect(then);
			expect(readdirSync(path.dirname(test.file)).some((file) => /\.restor/.test(file))).toBe(false);
		},
	);

	async function reopenAndExpect(hash: string) {
		await test.reopen();
		expect(rowHash(test.core.store.raw)).toBe(hash);
	}
});

function rowHashOf(test: TestCore, backup: string): string {
	const copy = openCopy({ file: new BackupFolder(test.file).pathOf(backup), keyHex: TEST_KEY });
	try {
		return rowHash(
			copy,
			recordTables.filter((table) => table !== 'history'),
		);
	} finally {
		copy.close();
	}
}

describe('going back to a backup, with a server', () => {
	let devices: TwoDevices;
	beforeEach(async () => {
		devices = await startTwoDevices();
	});
	afterEach(() => devices.stop());

	it.each([true, false])('what was sent since comes back, what was not is kept or left (%s)', async (keepUnsent) => {
		const { sam, specialist, server } = devices;
		const { id } = await sam.ok('issues.create', { account_id: 'a-1', title: 'Shared' });
		const note = await sam.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		await devices.settle();
		const device = meta(sam, 'device_id');
		const { name } = await sam.ok('backups.make', {});
		await sam.ok('issues.update', { id, patch: { title: 'Sent since' } });
		await write(sam, note.id, paragraph('Sent words'));
		await sam.ok('issues.create', { account_id: 'a-1', title: 'Also sent' });
		await specialist.ok('issues.update', { id, patch: { priority: 'URGENT' } });
		await devices.settle();
		await sam.ok('issues.update', { id, patch: { client_summary: 'Never sent' } });
		await sam.ok('issues.create', { account_id: 'a-2', title: 'Only here' });
		await write(sam, note.id, paragraph('Unsent words'));
		const result = await sam.ok('backups.restore', { name, keepUnsent });
		expect([result.taken > 0, result.left > 0]).toEqual([keepUnsent, !keepUnsent]);
		await devices.settle();
		expect(meta(sam, 'device_id')).toBe(device);
		expect(unsent(sam)).toBe(0);
		const theirs = await server.serverTables();
		const mine = devices.tables(sam);
		for (const key of Object.keys(theirs.records)) expect([key, mine.records[key]]).toEqual([key, theirs.records[key]]);
		expect(mine.texts).toEqual(theirs.texts);
		expect(issuesOf(sam)).toEqual(['Also sent', ...(keepUnsent ? ['Only here'] : []), 'Sent since']);
		const summary = sam.core.store.raw.prepare('SELECT client_summary, priority FROM issue WHERE id = ?').get(id);
		expect(summary).toEqual({ client_summary: keepUnsent ? 'Never sent' : null, priority: 'URGENT' });
		expect(String(noteText(sam, note.id)).includes('Unsent words')).toBe(keepUnsent);
		expect(noteText(sam, note.id)).toContain('Sent words');
		expect(mine.records).toEqual(devices.tables(specialist).records);
		expect(await sam.ok('conflicts.list', {})).toEqual([]);
		// It goes on under the same numbers.
		await sam.ok('issues.create', { account_id: 'a-1', title: 'Later' });
		await devices.settle();
		expect(issuesOf(specialist)).toContain('Later');
	});

	it('what may be on its way already always goes along', async () => {
		const { server } = devices;
		const real = fetchTransport({ url: server.url, token: 'dev-sam' } as never);
		let isCut = false;
		const request: Transport['request'] = async (path, options) => {
			const answer = await real.request(path, options);
			if (isCut && path.includes('push')) throw new Error('The answer is lost.');
			return answer;
		};
		const sam = await startCore({ userId: 'u-sam', transport: { ...real, request } });
		try {
			await sam.ok('sync.now', {});
			const { name } = await sam.ok('backups.make', {});
			await sam.ok('issues.create', { account_id: 'a-1', title: 'Taken, answer lost' });
			isCut = true;
			await sam.ok('sync.now', {});
			isCut = false;
			await sam.ok('issues.create', { account_id: 'a-1', title: 'Never handed over' });
			const result = await sam.ok('backups.restore', { name, keepUnsent: false });
			expect([result.taken, result.left]).toEqual([1, 1]);
			await sam.ok('issues.create', { account_id: 'a-1', title: 'After the restore' });
			await sam.ok('sync.now', {});
			await sam.ok('sync.now', {});
			expect(unsent(sam)).toBe(0);
			const { records } = await server.serverTables();
			const titles = Object.entries(records).flatMap(([key, { v }]) => (key.startsWith('issue ') ? [v.title] : []));
			expect(titles.sort()).toEqual(['After the restore', 'Taken, answer lost']);
			expect(issuesOf(sam)).toEqual(['After the restore', 'Taken, answer lost']);
		} finally {
			await sam.stop();
		}
	});
});
