import fs from 'node:fs';
import type { Page } from '@playwright/test';
import { type ServerProcess, startServer } from '../../build/server-process.mjs';
import { readMeta, writeMeta } from '../../db/meta.ts';
import { openStore, type Store } from '../../db/open-store.ts';
import { TestBrowser } from '../signin/browser.ts';
import { type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { ask, go, syncStatus } from '../support/page.ts';
import { RawDevice } from '../support/raw-device.ts';
import { sampleStore } from '../support/sample-store.ts';
import { expect, test, waitForSample } from './test.ts';

const DAY_MS = 86_400_000;

let server: ServerProcess;
let dataDir: string;

/** A server with an issuer of its own; the app has no token and must sign in. */
test.beforeEach(async () => {
	dataDir = temporaryFolder('e2e-session');
	server = await startServer({ dataDir, sample: true, args: ['--issuer'] });
});
test.afterEach(async () => {
	await server.stop();
	removeFolder(dataDir);
});

const withoutToken = () => ({ env: { FIELDBOOK_SERVER: server.url, FIELDBOOK_TOKEN: '' } });

/** Presses "Sign in", and does in a browser what the page there asks for. */
async function signIn({ page, electron }: RunningApp): Promise<void> {
	await electron.evaluate(({ shell }) => {
		shell.openExternal = async (url) => {
			Object.assign(globalThis, { opened: url });
		};
	});
	await page.getByRole('button', { name: 'Sync options' }).click();
	await page.getByRole('button', { name: 'Sign in' }).click();
	const opened = () => electron.evaluate(() => (globalThis as { opened?: string }).opened ?? '');
	await expect.poll(opened).toContain('/auth?');
	const last = await new TestBrowser().signIn(await opened(), 'u-sam');
	expect(last.text).toContain('You can go back to Fieldbook');
	await expect(page.getByText('Signed in as')).toBeVisible();
	await page.keyboard.press('Escape');
}

/** Looks into the store of an app that is closed. */
function inStore(userData: string, work: (store: Store) => void): void {
	const store = openStore(sampleStore(userData));
	work(store);
	store.close();
}

async function editIssue(page: Page): Promise<{ id: string; ref: string; title: string }> {
	const [issue] = await ask(page, 'issues.list', {});
	if (!issue) throw new Error('The sample has no issue.');
	const title = `${issue.title} (asked again in Basel)`;
	await ask(page, 'issues.update', { id: issue.id, patch: { title } });
	await go(page, `/issues/${issue.id}`);
	await expect(page.getByRole('main')).toContainText(title);
	return { id: issue.id, ref: issue.ref_no ?? '', title };
}

test('S-03: a cold start ten days off the network, nine days after the session expired, is an ordinary start', async ({
	open,
	userData,
}) => {
	const first = await open(withoutToken());
	await expect(syncStatus(first.page)).toContainText('Sign in when you are online');
	await signIn(first);
	await waitForSample(first.page);
	await first.close();
	await server.stop();
	inStore(userData, (store) => {
		const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
		for (const key of ['acknowledged_at', 'pulled_at', 'contact_at', 'clock_seen'] as const)
			writeMeta(store, key, ago(10));
		writeMeta(store, 'session', null);
		writeMeta(store, 'session_ended', ago(9));
	});

	const started = Date.now();
	const app = await open(withoutToken());
	const rows = app.page.getByRole('grid', { name: 'Accounts' }).getByRole('row');
	await expect(rows.nth(5)).toBeVisible();
	const tookMs = Date.now() - started;
	// How long it took is told, and measured where the machine does nothing else (the bench of the cold start).
	test.info().annotations.push({ type: 'usable after', description: `${tookMs} ms` });

	const issue = await editIssue(app.page);
	const [account] = await ask(app.page, 'accounts.list', {});
	const { id: note } = await ask(app.page, 'notes.create', {
		account_id: account?.id ?? '',
		parent_type: 'account',
		parent_id: account?.id ?? '',
		title: 'Written on the train',
	});
	const queued = await ask(app.page, 'sync.unsent', {});
	expect(queued.length).toBeGreaterThanOrEqual(2);
	// Nothing goes from the queue, also not by trying.
	await app.page.keyboard.press('Control+Shift+S');
	await expect(syncStatus(app.page)).toContainText('Sign in when you are online; everything is saved here');
	expect(await ask(app.page, 'sync.unsent', {})).toHaveLength(queued.length);
	await expect(app.page.getByText('Sign in when you are online').filter({ visible: true })).toHaveCount(1);
	for (const role of ['dialog', 'alertdialog', 'alert'] as const) await expect(app.page.getByRole(role)).toHaveCount(0);
	await app.close();

	const again = await open(withoutToken());
	expect((await ask(again.page, 'issues.get', { id: issue.id })).issue.title).toBe(issue.title);
	expect(await ask(again.page, 'sync.unsent', {})).toHaveLength(queued.length);
	expect(
		JSON.stringify(await ask(again.page, 'notes.list', { parent_type: 'account', parent_id: account?.id ?? '' })),
	).toContain(note);
	await again.close();
});

test('a laptop without a contact for longer than the office allows opens after one', async ({ open, userData }) => {
	const first = await open(withoutToken());
	await signIn(first);
	await waitForSample(first.page);
	await first.close();
	inStore(userData, (store) => {
		expect(readMeta(store, 'lease_days')).toBe('30');
		const ago = new Date(Date.now() - 31 * DAY_MS).toISOString();
		for (const key of ['contact_at', 'clock_seen'] as const) writeMeta(store, key, ago);
		// No contact by itself while the test looks.
		writeMeta(store, 'paused', '1');
	});
	const { page } = await open(withoutToken());
	await expect(page.getByRole('heading', { name: 'Connect once to open the workbook' })).toBeVisible();
	await expect(page.getByText('Nothing has been deleted')).toBeVisible();
	await expect(page.getByRole('grid')).toHaveCount(0);
	await ask(page, 'sync.pause', { paused: false });
	await page.getByRole('button', { name: /Connect/ }).click();
	await waitForSample(page);
});

test('a laptop that was put out hands in its work, then forgets everything', async ({ open, userData }) => {
	const app = await open(withoutToken());
	await signIn(app);
	await waitForSample(app.page);
	const { title } = await editIssue(app.page);
	const ended = await fetch(`${server.url}/v1/admin/revoke`, {
		method: 'POST',
		headers: { authorization: 'Bearer dev-manager', 'content-type': 'application/json' },
		body: JSON.stringify({ user: 'u-sam' }),
	});
	expect(ended.status).toBe(200);
	// The page with all it showed goes too; another one says what happened.
	const next = app.electron.waitForEvent('window', { timeout: 60_000 });
	await app.page.keyboard.press('Control+Shift+S');
	const after = await next;
	await expect(after.getByRole('heading', { name: 'This computer has left Fieldbook' })).toBeVisible({
		timeout: 30_000,
	});
	await expect(after.getByText('What you had not sent yet was handed in first')).toBeVisible();
	expect(fs.readdirSync(userData).filter((name) => name.startsWith('workspace') && !name.endsWith('.json'))).toEqual(
		[],
	);
	const colleague = new RawDevice(server.url, 'dev-manager', 'mmmmmmmm');
	await colleague.hello();
	const { rows } = await colleague.pull();
	expect(rows.some(({ v }) => v.title === title)).toBe(true);
	await app.close();
	expect(fs.readdirSync(userData).filter((name) => name.startsWith('workspace'))).toEqual([]);
});
