import { ask } from '../support/page.ts';
import { expect, test } from './test.ts';

test('my day ranks what waits with reasons, opens it by keys, and follows what is done', async ({ app }) => {
	const { page } = app;
	const title = `Late receipt ${Date.now()}`;
	const [account] = await ask(page, 'accounts.list', {});
	const { id } = await ask(page, 'issues.create', {
		account_id: account?.id ?? '',
		title,
		type: 'ESCALATION',
		priority: 'URGENT',
		due_date: '2026-01-05',
	});
	await page.keyboard.press('g');
	await page.keyboard.press('m');
	await expect(page.getByRole('heading', { name: 'My day' })).toBeVisible();
	const lines = page.getByRole('region', { name: 'What waits for you' }).getByRole('listitem');
	await expect(lines.first()).toContainText(title);
	await expect(lines.first()).toContainText(/days late · urgent · escalation/);
	await expect(page.getByRole('list', { name: 'The next working days' }).getByRole('listitem')).toHaveCount(10);
	await page.keyboard.press('Home');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue(title);
	await page.keyboard.press('Escape');
	await expect(lines.first()).toContainText(title);
	await ask(page, 'issues.update', { id, patch: { status: 'RESOLVED' } });
	await expect(lines.filter({ hasText: title })).toHaveCount(0);
	await page.keyboard.press('/');
	await page.keyboard.type('zzz nothing holds this');
	await expect(page.getByText('Nothing matches')).toBeVisible();
	await page.getByRole('button', { name: 'Clear the filter' }).click();
	await expect(lines.first()).toBeVisible();
});
