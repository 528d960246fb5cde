import type { Page } from '@playwright/test';
import { ask, syncStatus } from '../support/page.ts';
import type { FaultKind } from '../support/server-faults.ts';
import { expect, test } from './test.ts';

/** With a path only that request fails: the first of a round is the greeting, so nothing else would ever be reached. */
const faults: { kind: FaultKind; path?: string; words: RegExp }[] = [
	{ kind: 'down', words: /cannot be reached/ },
	{ kind: 'status500', words: /reported a fault|in place of our server/ },
	{ kind: 'html', words: /in place of our server/ },
	{ kind: 'half', words: /cannot be reached|half an answer/ },
	{ kind: 'drop-reply', words: /cannot be reached|half an answer/ },
	{ kind: 'status500', path: '/push', words: /reported a fault|in place of our server/ },
	{ kind: 'half', path: '/push', words: /cannot be reached|half an answer/ },
	// The server has done it and its answer is lost: it must not be done twice.
	{ kind: 'drop-reply', path: '/push', words: /cannot be reached|half an answer/ },
];

async function editFirstIssue(page: Page, title: string): Promise<string> {
	const [issue] = await ask(page, 'issues.list', { limit: 1 });
	const id = issue?.id ?? '';
	await ask(page, 'issues.update', { id, patch: { title } });
	return id;
}

for (const { kind, path, words } of faults) {
	test(`a server that answers ${path ?? 'everything'} with "${kind}" is said, and nothing is lost`, async ({
		app,
		network,
	}) => {
		const { page } = app;
		network.setFault({ kind, ...(path ? { path } : {}) });
		const title = `Written while the server was ${kind}`;
		const id = await editFirstIssue(page, title);
		await page.getByRole('link', { name: /Sync/ }).click();
		await page.keyboard.press('Control+Shift+S');
		await expect(page.getByRole('main')).toContainText(words, { timeout: 30_000 });
		await expect(syncStatus(page)).not.toContainText('All acknowledged');
		await expect(syncStatus(page)).toContainText(/1 (change|to send)/);
		expect((await ask(page, 'sync.unsent', {})).length).toBe(1);
		expect(network.faultsMet()).toBeGreaterThan(0);
		network.setFault(null);
		await page.keyboard.press('Control+Shift+S');
		await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 30_000 });
		expect((await ask(page, 'issues.get', { id })).issue.title).toBe(title);
		expect(
			(await ask(page, 'history.list', { entity: 'issue', id })).filter((line) => line.after === title),
		).toHaveLength(1);
	});
}

test('a slow server holds nobody up', async ({ app, network }) => {
	const { page } = app;
	network.setFault({ kind: 'slow', delayMs: 4000 });
	await editFirstIssue(page, 'Written while the server thought');
	await page.keyboard.press('Control+Shift+S');
	const started = Date.now();
	for (let edit = 0; edit < 5; edit++) await editFirstIssue(page, `And again ${edit}`);
	expect(Date.now() - started).toBeLessThan(1500);
	await expect(syncStatus(page)).not.toContainText('All acknowledged');
	network.setFault(null);
	await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 40_000 });
});

test('a token that the server does not know is said in words', async ({ open }) => {
	const app = await open({ env: { FIELDBOOK_TOKEN: 'not-a-token-of-ours' } });
	await app.page.getByRole('link', { name: /Sync/ }).click();
	await expect(app.page.getByRole('main')).toContainText('Sign in when you are online', { timeout: 30_000 });
});
