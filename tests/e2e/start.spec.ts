import { syncStatus } from '../support/page.ts';
import { expect, test } from './test.ts';

test('opens on the sample: accounts with rows, marked as a sample', async ({ app }) => {
	const { page } = app;
	const rows = page.getByRole('grid', { name: 'Accounts' }).getByRole('row');
	expect(await rows.count()).toBeGreaterThan(10);
	await expect(page.getByRole('navigation')).toContainText('Sample workspace');
	await expect(page).toHaveTitle('Fieldbook');
});

test('opens without any server, says so, and shows what is on the computer', async ({ app, open, network }) => {
	await app.close();
	await network.cut();
	const again = await open();
	await expect(again.page.getByRole('grid', { name: 'Accounts' }).getByRole('row').nth(5)).toBeVisible();
	await expect(syncStatus(again.page)).toContainText('Offline');
	await expect(syncStatus(again.page)).not.toContainText('All acknowledged');
	await network.mend();
});

test('a second instance hands over to the first and ends', async ({ app, userData }) => {
	const { spawn } = await import('node:child_process');
	const { appCommand, appEnvironment } = await import('../support/app.ts');
	await app.electron.evaluate(({ BrowserWindow }) => {
		BrowserWindow.getAllWindows()[0]?.hide();
	});
	const { executablePath, args } = appCommand();
	const second = spawn(executablePath, args, { env: appEnvironment({ userData }), stdio: 'ignore' });
	const code = await new Promise((resolve) => second.once('exit', resolve));
	expect(code).toBe(0);
	await expect
		.poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isVisible())))
		.toEqual([true]);
});
