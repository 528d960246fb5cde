import type { Page } from '@playwright/test';
import { startCore, type TestCore } from '../support/core.ts';
import { ask, go, syncStatus } from '../support/page.ts';
import { expect, test } from './test.ts';

/** A colleague's laptop: the real core without its window, on the same server. */
async function openLaptop(server: { url: string }, who: 'specialist' | 'manager'): Promise<TestCore> {
	const laptop = await startCore({
		userId: `u-${who}`,
		deviceName: `The ${who}'s laptop`,
		server: { url: server.url, token: `dev-${who}` },
	});
	await synced(laptop);
	return laptop;
}

async function synced(laptop: TestCore): Promise<void> {
	const status = await laptop.ok('sync.now', {});
	expect(status).toMatchObject({ problem: null, unsent: 0 });
}

async function newIssue(page: Page, title: string) {
	const [account] = await ask(page, 'accounts.list', {});
	const { id } = await ask(page, 'issues.create', { account_id: account?.id ?? '', title });
	const { issue } = await ask(page, 'issues.get', { id });
	return { id, ref: issue.ref_no ?? '', account: account?.id ?? '' };
}

async function sync(page: Page): Promise<void> {
	await page.keyboard.press('Control+Shift+S');
	await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 30_000 });
}

test('S-10 Different fields merge', async ({ app, network, server }) => {
	const { page } = app;
	const issue = await newIssue(page, 'Receipt for the Korean case');
	await sync(page);
	const colleague = await openLaptop(server, 'specialist');
	try {
		const me = (await colleague.ok('users.list', {})).find((user) => user.id === 'u-specialist');
		await network.cut();
		await ask(page, 'issues.update', { id: issue.id, patch: { priority: 'HIGH' } });
		await colleague.ok('issues.update', { id: issue.id, patch: { due_date: '2026-12-01' } });
		await synced(colleague);
		await network.mend();
		await sync(page);
		await synced(colleague);

		for (const held of [
			await ask(page, 'issues.get', { id: issue.id }),
			await colleague.ok('issues.get', { id: issue.id }),
		])
			expect(held.issue).toMatchObject({ priority: 'HIGH', due_date: '2026-12-01' });
		expect((await ask(page, 'sync.status', {})).conflicts).toBe(0);
		expect((await colleague.ok('sync.status', {})).conflicts).toBe(0);
		await expect(page.getByRole('dialog')).toHaveCount(0);
		await go(page, '/sync/receipts');
		const receipts = page.getByRole('grid', { name: 'Sync receipts' });
		await expect(receipts).toContainText(`Merged: ${issue.ref} (priority yours, due date ${me?.name}’s)`);
	} finally {
		await colleague.stop();
	}
});

test('S-11 Same field asks', async ({ app, network, server, open }) => {
	const { page } = app;
	const issue = await newIssue(page, 'Cost centre wrong on fourteen invoices');
	const other = await newIssue(page, 'Sixty small things');
	const base = 'The mapping skipped a column.';
	await ask(page, 'issues.update', { id: issue.id, patch: { root_cause: base } });
	await sync(page);
	const colleague = await openLaptop(server, 'specialist');
	try {
		const mine = 'The mapping skipped column H of their list.';
		const theirs = 'The client sent the list without the cost centre.';
		await network.cut();
		await ask(page, 'issues.update', { id: issue.id, patch: { root_cause: mine } });
		for (let n = 0; n < 60; n += 1)
			await ask(page, 'tasks.create', { account_id: other.account, title: `Small thing ${n} of S-11`, status: 'TODO' });
		await colleague.ok('issues.update', { id: issue.id, patch: { root_cause: theirs } });
		await synced(colleague);
		await network.mend();
		await page.keyboard.press('Control+Shift+S');
		await expect.poll(async () => (await ask(page, 'sync.status', {})).conflicts, { timeout: 30_000 }).toBe(1);
		await expect.poll(async () => (await ask(page, 'sync.status', {})).unsent).toBe(0);
		await synced(colleague);
		const arrived = (await colleague.ok('tasks.list', {})).filter((task) => task.title.endsWith('of S-11'));
		expect(arrived).toHaveLength(60);

		// Until it is decided both are readable on both laptops, over a quit too.
		const [there] = await colleague.ok('conflicts.list', {});
		expect([there?.base_text, there?.mine_text, there?.theirs_text]).toEqual([base, mine, theirs]);
		await app.kill();
		const again = (await open()).page;
		await expect(again.getByRole('navigation')).toBeVisible();
		await go(again, '/sync');
		const card = again.getByRole('article', { name: new RegExp(`${issue.ref}.*root cause`, 'i') });
		await expect(card).toContainText(base);
		await expect(card).toContainText(mine.slice(-20));
		await expect(card.locator('ins').first()).toBeVisible();
		await expect(card.locator('del').first()).toBeVisible();

		await card.focus();
		await again.keyboard.press('2');
		await expect(card.getByLabel('Result')).toHaveValue(theirs);
		await again.keyboard.press('Control+Enter');
		await expect(card).toHaveCount(0);
		await sync(again);
		await synced(colleague);
		for (const held of [
			await ask(again, 'issues.get', { id: issue.id }),
			await colleague.ok('issues.get', { id: issue.id }),
		])
			expect(held.issue.root_cause).toBe(theirs);
		// What was not picked stays in the history of both.
		const lines = [
			await ask(again, 'history.list', { entity: 'issue', id: issue.id }),
			await colleague.ok('history.list', { entity: 'issue', id: issue.id }),
		];
		for (const history of lines) expect(history.some((line) => line.after === mine)).toBe(true);
	} finally {
		await colleague.stop();
	}
});

test('S-12 Escalation leaves first', async ({ app, network, server }) => {
	const { page } = app;
	const { account } = await newIssue(page, 'Something older');
	await sync(page);
	const manager = await openLaptop(server, 'manager');
	try {
		await ask(page, 'sync.metered', { choice: 'yes' });
		await network.cut();
		for (let n = 0; n < 61; n += 1)
			await ask(page, 'tasks.create', { account_id: account, title: `Waiting ${n}`, status: 'TODO' });
		const title = `Escalation: surcharge on twelve cases ${Date.now()}`;
		const { id } = await ask(page, 'issues.create', {
			account_id: account,
			title,
			type: 'ESCALATION',
			priority: 'HIGH',
			client_summary: 'Facts, what is asked, options, and the deadline.',
		});
		await go(page, '/sync/unsent');
		const list = page.getByRole('grid', { name: 'Unsent changes' });
		await page.getByRole('textbox', { name: 'Find a change' }).fill('Escalation');
		await list.getByRole('row', { name: new RegExp(title) }).click();
		await page.keyboard.press('u');
		await expect(list.getByRole('row', { name: new RegExp(title) })).toContainText('Urgent');
		await expect.poll(async () => (await ask(page, 'sync.status', {})).urgent).toBe(1);

		// Tethered: nobody presses anything.
		await network.mend();
		await expect.poll(async () => (await ask(page, 'sync.status', {})).urgent, { timeout: 90_000 }).toBe(0);
		expect((await ask(page, 'sync.status', {})).unsent).toBe(61);
		await synced(manager);
		const there = (await manager.ok('issues.list', { limit: 2000 })).filter((row) => row.title === title);
		expect(there.map((row) => row.id)).toEqual([id]);
		expect((await manager.ok('tasks.list', {})).filter((task) => task.title.startsWith('Waiting '))).toEqual([]);

		// When it was written, and when it was sent.
		const { issue } = await ask(page, 'issues.get', { id });
		const [receipt] = await ask(page, 'receipts.list', { text: issue.ref_no ?? '' });
		expect(receipt?.sent).toBe(1);
		const [made] = (await ask(page, 'history.list', { entity: 'issue', id })).slice(-1);
		expect(Date.parse(made?.at ?? '')).toBeLessThanOrEqual(Date.parse(receipt?.finishedAt ?? ''));
		expect(made?.sent).toBe(true);

		await ask(page, 'sync.metered', { choice: 'no' });
		await page.keyboard.press('Escape');
		await sync(page);
		await synced(manager);
		expect((await manager.ok('tasks.list', {})).filter((task) => task.title.startsWith('Waiting '))).toHaveLength(61);
		expect((await manager.ok('issues.list', { limit: 2000 })).filter((row) => row.title === title)).toHaveLength(1);
	} finally {
		await manager.stop();
	}
});
