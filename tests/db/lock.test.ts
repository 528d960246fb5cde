import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../../db/open-store.ts';
import { TEST_KEY } from '../support/core.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldbook-lock-'));
const file = join(folder, 'fieldbook.db');

/** What another process meets when it opens the store. */
function openElsewhere(): string {
	const module = JSON.stringify(join(import.meta.dirname, '../../db/open-store.ts'));
	const script = `import(${module}).then(({ openStore }) => {
		try { openStore(${JSON.stringify({ file, keyHex: TEST_KEY })}).close(); console.log('opened'); }
		catch (error) { console.log(error.code); }
	});`;
	return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim();
}

describe('the lock of an open store', () => {
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('holds against another process, for a new store and for an old one', { timeout: 30_000 }, () => {
		const made = openStore({ file, keyHex: TEST_KEY });
		expect(openElsewhere()).toBe('store_in_use');
		made.close();
		const again = openStore({ file, keyHex: TEST_KEY });
		expect(openElsewhere()).toBe('store_in_use');
		again.close();
		expect(openElsewhere()).toBe('opened');
	});
});
