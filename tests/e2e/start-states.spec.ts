import fs from 'node:fs';
import path from 'node:path';
import { openStore } from '../../db/open-store.ts';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { sampleStore } from '../support/sample-store.ts';
import { createWorkbook } from '../support/workbook.ts';
import { expect, test, waitForSample } from './test.ts';

// Each state says what happened, what is safe and what to do, and leaves the file as it was.

test('a store of another key is not opened, and is left as it was', async ({ app, open, userData }) => {
	const other = temporaryFolder('e2e-other');
	const otherApp = await open({ userData: other });
	await waitForSample(otherApp.page);
	await otherApp.close();
	await app.close();
	const { file } = sampleStore(userData);
	fs.rmSync(`${file}-wal`, { force: true });
	fs.copyFileSync(sampleStore(other).file, file);
	const before = fs.readFileSync(file);
	const again = await open();
	const alert = again.page.getByRole('alert');
	await expect(alert).toContainText('The key does not open this workbook');
	await expect(alert).toContainText('What is safe');
	await expect(alert).toContainText('What to do');
	await again.close();
	expect(fs.readFileSync(file).equals(before)).toBe(true);
	removeFolder(other);
});

test('a store from a newer version is not touched', async ({ app, open, userData }) => {
	await app.close();
	const store = openStore(sampleStore(userData));
	store.raw.pragma('user_version=9000');
	store.close();
	const { file } = sampleStore(userData);
	const before = fs.readFileSync(file);
	const again = await open();
	await expect(again.page.getByRole('alert')).toContainText('made by a newer Fieldbook');
	await expect(again.page.getByRole('button', { name: /delete|reset|new workbook/i })).toHaveCount(0);
	await again.close();
	expect(fs.readFileSync(file).equals(before)).toBe(true);
});

test('a store that another process holds is left alone', async ({ app, open, userData }) => {
	await app.close();
	const holder = openStore(sampleStore(userData));
	try {
		const again = await open();
		await expect(again.page.getByRole('alert')).toContainText('Fieldbook is already open');
		await again.close();
	} finally {
		holder.close();
	}
});

test('a file that is no store, and a store in clear, are not opened', async ({ app, open, userData }) => {
	await app.close();
	const { file } = sampleStore(userData);
	const good = fs.readFileSync(file);
	for (const bytes of [
		Buffer.from(`SQLite format 3\0${'x'.repeat(8176)}`),
		Buffer.alloc(8192, 7),
		good.subarray(0, 5000),
	]) {
		fs.rmSync(`${file}-wal`, { force: true });
		fs.writeFileSync(file, bytes);
		const again = await open();
		await expect(again.page.getByRole('alert')).toContainText('What to do');
		await expect(again.page.getByRole('alert')).toContainText(file);
		await again.close();
		expect(fs.readFileSync(file).equals(bytes)).toBe(true);
	}
});

test('a missing key file never makes a new key for an old store', async ({ app, open, userData }) => {
	await app.close();
	const { file } = sampleStore(userData);
	fs.rmSync(path.join(path.dirname(file), 'slots.json'));
	const again = await open();
	await expect(again.page.getByRole('alert')).toContainText('What to do');
	await again.close();
	expect(fs.existsSync(path.join(path.dirname(file), 'slots.json'))).toBe(false);
});

test('without a protected keyring a passphrase is asked for, and only the right one opens', async ({ open }) => {
	test.skip(process.platform !== 'linux', 'the other systems bring a keyring');
	test.setTimeout(180_000);
	const real = { sample: false, switches: ['--password-store=basic'] };
	const first = await open(real);
	await expect(first.page.getByText('This computer has no protected keyring')).toBeVisible();
	const code = await createWorkbook(first.page, 'four plain words here');
	await expect(first.page.getByRole('navigation')).not.toContainText('Sample');
	await first.close();
	const second = await open(real);
	await expect(second.page.getByRole('heading')).toContainText('Unlock your workbook');
	await expect(second.page.getByText('This computer has no protected keyring')).toBeVisible();
	await expect(second.page.getByRole('button', { name: /delete|reset|new workbook/i })).toHaveCount(0);
	const box = second.page.getByLabel('Passphrase', { exact: true });
	await expect(box).toBeFocused();
	await box.fill('four other words here');
	await box.press('Enter');
	await expect(second.page.getByText('does not open this workbook')).toBeVisible({ timeout: 30_000 });
	await expect(box).toBeFocused();
	await second.page.getByRole('button', { name: /use the recovery code/ }).click();
	const codeBox = second.page.getByLabel('Recovery code');
	await codeBox.fill(`${code.slice(0, 12)}${code[12] === 'A' ? 'B' : 'A'}${code.slice(13)}`);
	await codeBox.press('Enter');
	await expect(second.page.getByText('Group 3 has a typing mistake')).toBeVisible({ timeout: 30_000 });
	await second.page.getByRole('button', { name: 'Use the passphrase' }).click();
	await box.fill('four plain words here');
	await box.press('Enter');
	await expect(second.page.getByRole('heading', { name: 'Accounts' })).toBeVisible({ timeout: 30_000 });
});

test('a first start that was broken off has made nothing', async ({ open, userData }) => {
	test.skip(process.platform !== 'linux', 'the other systems bring a keyring');
	const real = { sample: false, switches: ['--password-store=basic'] };
	const first = await open(real);
	await first.page.getByLabel('Passphrase', { exact: true }).fill('four plain words here');
	await first.page.getByLabel('Once more').fill('four plain words here');
	await first.page.getByRole('button', { name: 'Continue' }).click();
	await expect(first.page.getByRole('list', { name: 'Recovery code' })).toBeVisible({ timeout: 30_000 });
	await first.kill();
	expect(fs.readdirSync(path.join(userData, 'workspace'))).toEqual([]);
	const second = await open(real);
	await expect(second.page.getByRole('heading')).toContainText('Choose a passphrase');
});
