import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetPath, mimeOf } from '../../electron/main/asset-path.ts';
import { contentPolicy, isOwnOrigin } from '../../electron/main/content-policy.ts';
import { serveRenderer } from '../../electron/main/renderer-files.ts';

describe('assetPath', () => {
	it('finds built files and gives routes the page', () => {
		expect(assetPath('app://fieldbook/')).toBe('index.html');
		expect(assetPath('app://fieldbook/index.html')).toBe('index.html');
		expect(assetPath('app://fieldbook/accounts/acc-1')).toBe('index.html');
		expect(assetPath('app://fieldbook/assets/index-D3x_1.js?v=1#top')).toBe('assets/index-D3x_1.js');
		expect(mimeOf('assets/inter.woff2')).toBe('font/woff2');
	});

	it.each([
		'app://fieldbook/%2e%2e%2fmain/main.js',
		'app://fieldbook/..%2f..%2fetc/passwd',
		'app://fieldbook/assets/%00.js',
		'app://fieldbook/assets\\..\\..\\main.js',
		'app://fieldbook/.inputs',
		'app://fieldbook/assets/.hidden.js',
		'app://fieldbook//etc/passwd.js',
		'app://fieldbook/C:/windows/win.js',
		'app://other/index.html',
		'app://user@fieldbook/index.html',
		'file:///etc/passwd',
		'http://fieldbook/index.html',
		'app://fieldbook/secrets.db',
		`app://fieldbook/${'a/'.repeat(600)}b.js`,
		'nonsense',
	])('refuses %s', (url) => expect(assetPath(url)).toBeUndefined());

	it('never leads outside the folder, whatever is asked', () => {
		const part = fc.constantFrom(
			'..',
			'.',
			'%2e%2e',
			'%2f',
			'\\',
			'/',
			'%5c',
			'%00',
			'a',
			'main.js',
			'~',
			'C:',
			'%252e',
			'\u202e',
			' ',
		);
		fc.assert(
			fc.property(fc.array(part, { maxLength: 12 }), fc.string(), (parts, tail) => {
				const found = assetPath(`app://fieldbook/${parts.join('')}${tail}`);
				if (found === undefined) return;
				const absolute = path.resolve('/root', found);
				expect(absolute.startsWith('/root/')).toBe(true);
				expect(found).not.toMatch(/(^|\/)\.|[\\%\0]/);
			}),
			{ numRuns: 5000 },
		);
	});
});

describe('serveRenderer', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-serve-'));
	const root = path.join(folder, 'renderer');
	const get = (url: string, method = 'GET') => serveRenderer(root)({ url: `app://fieldbook${url}`, method });

	beforeAll(() => {
		mkdirSync(path.join(root, 'assets'), { recursive: true });
		writeFileSync(path.join(root, 'index.html'), '<meta content="%NONCE%"><style nonce="%NONCE%"></style>');
		writeFileSync(path.join(root, 'assets', 'a.js'), 'ok');
		writeFileSync(path.join(folder, 'secret.js'), 'secret');
		symlinkSync(path.join(folder, 'secret.js'), path.join(root, 'assets', 'link.js'));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('puts a fresh nonce into the page and its policy', async () => {
		const [first, second] = [await get('/'), await get('/')];
		const policy = first.headers.get('content-security-policy') ?? '';
		const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
		expect(nonce.length).toBeGreaterThan(20);
		expect(await first.text()).toBe(`<meta content="${nonce}"><style nonce="${nonce}"></style>`);
		expect(second.headers.get('content-security-policy')).not.toBe(policy);
		expect(first.headers.get('x-content-type-options')).toBe('nosniff');
	});

	it('serves files, and neither links that lead out nor what is not there nor writes', async () => {
		expect((await get('/assets/a.js')).headers.get('content-type')).toContain('text/javascript');
		expect((await get('/assets/link.js')).status).toBe(403);
		expect((await get('/assets/gone.js')).status).toBe(404);
		expect((await get('/', 'POST')).status).toBe(403);
	});
});

describe('contentPolicy', () => {
	it('allows no inline script, no eval and no address but our own', () => {
		const policy = contentPolicy('abc');
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("script-src 'self';");
		expect(policy).not.toMatch(/unsafe|https?:|\*/);
	});

	it('knows its own pages', () => {
		expect(isOwnOrigin('app://fieldbook', undefined)).toBe(true);
		expect(isOwnOrigin('http://127.0.0.1:5173', 'http://127.0.0.1:5173/')).toBe(true);
		for (const origin of ['null', 'app://fieldbook.evil', 'app://other', 'file://', 'http://127.0.0.1:5173', '']) {
			expect(isOwnOrigin(origin, undefined)).toBe(false);
		}
	});
});
