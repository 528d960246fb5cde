import fs from 'node:fs';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { ElectronApplication, Page } from '@playwright/test';
import { openZip } from '../../electron/core/imports/zip-file.ts';
import { ask, go, syncStatus } from '../support/page.ts';
import { sampleStore } from '../support/sample-store.ts';
import { expect, test, waitForSample } from './test.ts';

/** What a person who cannot see or point would stumble over. */
async function stumblingBlocks(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
	return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

/** The next save dialog answers with this path. */
async function saveTo(app: ElectronApplication, file: string): Promise<void> {
	await app.evaluate(({ dialog }, filePath) => {
		dialog.showSaveDialog = async () => ({ canceled: false, filePath });
	}, file);
}

const titles = async (page: Page) => (await ask(page, 'issues.list', { limit: 500 })).map(({ title }) => title);

test('a backup is made, gone back to and undone by keys, and the office and this computer agree afterwards', async ({
	app,
}) => {
	const { page } = app;
	const [account] = await ask(page, 'accounts.list', {});
	const account_id = account?.id ?? '';
	await page.keyboard.press('g');
	await page.keyboard.press('b');
	await expect(page.getByRole('heading', { name: 'Backups and export' })).toBeVisible();
	await page.getByRole('button', { name: /^Back up now/ }).press('Enter');
	await expect(page.getByText('The copy was read whole and is right.')).toBeVisible({ timeout: 60_000 });
	const rows = page.getByRole('table').getByRole('row');
	await expect(rows.filter({ hasText: 'You asked for it' })).toHaveCount(1);
	await ask(page, 'sync.pause', { paused: true });
	await ask(page, 'issues.create', { account_id, title: 'Made after the backup' });
	await rows.filter({ hasText: 'You asked for it' }).getByRole('button').press('Enter');
	const sheet = page.getByRole('dialog', { name: 'Go back to a backup' });
	await expect(sheet.getByText(/\d+ accounts/)).toBeVisible({ timeout: 60_000 });
	await expect(sheet.getByText('Made after the backup')).toBeVisible();
	expect(await stumblingBlocks(page)).toEqual([]);
	await sheet.getByRole('radio', { name: /Leave them out/ }).check();
	await sheet.getByRole('button', { name: 'Go back to it' }).press('Enter');
	await expect(page.getByText(/^The workbook is as it was on/)).toBeVisible({ timeout: 60_000 });
	await expect(page.getByText(/1 unsent change left out/)).toBeVisible();
	expect(await titles(page)).not.toContain('Made after the backup');
	await page.getByRole('button', { name: /^Undo/ }).press('Enter');
	await expect(sheet.getByText(/\d+ accounts/)).toBeVisible({ timeout: 60_000 });
	await sheet.getByRole('button', { name: 'Go back to it' }).press('Enter');
	await expect(sheet).toBeHidden({ timeout: 60_000 });
	await expect.poll(() => titles(page)).toContain('Made after the backup');
	await ask(page, 'sync.pause', { paused: false });
	await ask(page, 'sync.now', {});
	await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 60_000 });
	expect(await titles(page)).toContain('Made after the backup');
});

test('everything is exported into one zip, which says what it is', async ({ app, userData }) => {
	const { page, electron } = app;
	const target = path.join(userData, 'taken along.zip');
	await saveTo(electron, target);
	await go(page, '/settings/backups');
	await expect(page.getByText('What is written is not encrypted any more.')).toBeVisible();
	await page.getByRole('button', { name: 'Export…' }).press('Enter');
	await expect(page.getByText('Exported to taken along.zip.')).toBeVisible({ timeout: 60_000 });
	expect(await stumblingBlocks(page)).toEqual([]);
	const zip = await openZip(target);
	const accounts = (await zip.text('records/Accounts.jsonl'))
		?.trim()
		.split('\n')
		.map((line) => JSON.parse(line).name);
	const known = await ask(page, 'accounts.list', {});
	expect(accounts?.sort()).toEqual(expect.arrayContaining(known.map(({ name }) => name).sort()));
	expect(zip.names()).toEqual(expect.arrayContaining(['Workbook.xlsx', 'Read me.txt', 'History.jsonl']));
	expect(fs.readdirSync(userData).filter((name) => name.includes('.part'))).toEqual([]);
});

test('a workbook that cannot be opened offers its backups, and opens again by itself', async ({
	app,
	open,
	userData,
}) => {
	await go(app.page, '/settings/backups');
	await app.page.getByRole('button', { name: /^Back up now/ }).click();
	await expect(app.page.getByText('The copy was read whole and is right.')).toBeVisible({ timeout: 60_000 });
	await app.close();
	const { file } = sampleStore(userData);
	const bytes = fs.readFileSync(file);
	for (let at = 40; at < 80; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x55;
	fs.writeFileSync(file, bytes);
	const again = await open();
	const { page } = again;
	const way = page.getByRole('region', { name: 'Backups' });
	await expect(way.getByText('You asked for it')).toBeVisible({ timeout: 30_000 });
	await expect(page.getByRole('heading', { name: 'The workbook file is damaged' })).toBeVisible();
	expect(await stumblingBlocks(page)).toEqual([]);
	await way.getByRole('listitem').filter({ hasText: 'You asked for it' }).getByRole('button').press('Enter');
	const sheet = page.getByRole('dialog', { name: 'Go back to a backup' });
	await expect(sheet.getByText(/\d+ accounts/)).toBeVisible({ timeout: 60_000 });
	await sheet.getByRole('button', { name: 'Go back to it' }).press('Enter');
	await expect(page.getByRole('heading', { name: 'Backups and export' })).toBeVisible({ timeout: 30_000 });
	await go(page, '/accounts');
	await waitForSample(page);
	await expect(page.getByText(/has stopped writing to it/)).toHaveCount(0);
	expect(fs.readdirSync(path.dirname(file)).some((name) => name.includes('.damaged-'))).toBe(true);
	await again.close();
	const third = await open();
	await go(third.page, '/accounts');
	await waitForSample(third.page);
});
