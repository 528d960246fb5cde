import { expect, type Page } from '@playwright/test';
import { ask, go } from '../support/page.ts';

export interface View {
	name: string;
	route: string;
}

/** Every address of the app, each with a record of the sample. */
export async function everyView(page: Page): Promise<View[]> {
	const [account] = await ask(page, 'accounts.list', {});
	const account_id = account?.id ?? '';
	const [issue] = await ask(page, 'issues.list', { limit: 1 });
	const [visit] = await ask(page, 'visits.list', {});
	const { rows } = await ask(page, 'assets.list', { account_id, limit: 1 });
	const note = await ask(page, 'notes.create', {
		account_id: visit?.account_id ?? '',
		parent_type: 'visit',
		parent_id: visit?.id ?? '',
		title: 'First impressions',
	});
	const [receipt] = await ask(page, 'receipts.list', { limit: 1 });
	return [
		{ name: 'my day', route: '/my-day' },
		{ name: 'accounts', route: '/accounts' },
		{ name: 'account', route: `/accounts/${account_id}` },
		{ name: 'case', route: `/cases/${rows[0]?.id}` },
		{ name: 'import', route: `/accounts/${account_id}/import` },
		{ name: 'issues', route: '/issues' },
		{ name: 'new issue', route: '/issues/new' },
		{ name: 'issue', route: `/issues/${issue?.id}` },
		{ name: 'travel prep', route: '/travel-prep' },
		{ name: 'new visit', route: '/travel-prep/new' },
		{ name: 'visit', route: `/travel-prep/${visit?.id}` },
		{ name: 'note', route: `/notes/${note.id}` },
		{ name: 'sync', route: '/sync' },
		{ name: 'unsent changes', route: '/sync/unsent' },
		{ name: 'receipts', route: '/sync/receipts' },
		{ name: 'receipt', route: `/sync/receipts/${receipt?.id}` },
		{ name: 'files waiting', route: '/sync/files' },
		{ name: 'trash', route: '/trash' },
		{ name: 'settings', route: '/settings' },
	];
}

/** Opens a view and waits until it has something to say. */
export async function openView(page: Page, view: View): Promise<void> {
	await go(page, view.route);
	await expect(
		page.getByRole('heading', { level: 1 }).or(page.getByRole('main').getByRole('textbox')).first(),
	).toBeVisible();
	// Lazy parts and the answers of core.
	await page.waitForTimeout(400);
}
