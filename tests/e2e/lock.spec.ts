import fs from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { ask, go } from '../support/page.ts';
import { confirmCode, createWorkbook } from '../support/workbook.ts';
import { expect, test } from './test.ts';

// A lock saves what is being typed, closes the store and ends the page's process; a new page opens it again.

/** Does what locks, and answers the page that comes after it. */
async function nextPage(electron: ElectronApplication, lock: () => Promise<unknown>): Promise<Page> {
	const next = electron.waitForEvent('window');
	await lock().catch(() => undefined);
	return next;
}

const lockKey = (page: Page) => () => page.keyboard.press('Control+l');
const pidOf = (electron: ElectronApplication) =>
	electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.webContents.getOSProcessId()));

function isAlive(pid: number): boolean {
	try {
		// A process that has ended and was not yet taken note of counts as gone.
		return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

test('by the key: the page is gone, the store is closed, and a click opens the sample where it was', async ({
	app,
}) => {
	const { page, electron, userData } = app;
	const [account] = await ask(page, 'accounts.list', {});
	await go(page, `/accounts/${account?.id}`);
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	const [before] = await pidOf(electron);
	const locked = await nextPage(electron, lockKey(page));
	await expect(locked.getByRole('heading', { name: 'The sample is locked' })).toBeVisible();
	const after = await pidOf(electron);
	expect(after).toHaveLength(1);
	expect(after).not.toContain(before);
	if (process.platform === 'linux') await expect.poll(() => isAlive(before ?? 0)).toBe(false);
	const store = path.join(userData, 'workspace', 'fieldbook.db');
	await expect.poll(() => fs.existsSync(`${store}-wal`)).toBe(false);
	expect(await locked.evaluate(() => window.fieldbook.call('accounts.list', {}))).toMatchObject({ ok: false });
	await locked.keyboard.press('Enter');
	await expect(locked.getByRole('heading', { level: 1, name: account?.name })).toBeVisible({ timeout: 20_000 });
});

test('what is being typed is saved first', async ({ app }) => {
	const { page, electron } = app;
	const [visit] = await ask(page, 'visits.list', {});
	const note = await ask(page, 'notes.create', {
		account_id: visit?.account_id ?? '',
		parent_type: 'visit',
		parent_id: visit?.id ?? '',
		title: 'Before the lock',
	});
	await go(page, `/notes/${note.id}`);
	const body = page.locator('[contenteditable="true"]').first();
	await body.click();
	await page.keyboard.type('The last words before the lock');
	const locked = await nextPage(electron, lockKey(page));
	await locked.getByRole('button', { name: 'Open the sample' }).click();
	await expect(locked.locator('[contenteditable="true"]').first()).toContainText('The last words before the lock');
	const [issue] = await ask(locked, 'issues.list', { limit: 1 });
	await go(locked, `/issues/${issue?.id}`);
	const title = locked.getByRole('main').getByRole('textbox').first();
	await title.fill('A title that was never left');
	const again = await nextPage(electron, lockKey(locked));
	await again.getByRole('button', { name: 'Open the sample' }).click();
	await expect(again.getByRole('main').getByRole('textbox').first()).toHaveValue('A title that was never left');
});

test('from the palette, the rail and the menu', async ({ app }) => {
	const { electron } = app;
	let { page } = app;
	const open = () => page.getByRole('button', { name: 'Open the sample' }).click();
	const isOpen = () => expect(page.getByRole('grid', { name: 'Accounts' })).toBeVisible({ timeout: 20_000 });
	page = await nextPage(electron, async () => {
		await page.keyboard.press('Control+k');
		await page.getByRole('combobox', { name: 'Search or run a command' }).fill('Lock now');
		await page.keyboard.press('Enter');
	});
	await open();
	await isOpen();
	page = await nextPage(electron, () => page.getByRole('navigation').getByRole('button', { name: /^Lock/ }).click());
	await open();
	await isOpen();
	page = await nextPage(electron, () =>
		electron.evaluate(({ Menu }) => {
			const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'File');
			file?.submenu?.items.find(({ label }) => label === 'Lock now')?.click();
		}),
	);
	await open();
	await isOpen();
});

for (const event of ['suspend', 'lock-screen'] as const) {
	test(`when the system says ${event}`, async ({ app }) => {
		const locked = await nextPage(app.electron, () =>
			app.electron.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event),
		);
		await expect(locked.getByRole('heading', { name: 'The sample is locked' })).toBeVisible();
	});
}

test('twice at once is one lock', async ({ app }) => {
	const { electron, page } = app;
	const locked = await nextPage(electron, () =>
		electron.evaluate(({ powerMonitor }) => {
			powerMonitor.emit('suspend');
			powerMonitor.emit('lock-screen');
		}),
	);
	await expect(locked.getByRole('heading', { name: 'The sample is locked' })).toBeVisible();
	expect(await pidOf(electron)).toHaveLength(1);
	expect(page.isClosed()).toBe(true);
});

test.describe('a workbook of one’s own', () => {
	test.skip(process.platform !== 'linux', 'the other systems bring a keyring of their own');
	test.setTimeout(180_000);
	const real = { sample: false, switches: ['--password-store=basic'] };
	const PASS = 'four plain words here';

	test('locks itself after the time that was chosen, and not before', async ({ open }) => {
		const { page, electron } = await open(real);
		await createWorkbook(page, PASS);
		await electron.evaluate(({ powerMonitor }) => {
			(powerMonitor as unknown as { getSystemIdleTime(): number }).getSystemIdleTime = () => 599;
		});
		await page.waitForTimeout(11_000);
		expect(page.isClosed()).toBe(false);
		const locked = await nextPage(electron, () =>
			electron.evaluate(({ powerMonitor }) => {
				(powerMonitor as unknown as { getSystemIdleTime(): number }).getSystemIdleTime = () => 601;
			}),
		);
		await expect(locked.getByRole('heading', { name: 'Unlock your workbook' })).toBeVisible();
		await electron.evaluate(({ powerMonitor }) => {
			(powerMonitor as unknown as { getSystemIdleTime(): number }).getSystemIdleTime = () => 0;
		});
		await locked.getByLabel('Passphrase', { exact: true }).fill(PASS);
		await locked.keyboard.press('Enter');
		await expect(locked.getByRole('heading', { name: 'Accounts' })).toBeVisible({ timeout: 30_000 });
	});

	test('changes its passphrase, its code and its key, and keeps its files', async ({ open, userData }) => {
		const { page, electron } = await open(real);
		await createWorkbook(page, PASS);
		await page.keyboard.press('Control+,');
		await page.getByRole('button', { name: 'Change the passphrase' }).click();
		await page.getByLabel('Your passphrase now').fill(PASS);
		await page.getByLabel('New passphrase').fill('another few plain words');
		await page.getByLabel('Once more').fill('another few plain words');
		await page.getByRole('form', { name: 'Change the passphrase' }).getByRole('button', { name: 'Change' }).click();
		await expect(page.getByText('The passphrase was changed')).toBeVisible({ timeout: 30_000 });
		await page.getByRole('button', { name: 'Change the key' }).click();
		await page.getByLabel('Your passphrase now').fill('another few plain words');
		await page.getByRole('form', { name: 'Change the key' }).getByRole('button', { name: 'Change' }).click();
		await expect(page.getByText('The workbook has a new key')).toBeVisible({ timeout: 60_000 });
		await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
		await page.getByRole('button', { name: 'New recovery code' }).click();
		await page.getByLabel('Your passphrase now').fill('another few plain words');
		await page.keyboard.press('Enter');
		const code = await confirmCode(page, 'Use this code');
		await expect(page.getByText('The new recovery code holds')).toBeVisible();
		const locked = await nextPage(electron, lockKey(page));
		await locked.getByRole('button', { name: /use the recovery code/ }).click();
		await locked.getByLabel('Recovery code').fill(code.toLowerCase());
		await locked.keyboard.press('Enter');
		await expect(locked.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible();
		await locked.getByLabel('Passphrase', { exact: true }).fill(PASS);
		await locked.getByLabel('Once more').fill(PASS);
		await locked.getByRole('button', { name: 'Open the workbook' }).click();
		await expect(locked.getByRole('heading', { name: 'Settings' })).toBeVisible({ timeout: 30_000 });
		expect(fs.readdirSync(path.join(userData, 'workspace')).filter((name) => name.includes('next'))).toEqual([]);
	});
});
