import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { ask, go } from '../support/page.ts';
import { expect, test, waitForSample } from './test.ts';

const MEGABYTES = 48;

/** A small disk of its own for this test; undefined where this user may not mount one. */
function smallDisk(): { folder: string; fill(): void; free(): void; remove(): void } | undefined {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
	const folder = temporaryFolder('e2e-disk');
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder], { stdio: 'ignore' });
	} catch {
		removeFolder(folder);
		return undefined;
	}
	const filler = path.join(folder, 'filler');
	return {
		folder,
		fill: () => {
			const handle = fs.openSync(filler, 'a');
			try {
				// Smaller and smaller pieces, down to the last page.
				for (let size = 1024 * 1024; size >= 512; size /= 2) while (writes(handle, size));
			} finally {
				fs.closeSync(handle);
			}
		},
		free: () => fs.rmSync(filler),
		remove: () => {
			execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
			removeFolder(folder);
		},
	};
}

function writes(handle: number, size: number): boolean {
	try {
		return fs.writeSync(handle, Buffer.alloc(size, 1)) === size;
	} catch {
		return false;
	}
}

test('on a full disk the words stay on the screen, it is said, and they are saved once there is room', async ({
	open,
}) => {
	const disk = smallDisk();
	test.skip(disk === undefined, 'only root on Linux can make a small disk for this test');
	if (!disk) return;
	try {
		const app = await open({ userData: disk.folder });
		const { page } = app;
		await waitForSample(page);
		const [visit] = await ask(page, 'visits.list', {});
		const parent = { account_id: visit?.account_id ?? '', parent_type: 'visit', parent_id: visit?.id ?? '' };
		const { id } = await ask(page, 'notes.create', { ...parent, title: 'On a full disk' });
		await go(page, `/notes/${id}`);
		const text = page.getByRole('textbox', { name: 'Text of the note' });
		await text.click();
		await page.keyboard.type('Written with room. ');
		await expect(page.getByText(/^Saved on this laptop/)).toBeVisible();
		disk.fill();
		// The log of the store has pages to reuse, so it takes some words until the disk is asked for more.
		const words = `Written without room. ${'And on and on it went. '.repeat(800)}`;
		const trouble = page.getByRole('alert').filter({ hasText: 'The disk is full' });
		for (let turn = 0; turn < 60 && !(await trouble.isVisible()); turn++) {
			await page.keyboard.insertText(`${turn}. ${words}`);
			await page.waitForTimeout(500);
		}
		await expect(trouble).toContainText('What you typed is still on the screen');
		await expect(page.getByText(/^Not saved since/)).toBeVisible();
		const onScreen = await text.textContent();
		disk.free();
		await page.getByRole('button', { name: 'Try again' }).click();
		await expect(page.getByText(/^Saved on this laptop/)).toBeVisible();
		await expect(trouble).toHaveCount(0);
		expect(await text.textContent()).toBe(onScreen);
		await app.kill();
		const again = await open({ userData: disk.folder });
		await expect(again.page.getByRole('navigation')).toBeVisible();
		await go(again.page, `/notes/${id}`);
		await expect(again.page.getByRole('textbox', { name: 'Text of the note' })).toHaveText(onScreen ?? '?');
		await again.close();
	} finally {
		disk.remove();
	}
});

/** Closes the window as a person does, and answers Stay to what is asked then. */
async function closeAndStay(app: RunningApp): Promise<void> {
	await app.electron.evaluate(({ dialog, BrowserWindow }) => {
		const asked: string[] = [];
		Object.assign(globalThis, { asked });
		const answer = async (_window: unknown, options: { message: string }) => {
			asked.push(options.message);
			return { response: 0, checkboxChecked: false };
		};
		Object.assign(dialog, { showMessageBox: answer });
		BrowserWindow.getAllWindows()[0]?.close();
	});
	const asked = () => app.electron.evaluate(() => Reflect.get(globalThis, 'asked'));
	await expect.poll(asked).toEqual(['Some words are not saved']);
}

test('a field that cannot be saved keeps its words and says why, also to one who closes the window', async ({
	open,
}) => {
	const disk = smallDisk();
	test.skip(disk === undefined, 'only root on Linux can make a small disk for this test');
	if (!disk) return;
	try {
		const app = await open({ userData: disk.folder });
		const { page } = app;
		await waitForSample(page);
		const [issue] = await ask(page, 'issues.list', { limit: 1 });
		await go(page, `/issues/${issue?.id}`);
		disk.fill();
		const summary = page.getByRole('textbox', { name: 'Summary' });
		const alert = page.getByRole('alert').filter({ hasText: 'The disk is full' });
		let words = '';
		for (let turn = 0; turn < 60 && !(await alert.isVisible()); turn++) {
			words = `${turn} ${'The client was told. '.repeat(900)}`.trim();
			await summary.fill(words);
			await summary.press('Control+Enter');
			await page.waitForTimeout(300);
		}
		await expect(alert).toBeVisible();
		await expect(summary).toHaveValue(words);
		await closeAndStay(app);
		await expect(summary).toHaveValue(words);
		disk.free();
		await summary.press('End');
		await summary.press('Control+Enter');
		await expect
			.poll(async () => (await ask(page, 'issues.get', { id: issue?.id ?? '' })).issue.client_summary)
			.toBe(words);
		await app.close();
	} finally {
		disk.remove();
	}
});
