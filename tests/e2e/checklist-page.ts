// What the checklist asks of the page itself. Each function runs in the page and answers what it found, as plain values.

/** Names of Node and Electron that can be reached, here and in a frame of the page's own. */
export function findNode(): string[] {
	const names = [
		'require',
		'process',
		'module',
		'exports',
		'Buffer',
		'global',
		'setImmediate',
		'__dirname',
		'electron',
	];
	const frame = document.createElement('iframe');
	document.body.append(frame);
	const found = names.filter((name) => name in window || (frame.contentWindow !== null && name in frame.contentWindow));
	const hasBridge = frame.contentWindow !== null && 'fieldbook' in frame.contentWindow;
	frame.remove();
	return hasBridge ? [...found, 'the bridge, in a frame'] : found;
}

/** Turns the built-ins of the page against the bridge, uses it, and says what came of it. */
export async function changeBuiltIns(): Promise<number> {
	const spy = () => {
		throw new Error('changed');
	};
	const { push } = Array.prototype;
	const { parse, stringify } = JSON;
	const { freeze } = Object;
	Array.prototype.push = spy;
	JSON.parse = spy;
	JSON.stringify = spy;
	Object.freeze = spy;
	let accounts = -1;
	try {
		const result = await window.fieldbook.call('accounts.list', {});
		await window.fieldbook.settings();
		await window.fieldbook.startState();
		if (result.ok) accounts = result.value.length;
	} finally {
		Array.prototype.push = push;
		Object.assign(JSON, { parse, stringify });
		Object.freeze = freeze;
	}
	return accounts;
}

/** Asks for everything a page can be allowed; answers what it got. */
export async function askPermissions(): Promise<string[]> {
	const names = [
		'accelerometer',
		'background-sync',
		'camera',
		'clipboard-read',
		'clipboard-write',
		'display-capture',
		'geolocation',
		'gyroscope',
		'idle-detection',
		'local-fonts',
		'magnetometer',
		'microphone',
		'midi',
		'notifications',
		'payment-handler',
		'persistent-storage',
		'screen-wake-lock',
		'storage-access',
		'top-level-storage-access',
		'window-management',
	];
	const any = navigator as unknown as Record<
		string,
		Record<string, (options?: unknown) => Promise<unknown>> | undefined
	>;
	const got: string[] = [];
	const attempt = async (name: string, work: () => unknown) => {
		const given = await Promise.resolve()
			.then(work)
			.then(
				(value) => value !== false && value !== 'denied' && value !== 'default' && value !== undefined,
				() => false,
			);
		if (given) got.push(name);
	};
	for (const name of names)
		await attempt(`query ${name}`, async () => {
			const { state } = await navigator.permissions.query({ name: name as PermissionName });
			return state === 'granted';
		});
	await attempt('geolocation', () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)));
	await attempt('notifications', () => Notification.requestPermission());
	await attempt('camera', () => navigator.mediaDevices.getUserMedia({ video: true }));
	await attempt('microphone', () => navigator.mediaDevices.getUserMedia({ audio: true }));
	await attempt('screen', () => navigator.mediaDevices.getDisplayMedia());
	await attempt('clipboard', async () => (await navigator.clipboard.readText()) !== null);
	await attempt('midi', () => navigator.requestMIDIAccess({ sysex: true }));
	await attempt('storage', () => navigator.storage.persist());
	await attempt('usb', () => any['usb']?.['requestDevice']?.({ filters: [] }));
	await attempt('hid', async () => ((await any['hid']?.['requestDevice']?.({ filters: [] })) as unknown[])?.length > 0);
	await attempt('serial', () => any['serial']?.['requestPort']?.());
	await attempt('bluetooth', () => any['bluetooth']?.['requestDevice']?.({ acceptAllDevices: true }));
	await attempt('fonts', async () => {
		const list = await (window as unknown as { queryLocalFonts(): Promise<unknown[]> }).queryLocalFonts();
		return list.length > 0;
	});
	return got;
}

/** Tries to run code of its own in every way a content policy has a word for; answers what ran. */
export async function runOwnCode(): Promise<string[]> {
	const ran: string[] = [];
	Object.assign(window, { probeRan: (what: string) => ran.push(what) });
	const make = (tag: string, values: Record<string, string>, text = '') => {
		const made = document.createElement(tag);
		for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
		made.append(text);
		document.body.append(made);
		return made;
	};
	const quietly = (work: () => unknown) => {
		try {
			work();
		} catch {
			// Refused at once is as good.
		}
	};
	const blob = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
	quietly(() => make('script', {}, "probeRan('inline')"));
	quietly(() => make('script', { src: blob("probeRan('blob script')") }));
	quietly(() => make('script', { src: "data:text/javascript,probeRan('data script')" }));
	quietly(() => make('script', { type: 'module' }, "probeRan('module')"));
	quietly(() => make('img', { src: 'data:,', onerror: "probeRan('handler')" }));
	quietly(() => make('iframe', { srcdoc: "<script>parent.probeRan('frame')</script>" }));
	quietly(() => make('iframe', { src: "javascript:parent.probeRan('address')" }));
	quietly(() => make('a', { href: "javascript:probeRan('link')" }).click());
	quietly(() => make('object', { data: "data:text/html,<script>parent.probeRan('object')</script>" }));
	quietly(() => make('base', { href: 'https://example.com/' }));
	// From the page itself: the driver's own evaluate is not held by the policy.
	quietly(() => setTimeout("probeRan('text timer')", 0));
	quietly(() => {
		new Worker(blob('postMessage(1)')).onmessage = () => ran.push('worker');
	});
	quietly(() => void import(/* @vite-ignore */ blob("probeRan('import')")).catch(() => undefined));
	quietly(() => {
		document.createElement('div').innerHTML = '<b>markup</b>';
		ran.push('markup from text');
	});
	quietly(() => {
		document.write("<script>probeRan('write')</script>");
		ran.push('document.write');
	});
	await new Promise((resolve) => setTimeout(resolve, 800));
	if (document.baseURI.includes('example.com')) ran.push('base');
	return ran;
}

/** Asks for files and other places by every address of theirs; answers those that were given. */
export async function readElsewhere(): Promise<string[]> {
	const refused = (work: Promise<Response>) => work.then(({ ok }) => !ok).catch(() => true);
	const addresses = [
		'file:///etc/passwd',
		'https://example.com/',
		'http://127.0.0.1:1/',
		'app://other/index.html',
		'app://fieldbook.example.com/index.html',
		'/../../package.json',
		'/%2e%2e/%2e%2e/package.json',
		'/..%5c..%5cpackage.json',
		'/%2e%2e%2f%2e%2e%2fetc/passwd',
		'/assets/%00.js',
		'//etc/passwd',
		'/main/main.js',
		'/preload/preload.cjs',
		'/.inputs',
	];
	const got = await Promise.all(addresses.map(async (address) => ((await refused(fetch(address))) ? '' : address)));
	return got.filter(Boolean);
}

/** Tries to leave, in every way a page has of its own; answers how many ways it tried. */
export async function tryToLeave(): Promise<number> {
	const targets = ['https://example.com/', 'file:///etc/passwd', 'app://other/', 'data:text/html,x'];
	const ways: ((to: string) => void)[] = [
		(to) => {
			location.href = to;
		},
		(to) => location.replace(to),
		(to) => void window.open(to, '_self'),
		(to) => void window.open(to, '_top'),
		(to) => {
			const link = document.createElement('a');
			link.href = to;
			document.body.append(link);
			link.click();
			link.remove();
		},
		(to) => {
			const form = document.createElement('form');
			form.action = to;
			document.body.append(form);
			form.submit();
			form.remove();
		},
		(to) => {
			const meta = document.createElement('meta');
			meta.httpEquiv = 'refresh';
			meta.content = `0;url=${to}`;
			document.head.append(meta);
			meta.remove();
		},
	];
	let tried = 0;
	for (const to of targets)
		for (const way of ways) {
			try {
				way(to);
			} catch {
				// Refused at once is as good.
			}
			tried += 1;
			await new Promise((resolve) => setTimeout(resolve, 30));
		}
	return tried;
}

/** Opens windows and webviews; answers how many the page holds afterwards. */
export async function openMore(): Promise<number> {
	let opened = 0;
	for (const to of ['https://example.com/', 'about:blank', '', 'app://fieldbook/', 'data:text/html,x'])
		for (const features of [undefined, 'noopener', 'popup,width=10', 'nodeIntegration=yes,contextIsolation=no'])
			if (window.open(to, '_blank', features) !== null) opened += 1;
	const view = document.createElement('webview');
	for (const [name, value] of [
		['src', 'https://example.com/'],
		['allowpopups', ''],
		['nodeintegration', ''],
		['preload', 'file:///tmp/x.js'],
		['webpreferences', 'sandbox=no'],
	] as const)
		view.setAttribute(name, value);
	document.body.append(view);
	await new Promise((resolve) => setTimeout(resolve, 500));
	return opened;
}

/** What the page has been given: names and kinds of everything on the bridge, and whether it can be changed. */
export function describeBridge() {
	const bridge = window.fieldbook as unknown as Record<string, unknown>;
	const kinds = Object.entries(bridge).map(([name, value]) => `${name}:${typeof value}`);
	let isChanged = false;
	try {
		bridge['call'] = () => 'taken over';
		bridge['more'] = () => 'more';
		isChanged = 'more' in bridge || String(bridge['call']).includes('taken over');
	} catch {
		// Frozen.
	}
	const globals = Object.getOwnPropertyNames(window).filter((name) => /electron|^ipc|fieldbook/i.test(name));
	return { kinds: kinds.sort(), isChanged, globals };
}
