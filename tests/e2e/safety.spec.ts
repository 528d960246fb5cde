import type { RunningApp } from '../support/app.ts';
import { ask } from '../support/page.ts';
import { expect, test } from './test.ts';
import { everyView, openView } from './views.ts';

declare global {
	interface Window {
		violations?: string[];
		ran?: string[];
	}
}

/** Loads the page anew, so that what is noted covers its start as well. */
async function watchPolicy({ page }: RunningApp): Promise<void> {
	await page.addInitScript(() => {
		window.violations = [];
		window.addEventListener('securitypolicyviolation', (event) => {
			window.violations?.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
		});
	});
	await page.reload();
	await expect(page.getByRole('grid', { name: 'Accounts' })).toBeVisible();
}

test('no view breaks the content policy, and nothing but our own scheme is asked for', async ({ app }) => {
	const { page } = app;
	await app.electron.evaluate(({ session }) => {
		const asked: string[] = [];
		Object.assign(globalThis, { asked });
		for (const each of [session.fromPartition('pages'), session.defaultSession]) {
			each.webRequest.onBeforeRequest((details, answer) => {
				asked.push(details.url);
				answer({});
			});
		}
	});
	await watchPolicy(app);
	for (const view of await everyView(page)) await openView(page, view);
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeVisible();
	await page.keyboard.press('Escape');
	expect(await page.evaluate(() => window.violations)).toEqual([]);
	const asked = await app.electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
	expect(asked.length).toBeGreaterThan(5);
	expect(asked.filter((url) => !/^(app:\/\/fieldbook\/|data:|blob:app:)/.test(url))).toEqual([]);
});

test('the policy bites: inline script, handler, eval, frame, base and form do nothing', async ({ app }) => {
	await watchPolicy(app);
	await app.page.evaluate(() => {
		window.ran = [];
		// Text is refused before it is markup; what the policy lets through by name must do nothing either.
		const types = (window as unknown as { trustedTypes: { defaultPolicy: { createHTML(text: string): string } } })
			.trustedTypes;
		const add = (html: string) => document.body.insertAdjacentHTML('beforeend', types.defaultPolicy.createHTML(html));
		try {
			const script = document.createElement('script');
			script.append("window.ran.push('inline')");
			document.body.append(script);
		} catch {
			// Refused at once is as good.
		}
		add('<img src="data:," onerror="window.ran.push(\'handler\')">');
		add('<iframe srcdoc="<script>parent.ran.push(\'frame\')</script>"></iframe>');
		add('<base href="https://example.com/">');
		add('<form action="https://example.com/"><button id="send">x</button></form>');
		document.getElementById('send')?.click();
		// Asked for from the page itself: the driver's own evaluate is not held by the policy.
		try {
			setTimeout("window.ran.push('eval')", 0);
		} catch {
			// Refused at once is as good.
		}
		const worker = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }));
		try {
			new Worker(worker).onmessage = () => window.ran?.push('worker');
		} catch {
			// Refused at once is as good.
		}
	});
	await app.page.waitForTimeout(800);
	expect(await app.page.evaluate(() => window.ran)).toEqual([]);
	expect((await app.page.evaluate(() => window.violations))?.length).toBeGreaterThan(3);
	expect(app.page.url()).toMatch(/^app:\/\/fieldbook\//);
});

test('the page has neither Node nor raw Electron, and a bridge that cannot be changed', async ({ app }) => {
	const found = await app.page.evaluate(() => {
		const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'];
		const bridge = Object.entries(window.fieldbook).map(([name, value]) => `${name}:${typeof value}`);
		try {
			(window.fieldbook as unknown as Record<string, unknown>)['call'] = () => 'taken over';
		} catch {
			// Frozen.
		}
		return {
			globals: names.filter((name) => name in window),
			bridge: bridge.sort(),
			call: String(window.fieldbook.call).includes('taken over'),
		};
	});
	expect(found.globals).toEqual([]);
	expect(found.call).toBe(false);
	expect(found.bridge).toEqual(
		[
			'call',
			'chooseFile',
			'chooseFiles',
			'dropFile',
			'left',
			'onEvent',
			'onLeave',
			'onMenu',
			'onStartState',
			'painted',
			'saveSettings',
			'settings',
			'signIn',
			'startState',
			'tellLink',
			'vault',
		].map((name) => `${name}:function`),
	);
});

test('changing the built-ins of the page does not reach the bridge', async ({ app }) => {
	const count = await app.page.evaluate(async () => {
		Array.prototype.push = () => {
			throw new Error('patched');
		};
		JSON.parse = () => {
			throw new Error('patched');
		};
		const result = await window.fieldbook.call('accounts.list', {});
		return result.ok ? result.value.length : -1;
	});
	expect(count).toBeGreaterThan(5);
});

test('no window opens and the page does not leave', async ({ app }) => {
	const { page } = app;
	const before = page.url();
	await app.electron.evaluate(({ shell }) => {
		const opened: string[] = [];
		Object.assign(globalThis, { opened });
		shell.openExternal = async (url: string) => {
			opened.push(url);
		};
	});
	expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
	for (const url of [
		'https://example.com/',
		'file:///etc/passwd',
		'app://fieldbook/../../etc/passwd',
		'app://other/',
	]) {
		await page.evaluate((to) => {
			location.href = to;
		}, url);
		await page.waitForTimeout(150);
		expect(page.url().split('#')[0]).toBe(before.split('#')[0]);
	}
	await page.evaluate(() => {
		const add = (name: string, attributes: Record<string, string>) => {
			const element = document.createElement(name);
			for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
			document.body.append(element);
		};
		add('meta', { 'http-equiv': 'refresh', content: '0;url=https://example.com/' });
		add('webview', { src: 'https://example.com/' });
	});
	await page.waitForTimeout(500);
	expect(page.url().split('#')[0]).toBe(before.split('#')[0]);
	const state = await app.electron.evaluate(({ BrowserWindow, webContents }) => ({
		windows: BrowserWindow.getAllWindows().length,
		contents: webContents.getAllWebContents().filter((each) => each.getType() !== 'remote').length,
		opened: (globalThis as unknown as { opened: string[] }).opened,
	}));
	expect(state).toEqual({ windows: 1, contents: 1, opened: [] });
});

test('the page reaches neither the network nor files', async ({ app }) => {
	const failed = await app.page.evaluate(async () => {
		const urls = ['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'app://other/index.html'];
		const tries = urls.map((url) =>
			fetch(url).then(
				() => url,
				() => null,
			),
		);
		return (await Promise.all(tries)).filter(Boolean);
	});
	expect(failed).toEqual([]);
	const status = await app.page.evaluate(async () => {
		const paths = ['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/..%5c..%5cpackage.json', '/main/main.js'];
		return Promise.all(paths.map(async (path) => (await fetch(path)).status));
	});
	for (const code of status) expect([403, 404]).toContain(code);
});

test('every permission is denied', async ({ app }) => {
	const names = [
		'geolocation',
		'notifications',
		'camera',
		'microphone',
		'clipboard-read',
		'midi',
		'persistent-storage',
	];
	const states = await app.page.evaluate(async (all) => {
		const found = await Promise.all(
			all.map((name) => navigator.permissions.query({ name: name as PermissionName }).catch(() => null)),
		);
		return found.map((result) => result?.state ?? 'denied');
	}, names);
	expect(states.every((state) => state === 'denied')).toBe(true);
});

test('the page runs sandboxed, apart from the preload, with web security', async ({ app }) => {
	const found = await app.electron.evaluate(({ BrowserWindow }) => {
		const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
			getLastWebPreferences(): Record<string, unknown>;
		};
		const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
		return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
	});
	expect(found).toEqual({
		sandbox: true,
		contextIsolation: true,
		nodeIntegration: false,
		webSecurity: true,
		webviewTag: false,
	});
	expect((await ask(app.page, 'app.info', {})).store.encrypted).toBe(true);
});
