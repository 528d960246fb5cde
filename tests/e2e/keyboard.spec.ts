import { ask } from '../support/page.ts';
import { expect, test } from './test.ts';

test('an issue by keyboard in less than 20 seconds, with account, priority and due day', async ({ app }) => {
	const { page } = app;
	const title = `Surcharge charged twice ${Date.now()}`;
	const started = Date.now();
	await page.keyboard.press('g');
	await page.keyboard.press('i');
	await expect(page.getByRole('grid', { name: 'Issues' })).toBeVisible();
	await page.keyboard.press('c');
	await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
	await page.keyboard.type(title);
	await page.keyboard.press('Enter');
	await page.keyboard.type('halden');
	await page.getByRole('option', { name: /Halden/ }).waitFor();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await page.keyboard.type('in 3 days');
	await page.keyboard.press('Control+Enter');
	await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue(title);
	await expect(page.getByText('Issue created')).toBeVisible();
	expect(Date.now() - started).toBeLessThan(20_000);
	const rows = await ask(page, 'issues.list', { limit: 5000 });
	const made = rows.filter((row) => row.title === title);
	expect(made).toHaveLength(1);
	expect(made[0]?.account_name).toContain('Halden');
	expect(made[0]?.due_date).not.toBeNull();
});

test('G then I, then J and Enter open an issue; Escape leads back to the same row', async ({ app }) => {
	const { page } = app;
	await page.keyboard.press('g');
	await page.keyboard.press('i');
	const grid = page.getByRole('grid', { name: 'Issues' });
	await expect(grid).toBeVisible();
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	const selected = grid.getByRole('row', { selected: true });
	const text = await selected.innerText();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: 'Delete' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(grid).toBeVisible();
	expect(await selected.innerText()).toBe(text);
});

test('the palette finds a record by part of its name and opens it', async ({ app }) => {
	const { page } = app;
	const opened = Date.now();
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeFocused();
	expect(Date.now() - opened).toBeLessThan(1000);
	await page.keyboard.type('hald');
	await expect(page.getByRole('option', { name: /Halden Pharma/ }).first()).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: /Halden Pharma/ }).first()).toBeVisible();
});

test('every command is in the palette with its keys beside it', async ({ app }) => {
	const { page } = app;
	await page.keyboard.press('Control+k');
	await page.keyboard.type('travel');
	await expect(page.getByRole('option', { name: /Travel prep/ }).first()).toContainText(/G.*T/);
});

test('G then U opens the unsent changes; U, Alt with an arrow and Delete order them, mark them and take them back', async ({
	app,
}) => {
	const { page } = app;
	await ask(page, 'sync.pause', { paused: true });
	const issues = await ask(page, 'issues.list', { limit: 3 });
	for (const [index, issue] of issues.entries())
		await ask(page, 'issues.update', { id: issue.id, patch: { root_cause: `Found on the journey ${index}` } });
	await page.keyboard.press('g');
	await page.keyboard.press('u');
	const grid = page.getByRole('grid', { name: 'Unsent changes' });
	await expect(grid).toBeVisible();
	await page.getByText('In order', { exact: true }).click();
	const rows = grid.getByRole('row', { name: /Found on the journey/ });
	await expect(rows).toHaveCount(3);
	await page.keyboard.press('End');
	await page.keyboard.press('Alt+ArrowUp');
	await expect(rows.nth(1)).toContainText('Found on the journey 2');
	await page.keyboard.press('u');
	await expect(rows.first()).toContainText('Found on the journey 2');
	await expect(rows.first()).toContainText('Urgent');
	await page.keyboard.press('Delete');
	await expect(rows).toHaveCount(2);
	await expect(page.getByText(/^Taken back/)).toBeVisible();
	await page.keyboard.press('Control+z');
	await expect(rows).toHaveCount(3);
	await page.keyboard.press('Home');
	await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('Delete');
	await expect(rows).toHaveCount(2);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('textbox', { name: 'Title' })).toBeVisible();
	await expect
		.poll(async () => (await ask(page, 'issues.get', { id: issues[2]?.id ?? '' })).issue.root_cause ?? '')
		.not.toContain('journey 2');
	await page.keyboard.press('Escape');
	await expect(grid).toBeVisible();
	await expect(rows).toHaveCount(2);
});

test('undo takes back a changed title and a created issue', async ({ app }) => {
	const { page } = app;
	const [first] = await ask(page, 'issues.list', { limit: 1 });
	const before = first?.title ?? '';
	await page.evaluate((id) => {
		location.hash = `#/issues/${id}`;
	}, first?.id);
	const title = page.getByRole('textbox', { name: 'Title' });
	await title.fill('A title to be taken back');
	await title.press('Enter');
	await expect
		.poll(async () => (await ask(page, 'issues.get', { id: first?.id ?? '' })).issue.title)
		.toContain('taken back');
	await page.keyboard.press('Control+z');
	await expect.poll(async () => (await ask(page, 'issues.get', { id: first?.id ?? '' })).issue.title).toBe(before);
	await expect(title).toHaveValue(before);
	const count = (await ask(page, 'issues.list', { limit: 5000 })).length;
	const { id } = await ask(page, 'issues.create', { account_id: first?.account_id ?? '', title: 'Made by mistake' });
	await page.keyboard.press('Control+z');
	await expect.poll(async () => (await ask(page, 'issues.list', { limit: 5000 })).length).toBe(count);
	expect((await ask(page, 'issues.get', { id })).issue.deleted_at).not.toBeNull();
});
