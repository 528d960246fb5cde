import type { Page } from '@playwright/test';
import { ask, go } from '../support/page.ts';
import { expect, test } from './test.ts';

/** Opens a visit by keyboard and starts a note on it. */
async function startNote(page: Page): Promise<void> {
	await page.keyboard.press('g');
	await page.keyboard.press('t');
	await expect(page.getByRole('region', { name: 'Visits' })).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Checklist' })).toBeVisible();
	await page.keyboard.press('n');
	await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
}

const text = (page: Page) => page.getByRole('textbox', { name: 'Text of the note' });

test('a note survives SIGKILL one second after the last key, to the last letter', async ({ app, open }) => {
	const { page } = app;
	await startNote(page);
	await page.keyboard.type('Halden, second day');
	await page.keyboard.press('Enter');
	await expect(text(page)).toBeFocused();
	const words = 'They want one list of undecided cases every Monday, and no surcharge this year.';
	await page.keyboard.type(words, { delay: 15 });
	await page.waitForTimeout(1000);
	const route = await page.evaluate(() => location.hash.slice(1));
	await app.kill();
	const again = await open();
	await expect(again.page.getByRole('navigation')).toBeVisible();
	await go(again.page, route);
	await expect(text(again.page)).toHaveText(words);
	await expect(again.page.getByRole('textbox', { name: 'Title' })).toHaveValue('Halden, second day');
});

test('the key after Enter in the title is the first letter of the note, however fast it comes', async ({ app }) => {
	const { page } = app;
	for (let turn = 0; turn < 5; turn++) {
		await startNote(page);
		await page.keyboard.press('Enter');
		await page.keyboard.type('They said it at once.', { delay: 0 });
		await expect(text(page)).toHaveText('They said it at once.');
		await page.keyboard.press('Escape');
	}
});

test('killed in the middle of typing, at most two seconds of it are gone', async ({ app, open }) => {
	const { page } = app;
	await startNote(page);
	await page.keyboard.press('Enter');
	const typed: { text: string; at: number }[] = [];
	let sofar = '';
	const until = Date.now() + 4000;
	while (Date.now() < until) {
		const letter = String.fromCharCode(97 + (sofar.length % 26));
		await page.keyboard.type(letter);
		sofar += letter;
		typed.push({ text: sofar, at: Date.now() });
		await page.waitForTimeout(20);
	}
	const route = await page.evaluate(() => location.hash.slice(1));
	const killedAt = Date.now();
	await app.kill();
	const again = await open();
	await expect(again.page.getByRole('navigation')).toBeVisible();
	await go(again.page, route);
	const mustBe = typed.filter(({ at }) => at <= killedAt - 2000).at(-1)?.text ?? '';
	expect(mustBe.length).toBeGreaterThan(10);
	await expect(text(again.page)).toContainText(mustBe);
	expect(sofar.startsWith((await text(again.page).textContent()) ?? '?')).toBe(true);
});

test('an edit that was said to be saved survives SIGKILL at once', async ({ app, open }) => {
	const { page } = app;
	const [issue] = await ask(page, 'issues.list', { limit: 1 });
	await go(page, `/issues/${issue?.id}`);
	const summary = page.getByRole('textbox', { name: 'Summary' });
	const words = `Answered on the phone at ${Date.now()}.`;
	await summary.fill(words);
	await summary.press('Control+Enter');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await app.kill();
	const again = await open();
	expect((await ask(again.page, 'issues.get', { id: issue?.id ?? '' })).issue.client_summary).toBe(words);
});

test('a long field nobody has left yet survives SIGKILL, and stands under the cursor as typed', async ({
	app,
	open,
}) => {
	const { page } = app;
	const [issue] = await ask(page, 'issues.list', { limit: 1 });
	await go(page, `/issues/${issue?.id}`);
	const cause = page.getByRole('textbox', { name: 'Root cause' });
	await cause.fill('The office file had the old agent. ');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	// In the middle of the text: a cursor that jumps when the saved value comes back would scatter the words.
	await cause.press('Home');
	await page.keyboard.type('Found out in May: ', { delay: 120 });
	await expect(cause).toHaveValue('Found out in May: The office file had the old agent. ');
	await expect(cause).toBeFocused();
	await page.waitForTimeout(1500);
	await app.kill();
	const again = await open();
	const found = await ask(again.page, 'issues.get', { id: issue?.id ?? '' });
	expect(found.issue.root_cause).toBe('Found out in May: The office file had the old agent. ');
});

test('a window that is closed at once saves the field being typed and the last keys of a note', async ({
	app,
	open,
}) => {
	const { page } = app;
	await startNote(page);
	await page.keyboard.press('Enter');
	await page.keyboard.type('Last words');
	const note = await page.evaluate(() => location.hash.split('/').at(-1) ?? '');
	await app.close();
	const second = await open();
	expect((await ask(second.page, 'notes.get', { id: note })).note.body).toBe('Last words');
	const [issue] = await ask(second.page, 'issues.list', { limit: 1 });
	await go(second.page, `/issues/${issue?.id}`);
	await second.page.getByRole('textbox', { name: 'Summary' }).fill('Half a sentence');
	await second.close();
	const third = await open();
	expect((await ask(third.page, 'issues.get', { id: issue?.id ?? '' })).issue.client_summary).toBe('Half a sentence');
});

test('a window that refuses to close goes when the person says Close anyway, and the app ends', async ({ app }) => {
	const { page } = app;
	await page.keyboard.press('j');
	await page.evaluate(() => window.addEventListener('beforeunload', (event) => event.preventDefault()));
	const ended = new Promise((resolve) => app.electron.process().once('exit', resolve));
	await app.electron.evaluate(({ app: main, dialog }) => {
		Object.assign(dialog, { showMessageBox: async () => ({ response: 1, checkboxChecked: false }) });
		setImmediate(() => main.quit());
	});
	expect(await ended).toBe(0);
});

test('a half-written new issue waits for its writer', async ({ app }) => {
	const { page } = app;
	await page.keyboard.press('c');
	await page.getByRole('textbox', { name: 'Title' }).fill('Half a thought');
	await page.keyboard.press('Escape');
	await expect(page.getByRole('grid', { name: 'Accounts' })).toBeVisible();
	await page.keyboard.press('c');
	await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Half a thought');
});
