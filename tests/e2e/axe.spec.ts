import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './test.ts';
import { everyView, openView } from './views.ts';

/** Serious and critical findings, each with the first places it was found at. */
async function findings(page: Page): Promise<string[]> {
	// Legacy mode: the app has one window, and the other mode opens a second for its own use.
	const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(
			({ id, nodes }) =>
				`${id}: ${nodes
					.slice(0, 3)
					.map((node) => node.target.join(' '))
					.join(' | ')}`,
		);
}

for (const colorScheme of ['light', 'dark'] as const) {
	test(`no view has a serious finding, ${colorScheme}`, async ({ app }) => {
		test.setTimeout(180_000);
		const { page } = app;
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const found: Record<string, string[]> = {};
		for (const view of await everyView(page)) {
			await openView(page, view);
			found[view.name] = await findings(page);
		}
		await page.getByRole('button', { name: 'Sync options' }).click();
		await expect(page.getByRole('dialog', { name: 'Sync options' })).toBeVisible();
		found['sync options'] = await findings(page);
		await page.keyboard.press('Escape');
		await page.keyboard.press('Control+k');
		await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeVisible();
		found['palette'] = await findings(page);
		await page.keyboard.press('Escape');
		await openView(page, { name: 'accounts', route: '/accounts' });
		await page.keyboard.press('Control+/');
		await expect(page.getByRole('dialog', { name: /keyboard/i })).toBeVisible();
		found['keys'] = await findings(page);
		expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({});
	});
}

test('the scan sees a finding when there is one', async ({ app }) => {
	await app.page.evaluate(() => document.body.append(document.createElement('button')));
	expect((await findings(app.page)).join()).toContain('button-name');
});
