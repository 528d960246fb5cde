import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCopy } from '../../db/open-store.ts';
import { type Core, type CoreOptions, createCore } from '../../electron/core/core.ts';
import { createRescue } from '../../electron/core/rescue.ts';
import { addAccount, startCore, TEST_KEY, type TestCore } from '../support/core.ts';
import { rowHash } from './row-hash.ts';

let test: TestCore;
let options: CoreOptions;
let opened: Core | undefined;
let then: string;
let name: string;

beforeEach(async () => {
	test = await startCore();
	options = { file: test.file, keyHex: TEST_KEY, deviceName: 'x', appVersion: '0', sample: false, autoSync: false };
	await addAccount(test);
	await test.ok('issues.create', { account_id: 'a-1', title: 'Before' });
	then = rowHash(test.core.store.raw);
	name = (await test.ok('backups.make', {})).name;
	await test.ok('issues.create', { account_id: 'a-1', title: 'Unsent since' });
	await test.core.close();
});
afterEach(async () => {
	await opened?.close();
	opened = undefined;
	await test.stop();
});

const titles = () => opened?.store.raw.prepare('SELECT title FROM issue ORDER BY title').pluck().all();

function damage(from: number, to = from + 1): void {
	const bytes = readFileSync(test.file);
	for (let at = from; at < to; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x55;
	writeFileSync(test.file, bytes);
}

/** Where a table begins in the file: a table this small is one page. */
function pageOf(table: string): [number, number] {
	const copy = openCopy({ file: `${test.file}.backups/${name}`, keyHex: TEST_KEY });
	const page = Number(copy.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table));
	copy.close();
	return [(page - 1) * 4096 + 8, page * 4096];
}

/** Starts as the core's thread does: what cannot be opened may be rescued. */
async function start() {
	try {
		opened = await createCore(options);
		return undefined;
	} catch (error) {
		const onRestored = async () => {
			opened = await createCore(options);
		};
		return createRescue({ options, error, emit: () => undefined, onRestored });
	}
}

describe('a store that cannot be opened', () => {
	it.each([
		['its first page', 40],
		['its length', -1],
	])('by %s is replaced by a backup, put aside and kept', async (_, at) => {
		if (at < 0) writeFileSync(test.file, readFileSync(test.file).subarray(0, 3000));
		else damage(at, at + 4);
		const bytes = readFileSync(test.file);
		const rescue = await start();
		expect(rescue?.code).toBe('store_damaged');
		expect(await rescue?.call('backups.list', {})).toMatchObject({
			ok: true,
			value: { backups: [{ name }], damaged: true },
		});
		expect(await rescue?.call('backups.about', { name })).toMatchObject({
			ok: true,
			value: {
				holds: [
					{ label: 'account', count: 1 },
					{ label: 'issue', count: 1 },
				],
				changedSince: null,
			},
		});
		expect((await rescue?.call('accounts.list', {}))?.ok).toBe(false);
		const result = await rescue?.call('backups.restore', { name, keepUnsent: true });
		expect(result).toMatchObject({ ok: true, value: { before: null, taken: 0, unread: null } });
		expect(rowHash((opened as Core).store.raw)).toBe(then);
		const aside = result?.ok ? String((result.value as { keptAside: string }).keptAside) : '';
		expect(readFileSync(aside).equals(bytes)).toBe(true);
		// It goes on as a laptop of its own: the office may know more of the old one than this store does.
		await opened?.close();
		await test.reopen();
		await test.ok('issues.create', { account_id: 'a-1', title: 'Goes on' });
	});

	it('whose changes can still be read takes along what was not sent', async () => {
		damage(...pageOf('meta'));
		const rescue = await start();
		const result = await rescue?.call('backups.restore', { name, keepUnsent: true });
		expect(result).toMatchObject({ ok: true, value: { taken: 1, left: 0, unread: 0 } });
		expect(titles()).toEqual(['Before', 'Unsent since']);
	});

	it('is not offered a backup that is damaged too', async () => {
		damage(40, 44);
		const backup = `${test.file}.backups/${name}`;
		const bytes = readFileSync(backup);
		bytes[bytes.length - 2000] = (bytes.at(-2000) ?? 0) ^ 1;
		writeFileSync(backup, bytes);
		const before = readFileSync(test.file);
		const rescue = await start();
		const result = await rescue?.call('backups.restore', { name, keepUnsent: true });
		expect(result).toMatchObject({ ok: false, error: { code: 'backup_damaged' } });
		expect(readFileSync(test.file).equals(before)).toBe(true);
		expect(opened).toBeUndefined();
	});

	it('by another key is no damage: nothing is offered', async () => {
		options = { ...options, keyHex: '11'.repeat(32) };
		expect(await start()).toBeUndefined();
	});

	it('for another reason than its file is left alone', async () => {
		test.core = await createCore(options);
		const rescue = await start();
		expect(rescue).toBeUndefined();
		expect(readdirSync(test.folder).some((file) => file.includes('damaged'))).toBe(false);
		expect(existsSync(test.file)).toBe(true);
	});
});

describe('a store whose damage shows while it is in use', () => {
	it('is written no more, and a backup takes its place with what can be read', async () => {
		damage(...pageOf('issue'));
		await test.reopen();
		await test.refused('issues.list', {});
		expect((await test.ok('backups.list', {})).damaged).toBe(true);
		expect((await test.refused('contacts.create', { account_id: 'a-1', full_name: 'Eva Aalto' })).code).toBe(
			'store_damaged',
		);
		const result = await test.ok('backups.restore', { name, keepUnsent: true });
		expect(result).toMatchObject({ before: null, unread: 1 });
		expect(existsSync(String(result.keptAside))).toBe(true);
		expect(rowHash(test.core.store.raw)).toBe(then);
		expect((await test.ok('backups.list', {})).damaged).toBe(false);
		await test.ok('issues.create', { account_id: 'a-1', title: 'Goes on' });
	});
});
