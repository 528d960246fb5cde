import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { ask, go } from '../support/page.ts';
import { expect, test, waitForSample } from './test.ts';

const note = (page: Page) => page.getByRole('textbox', { name: 'Text of the note' });

/** What a person who cannot see or point would stumble over. */
async function stumblingBlocks(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
	return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

async function newNote(page: Page): Promise<string> {
	const [account] = await ask(page, 'accounts.list', {});
	const parent = { account_id: account?.id ?? '', parent_type: 'account', parent_id: account?.id ?? '' };
	const { id } = await ask(page, 'notes.create', { ...parent, title: 'Minutes' });
	await go(page, `/notes/${id}`);
	await expect(note(page)).toBeVisible();
	return id;
}

/** Types at the cursor and waits until it is on disk. */
async function type(page: Page, id: string, text: string): Promise<void> {
	await page.keyboard.type(text);
	await expect.poll(async () => (await ask(page, 'notes.get', { id })).note.body).toContain(text);
}

test('a version is read, compared and put back by keys; the open note shows it at once and goes on being written', async ({
	app,
}) => {
	const { page } = app;
	const id = await newNote(page);
	await note(page).click();
	await type(page, id, 'Agreed: the receipt by Wednesday.');
	await ask(page, 'notes.append', { id, update: await foreignLine(page, id) });
	const versions = (await ask(page, 'notes.versions', { id })).versions;
	await page.keyboard.press('Control+a');
	await page.keyboard.press('Delete');
	await type(page, id, 'Everything written over');
	await page.keyboard.press('Control+Shift+h');
	const dialog = page.getByRole('dialog', { name: 'Versions of this note' });
	await expect(dialog.getByText(/words? added/)).toBeVisible();
	await expect(note(page)).toContainText('Everything written over');
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await ask(page, 'notes.restoreVersion', { id, version: versions[0]?.version ?? 0 });
	await expect(note(page)).toContainText('Agreed: the receipt by Wednesday.');
	await expect(note(page)).not.toContainText('Everything written over');
	await note(page).click();
	await page.keyboard.press('Control+End');
	await type(page, id, ' And after it.');
	await page.keyboard.press('Control+Shift+h');
	const lines = dialog.getByRole('option');
	await expect(lines.filter({ hasText: 'put back to' })).toHaveCount(1);
	expect(await stumblingBlocks(page)).toEqual([]);
	await dialog.getByText('The text', { exact: true }).click();
	await page.keyboard.press('Shift+Tab');
	await dialog.getByRole('listbox').focus();
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	await expect(dialog.getByText('Everything written over')).toBeVisible();
	await page.keyboard.press('Control+Enter');
	await expect(note(page)).toContainText('Everything written over');
	await page.getByRole('button', { name: /^Undo/ }).click();
	await expect(note(page)).toContainText('And after it.');
});

/** A paragraph as another window of the same note would add it: base64 of a Yjs update. */
async function foreignLine(page: Page, id: string): Promise<string> {
	const Y = await import('yjs');
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Buffer.from((await ask(page, 'notes.get', { id })).state, 'base64'));
	const before = Y.encodeStateVector(doc);
	const line = new Y.XmlElement('paragraph');
	line.insert(0, [new Y.XmlText('A second line.')]);
	doc.getXmlFragment('default').push([line]);
	return Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64');
}

test('a deleted visit comes back from the trash with all that belonged to it', async ({ app }) => {
	const { page } = app;
	const visits = await ask(page, 'visits.list', {});
	const visit = visits.find((row) => row.checklist_total > 0);
	const id = visit?.id ?? '';
	const before = await ask(page, 'visits.get', { id });
	await go(page, `/travel-prep/${id}`);
	await expect(page.getByRole('button', { name: 'Delete' })).toBeVisible();
	await page.keyboard.press('Control+Backspace');
	await page
		.getByRole('dialog', { name: /^Delete/ })
		.getByRole('button', { name: 'Delete visit' })
		.press('Enter');
	await expect.poll(async () => (await ask(page, 'visits.get', { id })).visit.deleted_at).not.toBeNull();
	await page.keyboard.press('g');
	await page.keyboard.press('d');
	const row = page.getByRole('grid', { name: 'Trash' }).getByRole('row', { name: new RegExp(visit?.purpose ?? '-') });
	await expect(row).toBeVisible();
	await row.click();
	expect(await stumblingBlocks(page)).toEqual([]);
	await expect(page.getByText(/with \d+ attendees?, \d+ checklist items?/).first()).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByText(/Deleted by you on/)).toBeVisible();
	await page.keyboard.press('r');
	await expect(page.getByText(/Deleted by you on/)).toBeHidden();
	const after = await ask(page, 'visits.get', { id });
	expect(after.attendees.map((person) => person.id)).toEqual(before.attendees.map((person) => person.id));
	expect(after.checklist.map((item) => item.id)).toEqual(before.checklist.map((item) => item.id));
	expect((await ask(page, 'trash.list', { text: visit?.purpose ?? '' })).total).toBe(0);
});

test('a conflict is decided offline by keys and undone, and what was not chosen is restored on the other laptop', async ({
	app,
	open,
	network,
}) => {
	test.setTimeout(180_000);
	const { page } = app;
	const folder = temporaryFolder('e2e-specialist');
	const other = await open({
		userData: folder,
		env: { FIELDBOOK_TOKEN: 'dev-specialist', FIELDBOOK_USER: 'u-specialist' },
	});
	await waitForSample(other.page);
	const issue = (await ask(page, 'issues.list', { limit: 50 })).find((row) => row.ref_no === 'I-504');
	const id = issue?.id ?? '';
	const mine = 'The mapping profile skipped column H.';
	const theirs = 'Blank in the client’s file, rows 212 to 225.';
	await ask(page, 'sync.pause', { paused: true });
	await ask(page, 'issues.update', { id, patch: { root_cause: mine, remedy: 'Map column H' } });
	await ask(other.page, 'issues.update', { id, patch: { root_cause: theirs, priority: 'LOW' } });
	await ask(other.page, 'sync.now', {});
	await ask(page, 'sync.pause', { paused: false });
	await ask(page, 'sync.now', {});
	// Everything else has gone through.
	expect((await ask(page, 'issues.get', { id })).issue).toMatchObject({ remedy: 'Map column H', priority: 'LOW' });
	await network.cut();
	await go(page, '/sync');
	const card = page.getByRole('article', { name: /I-504 .*Root cause/ });
	await expect(card).toBeVisible();
	await expect(card.locator('ins').first()).toBeVisible();
	expect(await stumblingBlocks(page)).toEqual([]);
	await page.keyboard.press('2');
	await page.keyboard.press('Control+Enter');
	await expect(card).toBeHidden();
	await page.keyboard.press('Control+z');
	await expect(card).toBeVisible();
	await page.keyboard.press('3');
	await page.keyboard.press('Control+End');
	await page.keyboard.type(' Client confirmed.');
	await page.keyboard.press('Control+Enter');
	await expect(card).toBeHidden();
	await network.mend();
	await ask(page, 'sync.now', {});
	await ask(other.page, 'sync.now', {});
	await go(other.page, `/issues/${id}`);
	const chosen = `${mine} Client confirmed.`;
	await expect(other.page.getByRole('textbox', { name: 'Root cause' })).toHaveValue(chosen);
	const lost = other.page.getByRole('listitem').filter({ hasText: 'Not chosen' }).filter({ hasText: 'rows 212' });
	await lost.getByRole('button', { name: /^Restore this (text|value)/ }).click();
	await expect(other.page.getByRole('textbox', { name: 'Root cause' })).toHaveValue(theirs);
	await other.close();
	removeFolder(folder);
});
