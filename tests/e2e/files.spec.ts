import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { ask, go } from '../support/page.ts';
import { expect, test, waitForSample } from './test.ts';

/** The native dialogs of this app answer with these paths from now on. */
async function answerDialogs(app: RunningApp, { open, save }: { open?: string[]; save?: string }): Promise<void> {
	await app.electron.evaluate(
		({ dialog }, paths) => {
			const opened = async () => ({ canceled: false, filePaths: paths.open });
			const saved = async () => ({ canceled: false, filePath: paths.save });
			Object.assign(dialog, { showOpenDialog: opened, showSaveDialog: saved });
		},
		{ open: open ?? [], save: save ?? '' },
	);
}

const files = (page: Page) =>
	page.locator('section', { has: page.getByRole('heading', { name: 'Files', exact: true }) }).last();
const line = (page: Page, name: string) => files(page).getByRole('listitem').filter({ hasText: name });

/** Every file of a folder in which some of the words can be found as they are. */
function filesWith(folder: string, words: string): string[] {
	return fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.filter((file) => file.includes(words) || fs.readFileSync(file).includes(words));
}

test('a file goes from one laptop to another, is read there, and lies on neither in clear', async ({
	open,
	userData,
}) => {
	const folder = temporaryFolder('e2e-files');
	const second = temporaryFolder('e2e-second');
	const name = `Agreed terms ${randomUUID().slice(0, 8)}.txt`;
	const words = `sentinel ${randomUUID()}`;
	const file = path.join(folder, name);
	fs.writeFileSync(file, `${words}\n`.repeat(20_000));
	try {
		const sam = await open();
		await waitForSample(sam.page);
		const [account] = await ask(sam.page, 'accounts.list', {});
		const place = `/accounts/${account?.id}`;
		await go(sam.page, place);
		await expect(files(sam.page)).toContainText('No files yet');
		await answerDialogs(sam, { open: [file] });
		await sam.page.keyboard.press('Control+Shift+a');
		await expect(line(sam.page, name)).toContainText('here', { timeout: 20_000 });
		await expect(line(sam.page, name)).not.toContainText('not sent yet');

		const other = await open({ userData: second, env: { FIELDBOOK_TOKEN: 'dev-specialist' } });
		await waitForSample(other.page);
		await go(other.page, place);
		await expect(line(other.page, name)).toContainText('at the office');
		await other.page.getByRole('button', { name: `Fetch ${name}` }).click();
		await expect(line(other.page, name).getByText('here', { exact: true })).toBeVisible({ timeout: 20_000 });

		await line(other.page, name).getByRole('button', { name, exact: true }).click();
		const sheet = other.page.getByRole('dialog', { name });
		await expect(sheet.getByText(words).first()).toBeVisible();
		const copy = path.join(folder, 'copy.txt');
		await answerDialogs(other, { save: copy });
		await sheet.getByRole('button', { name: 'Save a copy' }).click();
		await expect.poll(() => fs.existsSync(copy)).toBe(true);
		expect(fs.readFileSync(copy).equals(fs.readFileSync(file))).toBe(true);
		await sam.close();
		await other.close();
		expect([...filesWith(userData, words), ...filesWith(second, words)]).toEqual([]);
		expect([...filesWith(userData, name), ...filesWith(second, name)]).toEqual([]);
	} finally {
		removeFolder(folder);
		removeFolder(second);
	}
});

test('without a network a pasted picture stands on the visit at once, and goes when there is one', async ({
	app,
	network,
}) => {
	const { page } = app;
	const [visit] = await ask(page, 'visits.list', {});
	await network.cut();
	await go(page, `/travel-prep/${visit?.id}`);
	await expect(files(page)).toBeVisible();
	await page.evaluate(() => {
		const canvas = document.createElement('canvas');
		canvas.width = 40;
		canvas.height = 30;
		canvas.getContext('2d')?.fillRect(5, 5, 20, 10);
		const bytes = Uint8Array.from(atob(canvas.toDataURL('image/png').split(',')[1] ?? ''), (char) =>
			char.charCodeAt(0),
		);
		const clipboardData = new DataTransfer();
		clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
		document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
	});
	const pasted = files(page)
		.getByRole('listitem')
		.filter({ hasText: /^Pasted .*\.png/ });
	await expect(pasted).toContainText('waiting to be sent');
	await pasted.getByRole('button', { name: /^Pasted/ }).click();
	await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
	await page.keyboard.press('Escape');
	await network.mend();
	await ask(page, 'sync.now', {});
	await expect(pasted.getByText('here', { exact: true })).toBeVisible({ timeout: 20_000 });

	const keep = page.getByRole('checkbox', { name: 'Keep files of this visit on this laptop' });
	// The box is ticked once core has kept the choice, not by the press itself.
	await keep.click();
	await expect(keep).toBeChecked();
	await expect(files(page)).toContainText('all 1 here');
	await page.keyboard.press('Control+z');
	await expect(pasted).toHaveCount(0);
});
