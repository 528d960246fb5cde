import { expect, test } from './test.ts';

test('what is typed right after Ctrl+K lands in the palette and runs nothing', async ({ app }) => {
	const { page } = app;
	const before = page.url();
	await page.keyboard.press('Control+k');
	await page.keyboard.type('halden', { delay: 0 });
	await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toHaveValue('halden');
	await expect(page.getByRole('option', { name: /Halden Pharma AG/ }).first()).toBeVisible();
	expect(page.url()).toBe(before);
});
