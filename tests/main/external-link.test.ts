import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isSafeLink, openLink, openSignInPage } from '../../electron/main/external-link.ts';

describe('isSafeLink', () => {
	it.each([
		'https://example.com/',
		'https://example.com/a?b=c&d=%20e#f',
		'https://xn--mnchen-3ya.example/',
		'mailto:ada@example.com',
		'mailto:ada@example.com?subject=Hello',
	])('opens %s', (link) => expect(isSafeLink(link)).toBe(true));

	it.each([
		'http://example.com/',
		'file:///etc/passwd',
		'file://server/share/x.exe',
		'smb://server/share',
		'\\\\server\\share',
		'//server/share',
		'javascript:alert(1)',
		'JavaScript:alert(1)',
		' https://example.com/',
		'https://example.com/ x',
		'https://example.com/\nX',
		'https://user:pass@example.com/',
		'https://user@example.com/',
		'https:example.com',
		'https:///example.com',
		'https:/\\example.com',
		'https://example.com/"&calc',
		'https://example.com/`id`',
		'https://exämple.com/',
		'https://example.com/\u202egpj.exe',
		'ms-msdt:/id PCWDiagnostic',
		'ms-settings:network',
		'search-ms:query=x',
		'vscode://file/x',
		'data:text/html,x',
		'blob:https://example.com/x',
		'mailto:',
		'mailto:a@b.c?attach=/etc/passwd',
		'mailto:a@b.c,d@e.f@g',
		'app://fieldbook/',
		`https://example.com/${'a'.repeat(3000)}`,
		'',
		null,
		42,
		{ toString: () => 'https://example.com/' },
	])('refuses %s', (link) => expect(isSafeLink(link)).toBe(false));

	it('lets through nothing but https and mailto in a hundred thousand strings', () => {
		const scheme = fc.constantFrom(
			'https',
			'HTTPS',
			'http',
			'file',
			'smb',
			'ms-word',
			'javascript',
			'mailto',
			'x',
			'ftp',
			'\u0000https',
			'https\t',
			' https',
		);
		const glue = fc.constantFrom(':', '://', ':/', ':\\\\', ':///', '%3a//', ':\n//');
		const rest = fc.oneof(
			fc.string({ maxLength: 20 }),
			fc.webUrl(),
			fc.constantFrom('a@b.c', 'u:p@h/', '..\\x', '\u202e', 'h/"x'),
		);
		fc.assert(
			fc.property(scheme, glue, rest, (a, b, c) => {
				const link = `${a}${b}${c}`;
				if (!isSafeLink(link)) return;
				const url = new URL(link);
				expect(['https:', 'mailto:']).toContain(url.protocol);
				expect(url.username + url.password).toBe('');
				expect(url.href).not.toMatch(/[\s"'\\<>`]/);
			}),
			{ numRuns: 100_000 },
		);
	}, 60_000);
});

describe('openLink', () => {
	it('hands over safe links only', () => {
		const open = vi.fn(async () => {});
		expect(openLink('https://example.com', open)).toBe(true);
		expect(openLink('file:///etc/passwd', open)).toBe(false);
		expect(open.mock.calls).toEqual([['https://example.com/']]);
	});
});

describe('the page of a sign-in', () => {
	const here = 'http://127.0.0.1:4000';
	it.each([
		[`${here}/auth?client_id=x&state=a-b_c`, here, true],
		['https://id.example.com/auth?x=1', 'https://id.example.com', true],
		['http://127.0.0.1:4001/auth', here, false],
		['http://127.0.0.1.evil.example:4000/auth', here, false],
		['http://127.0.0.1:4000@evil.example/auth', here, false],
		['http://localhost:4000/auth', 'http://localhost:4000', false],
		['http://id.example.com/auth', 'http://id.example.com', false],
		['file:///etc/passwd', here, false],
		[`${here}/auth?x=\n`, here, false],
	])('%s of %s: %s', (link, issuer, isOpened) => {
		const open = vi.fn(async () => undefined);
		expect(openSignInPage(link, issuer, open)).toBe(isOpened);
		expect(open).toHaveBeenCalledTimes(isOpened ? 1 : 0);
	});
});
