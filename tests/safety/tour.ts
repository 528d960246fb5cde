import { expect, type Page } from '@playwright/test';
import { ask, go, syncStatus } from '../support/page.ts';

/**
 * Types a word that stands nowhere else into a note, an issue, the search and a title, and looks at it on several pages.
 * Key by key and never by an element: what the driver itself says would lie in the app's memory too.
 */
export async function typeEverywhere(page: Page, word: string): Promise<void> {
	await expect(page.getByRole('grid', { name: 'Accounts' }).getByRole('row').nth(5)).toBeVisible({ timeout: 60_000 });
	await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 60_000 });
	const [visit] = await ask(page, 'visits.list', {});
	const place = { account_id: visit?.account_id ?? '', parent_type: 'visit' as const, parent_id: visit?.id ?? '' };
	const note = await ask(page, 'notes.create', { ...place, title: 'Of the lock' });
	const [issue] = await ask(page, 'issues.list', { limit: 1 });
	await go(page, `/notes/${note.id}`);
	await page.locator('[contenteditable="true"]').first().click();
	await page.keyboard.type(`${word} in the body of a note`);
	await go(page, '/issues');
	await page.waitForTimeout(1000);
	await go(page, `/issues/${issue?.id}`);
	await page.getByRole('main').getByRole('textbox').first().click();
	await page.keyboard.press('Control+a');
	await page.keyboard.type(`${word} in an issue`);
	await page.keyboard.press('Tab');
	await page.waitForTimeout(1500);
	await page.keyboard.press('Escape');
	await page.keyboard.press('Control+k');
	await page.waitForTimeout(300);
	await page.keyboard.type(word);
	await page.waitForTimeout(700);
	await page.keyboard.press('Escape');
	await go(page, '/travel-prep');
	await page.waitForTimeout(500);
	await go(page, '/issues');
	await page.keyboard.press('c');
	await page.waitForTimeout(500);
	await page.keyboard.type(`${word} in a title`);
	await page.waitForTimeout(1000);
}
