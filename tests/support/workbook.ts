import { expect, type Page } from '@playwright/test';

/** Keeps the recovery code on the screen and types the two groups that are asked for; answers the code. */
export async function confirmCode(page: Page, finish: string): Promise<string> {
	const list = page.getByRole('list', { name: 'Recovery code' });
	await expect(list).toBeVisible({ timeout: 30_000 });
	const groups = (await list.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/^\d\s*/, '').trim());
	await page.getByRole('button', { name: 'I have kept it' }).click();
	for (const box of await page.getByLabel(/^Group \d$/).all()) {
		const id = await box.getAttribute('id');
		const label = await page.locator(`label[for="${id}"]`).innerText();
		await box.fill(groups[Number(label.slice(-1)) - 1] ?? '');
	}
	await page.getByRole('button', { name: finish }).click();
	return groups.join('-');
}

/** Goes through the first start of a real workbook; answers its recovery code. */
export async function createWorkbook(page: Page, passphrase: string): Promise<string> {
	await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible({ timeout: 30_000 });
	await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
	await page.getByLabel('Once more').fill(passphrase);
	await page.getByRole('button', { name: 'Continue' }).click();
	const code = await confirmCode(page, 'Open the workbook');
	await expect(page.getByRole('heading', { name: 'Accounts' })).toBeVisible({ timeout: 30_000 });
	return code;
}
