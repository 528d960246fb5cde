import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import { type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { startCore } from '../support/core.ts';
import { ask, go, syncStatus } from '../support/page.ts';
import { makePayloads } from '../support/payloads.ts';
import { RawDevice } from '../support/raw-device.ts';
import { block } from '../support/typing.ts';
import { expect, test } from './test.ts';

// Two thousand texts that try to run something or to fetch something, by every way in which somebody else's text comes
// in. Whatever one of them managed would be counted three times: by the function it calls, by the request that leaves the
// page, and by the content policy, which must not even have been needed.

const COUNT = 2000;
const SEED = 20_261_124;
const ORIGIN = 'http://127.0.0.1:9';
const payloads = makePayloads({ count: COUNT, seed: SEED, origin: ORIGIN });

declare global {
	interface Window {
		fbRan?: (payload: number) => void;
		tried?: { ran: number[]; blocked: string[] };
	}
}

/** Notes what payloads do, from the first moment of every page on. */
function watchPayloads(): void {
	const tried = { ran: [] as number[], blocked: [] as string[] };
	window.tried = tried;
	window.fbRan = (payload) => void tried.ran.push(payload);
	window.addEventListener('securitypolicyviolation', (event) => {
		const what = `${event.violatedDirective} ${event.blockedURI}`;
		// A pasted document's own looks and base, refused while it is read where nobody sees it.
		if (!/^style-src(-attr|-elem)? inline$|^base-uri /.test(what)) tried.blocked.push(what);
	});
}

async function watch({ electron, page }: RunningApp): Promise<void> {
	await electron.evaluate(({ session, shell }) => {
		const asked: string[] = [];
		Object.assign(globalThis, { asked });
		session.fromPartition('pages').webRequest.onBeforeRequest((details, answer) => {
			const isOurs = /^(app:\/\/fieldbook\/|blob:app:|data:|devtools:)/.test(details.url);
			if (!isOurs) asked.push(details.url);
			answer({ cancel: !isOurs });
		});
		shell.openExternal = async (url: string) => void asked.push(`opened ${url}`);
	});
	await page.addInitScript(watchPayloads);
	await page.reload();
	await expect(page.getByRole('navigation').first()).toBeVisible({ timeout: 30_000 });
}

/** What the payloads have managed so far. */
async function managed({ electron, page }: RunningApp) {
	const tried = await page.evaluate(() => window.tried);
	const asked = await electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
	return { ...tried, asked, url: page.url().split('#')[0], windows: electron.windows().length };
}

const NOTHING = { ran: [], blocked: [], asked: [], url: 'app://fieldbook/', windows: 1 };

/** Runs in the page: points at, presses and focuses everything in a part of it, as a person might. */
function touchAll(selector: string): number {
	const parts = document.querySelectorAll(`${selector} *`);
	for (const part of parts) {
		for (const type of ['mouseover', 'mouseenter', 'pointerover', 'focus', 'toggle', 'animationend', 'beforeinput'])
			part.dispatchEvent(new Event(type, { bubbles: true }));
		// In what was written only: a link of the app itself leads elsewhere.
		if (part instanceof HTMLAnchorElement && part.closest('[contenteditable]'))
			part.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
	}
	return parts.length;
}

async function newNote(page: Page, title: string): Promise<string> {
	const [visit] = await ask(page, 'visits.list', {});
	const place = { account_id: visit?.account_id ?? '', parent_type: 'visit' as const, parent_id: visit?.id ?? '' };
	return (await ask(page, 'notes.create', { ...place, title })).id;
}

const editor = (page: Page) => page.locator('[contenteditable="true"]').first();

/** Goes through a long list row by row; answers everything that was read in it. */
async function readList(page: Page, label: string): Promise<Set<string>> {
	const grid = page.getByRole('grid', { name: label, exact: true });
	await expect(grid.getByRole('row').nth(2)).toBeVisible({ timeout: 30_000 });
	const read = await grid.evaluate(async (table) => {
		const scroller = table.parentElement as HTMLElement;
		const seen = new Set<string>();
		const frame = () => new Promise((resolve) => setTimeout(resolve, 40));
		for (let top = 0; ; top += 300) {
			scroller.scrollTop = top;
			await frame();
			// A list that is read page by page has holes until they have come.
			const rows = () => [...table.querySelectorAll<HTMLElement>('tr[aria-rowindex]')];
			for (let tries = 0; tries < 200 && rows().some((row) => row.innerText.trim() === ''); tries++) await frame();
			for (const row of rows()) seen.add(row.innerText);
			if (top > scroller.scrollHeight) return [...seen];
		}
	});
	return new Set(read);
}

/** The numbers of the records seen, by a mark of their own beside the payload. */
function marksIn(read: Set<string>, mark: RegExp): number {
	return new Set([...read].flatMap((text) => text.match(mark) ?? [])).size;
}

test.setTimeout(600_000);

test('2,000 payloads pasted into notes: nothing runs, nothing is asked for', async ({ app }) => {
	const { page } = app;
	await watch(app);
	const perNote = 200;
	for (let first = 0; first < COUNT; first += perNote) {
		const id = await newNote(page, payloads[first] ?? '');
		await go(page, `/notes/${id}`);
		await expect(editor(page)).toBeVisible();
		await editor(page).evaluate(
			async (target, texts) => {
				for (const [index, text] of texts.entries()) {
					const clipboardData = new DataTransfer();
					clipboardData.setData('text/html', text);
					clipboardData.setData('text/plain', text);
					target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
					if (index % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 0));
				}
			},
			payloads.slice(first, first + perNote),
		);
		const parts = await page.evaluate(touchAll, '[contenteditable="true"]');
		expect(parts).toBeGreaterThan(10);
		await page.keyboard.press('Control+s');
		// Read again from what was saved, as another day would.
		await go(page, '/accounts');
		await expect(page.getByRole('grid', { name: 'Accounts' })).toBeVisible();
		await go(page, `/notes/${id}`);
		await expect(editor(page)).toBeVisible();
		await page.evaluate(touchAll, 'main');
		// A pasted document's media may try to load while it is read: the policy stops that before anything is asked for.
		const { blocked = [], ...rest } = await managed(app);
		expect({ ...rest, blocked: blocked.filter((what) => !what.startsWith('media-src ')) }).toEqual(NOTHING);
	}
});

test('2,000 payloads in an import: nothing runs, nothing is asked for', async ({ app }) => {
	const { page, electron } = app;
	const folder = temporaryFolder('payloads');
	const file = path.join(folder, "<img src=x onerror=fbRan(0)> ' cases.csv");
	const cell = (text: string) =>
		`"${whole(text)
			.replaceAll('"', '""')
			.replaceAll(/[\r\n\f]/g, ' ')}"`;
	const rows = payloads.map((payload, index) => {
		const other = payloads[COUNT - 1 - index] ?? '';
		return [`M-${1000 + index}`, 'EP', cell(payload), `EP2019${100_000 + index}`, cell(other), cell(other)].join(',');
	});
	fs.writeFileSync(file, ['Client Ref,Country,Title,Application No,Owner,Remarks', ...rows].join('\r\n'));
	try {
		await watch(app);
		await electron.evaluate(({ dialog }, chosen) => {
			dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
		}, file);
		const [account] = await ask(page, 'accounts.list', {});
		const before = (await ask(page, 'assets.list', { account_id: account?.id ?? '', limit: 1 })).total;
		await go(page, `/accounts/${account?.id}/import`);
		await page.getByRole('button', { name: 'Choose a file' }).click();
		const start = page.getByRole('button', { name: /^Import [\d,. ]+ row/ });
		await expect(start).toBeVisible({ timeout: 60_000 });
		await page.evaluate(touchAll, 'main table');
		expect(await managed(app)).toEqual(NOTHING);
		await start.click();
		await page.getByText(/imported$/).waitFor({ timeout: 120_000 });
		const after = (await ask(page, 'assets.list', { account_id: account?.id ?? '', limit: 1 })).total;
		expect(after - before).toBeGreaterThan(COUNT * 0.99);
		await go(page, `/accounts/${account?.id}`);
		await page.getByRole('button', { name: /^Cases/ }).click();
		const read = await readList(page, 'Cases');
		expect(marksIn(read, /M-\d{4}/g)).toBeGreaterThan(COUNT * 0.99);
		await page.evaluate(touchAll, 'main');
		expect(await managed(app)).toEqual(NOTHING);
	} finally {
		removeFolder(folder);
	}
});

test('2,000 payloads from the server: nothing runs, nothing is asked for', async ({ app, server }) => {
	const { page } = app;
	await watch(app);
	const laptop = await startCore({ userId: 'u-specialist', server: { url: server.url, token: 'dev-specialist' } });
	const device = new RawDevice(server.url, 'dev-specialist', 'payloads');
	try {
		await laptop.ok('sync.now', {});
		const shared = new Set((await ask(page, 'accounts.list', {})).map(({ id }) => id));
		const account_id = (await laptop.ok('accounts.list', {})).find(({ id }) => shared.has(id))?.id ?? '';
		const noteIds: string[] = [];
		for (let first = 0; first < COUNT; first += 200) {
			const texts = payloads.slice(first, first + 200);
			const place = { account_id, parent_type: 'account' as const, parent_id: account_id };
			const { id } = await laptop.ok('notes.create', { ...place, title: texts[0] ?? '' });
			await laptop.ok('notes.append', { id, update: hostileText(texts) });
			noteIds.push(id);
		}
		await laptop.ok('sync.now', {});
		expect((await device.hello()).status).toBe(200);
		for (let first = 0; first < COUNT; first += 200) await device.push(hostileIssues(device, account_id, first));
		await page.keyboard.press('Control+Shift+S');
		await expect
			.poll(
				async () => (await ask(page, 'issues.list', { limit: 5000 })).filter(({ ref_no }) => isMarked(ref_no)).length,
				{
					timeout: 120_000,
				},
			)
			.toBe(COUNT);
		await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 60_000 });
		await go(page, '/issues');
		const read = await readList(page, 'Issues');
		expect(marksIn(read, /N-\d{4}/g)).toBeGreaterThan(COUNT * 0.99);
		expect(await managed(app)).toEqual(NOTHING);
		for (const id of noteIds) {
			await go(page, `/notes/${id}`);
			await expect(editor(page)).toContainText('fbRan');
			expect(await page.evaluate(touchAll, 'main')).toBeGreaterThan(200);
			expect(await managed(app)).toEqual(NOTHING);
		}
		// The other fields of an issue, in their own places.
		const marked = (await ask(page, 'issues.list', { limit: 5000 })).filter(({ ref_no }) => isMarked(ref_no));
		for (let index = 0; index < marked.length; index += 100) {
			await go(page, `/issues/${marked[index]?.id}`);
			await expect(page.getByRole('main').getByRole('textbox').first()).toBeVisible();
			await page.evaluate(touchAll, 'main');
		}
		await page.keyboard.press('Control+k');
		await page.keyboard.type('fbRan');
		await expect(page.getByRole('option').nth(2)).toBeVisible({ timeout: 20_000 });
		expect(await managed(app)).toEqual(NOTHING);
	} finally {
		await laptop.stop();
	}
});

test('the same payloads do run and do ask where they are let', async ({ app }) => {
	await watch(app);
	const free = await app.electron.evaluate(
		async ({ BrowserWindow, session }, { texts, code }) => {
			const own = session.fromPartition('without-walls');
			const asked = new Set<string>();
			own.webRequest.onBeforeRequest(({ url }, answer) => {
				if (url.startsWith('http')) asked.add(url);
				answer({ cancel: url.startsWith('http') });
			});
			const window = new BrowserWindow({ show: false, webPreferences: { session: own } });
			await window.loadURL('data:text/html,<body>x');
			const ran: number[] = await window.webContents.executeJavaScript(`(${code})(${JSON.stringify(texts)})`);
			window.destroy();
			return { ran: new Set(ran).size, asked: asked.size };
		},
		{ texts: payloads, code: String(showAll) },
	);
	expect(free.ran).toBeGreaterThan(COUNT / 5);
	expect(free.asked).toBeGreaterThan(COUNT / 20);

	// In our own page, put in as markup by code that asks for it: nothing runs, and the policy says what it stopped.
	await app.page.evaluate(
		(texts) => {
			const types = (window as unknown as { trustedTypes: { defaultPolicy: { createHTML(text: string): string } } })
				.trustedTypes;
			for (const text of texts) {
				const box = document.createElement('div');
				box.innerHTML = types.defaultPolicy.createHTML(text);
				document.body.append(box);
			}
		},
		payloads.slice(0, 300),
	);
	await app.page.waitForTimeout(500);
	const { ran, blocked, asked, url } = await managed(app);
	expect({ ran, url }).toEqual({ ran: [], url: NOTHING.url });
	expect(asked.filter((each) => each.startsWith('http'))).toEqual([]);
	expect(blocked?.length).toBeGreaterThan(50);
	// And put in as text by code that does not: refused before there is any markup.
	const refused = await app.page.evaluate((texts) => {
		const isRefused = (text: string) => {
			try {
				document.createElement('div').innerHTML = text;
				return false;
			} catch {
				return true;
			}
		};
		return texts.filter((text) => text.includes('<') && !isRefused(text));
	}, payloads);
	expect(refused).toEqual([]);
});

/** Runs in a page without any defence: every text put in as markup, and touched. */
async function showAll(texts: string[]): Promise<number[]> {
	const ran: number[] = [];
	(window as unknown as { fbRan: (payload: number) => void }).fbRan = (payload) => void ran.push(payload);
	for (const [index, text] of texts.entries()) {
		const box = document.createElement('div');
		document.body.append(box);
		box.innerHTML = text;
		for (const part of box.querySelectorAll('*')) {
			for (const type of [
				'mouseover',
				'mouseenter',
				'pointerover',
				'focus',
				'click',
				'toggle',
				'animationend',
				'transitionend',
			])
				part.dispatchEvent(new Event(type));
		}
		if (index % 50 === 49) {
			await new Promise((resolve) => setTimeout(resolve, 30));
			document.body.replaceChildren();
		}
	}
	await new Promise((resolve) => setTimeout(resolve, 500));
	return ran;
}

/** A document as only a changed laptop could send it: parts a note does not have, and more in the parts it has. */
function hostileText(texts: string[]): string {
	const doc = new Y.Doc();
	const fragment = doc.getXmlFragment('default');
	for (const [index, text] of texts.entries()) {
		const url = `${ORIGIN}/${index}`;
		fragment.insert(fragment.length, [
			block(text),
			block(text, 'heading', { level: text, onclick: text, style: `background:url(${url})`, src: url }),
			block(text, 'codeBlock', { language: text }),
		]);
		const linked = new Y.XmlText();
		const href = /^\s*[\w]*script|^data:/i.test(text) ? text : `javascript:fbRan(${index})`;
		linked.insert(0, 'the contract', { link: { href, target: '_blank', rel: 'opener', class: text, onclick: text } });
		const line = new Y.XmlElement('paragraph');
		line.insert(0, [linked]);
		fragment.insert(fragment.length, [line]);
		if (index % 10 > 0) continue;
		// A part that is not known is dropped when it is read, and with it what it held: not among the 2,000.
		const unknown = new Y.XmlElement(
			['script', 'img', 'iframe', 'svg', 'image', 'a', 'style'][(index / 10) % 7] ?? 'img',
		);
		for (const [name, value] of Object.entries({ src: url, href: url, onerror: 'fbRan(0)', onload: 'fbRan(0)' }))
			unknown.setAttribute(name, value);
		fragment.insert(fragment.length, [unknown]);
	}
	return Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
}

function hostileIssues(device: RawDevice, account_id: string, first: number): unknown[] {
	return payloads.slice(first, first + 200).map((payload, index) => ({
		k: 'create',
		t: 'issue',
		id: `payload-${first + index}`,
		hlc: device.hlc(),
		v: {
			account_id,
			ref_no: `N-${1000 + first + index}`,
			title: whole(payload),
			type: 'QUERY',
			status: 'OPEN',
			priority: 'NORMAL',
			owner_id: 'u-specialist',
			client_summary: whole(payload),
			root_cause: whole(payloads[COUNT - 1 - first - index] ?? ''),
			remedy: whole(payload),
		},
	}));
}

function isMarked(reference: string | null): boolean {
	return /^N-\d{4}$/.test(reference ?? '');
}

/** Every character but the one that neither a file of text nor PostgreSQL holds. */
function whole(text: string): string {
	return text.replaceAll('\0', '');
}
