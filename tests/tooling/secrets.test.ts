import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildServer } from '../../server/app.ts';
import { errorLine } from '../../server/log-line.ts';
import { startTestServer } from '../support/server.ts';

/** What a key, a password or a token looks like. */
const KINDS: Readonly<Record<string, RegExp>> = {
	'a private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{40,}/,
	'a signed token': /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}/,
	'a cloud key': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
	'a token of a code host': /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|glpat-[\w-]{20,}|github_pat_\w{40,})\b/,
	'a token of a registry': /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*(?!\$)\S{8,}/,
	'a chat hook': /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+|\bxox[abpr]-[\w-]{10,}/,
	'a key of a service': /\b(?:sk|rk)_live_[A-Za-z0-9]{20,}|\bAIza[\w-]{35}\b|\bsk-[A-Za-z0-9]{40,}/,
	'a database with its password':
		/\bpostgres(?:ql)?:\/\/[^\s:@/'"`$<]+:(?!x@|postgres@|\$)[^\s@/'"`$<]{4,}@(?!127\.0\.0\.1|localhost)/,
	'a password': /\b(?:password|passwd|secret|api_?key)\s*[:=]\s*['"][A-Za-z0-9+/_=-]{24,}['"]/i,
};

const find = (text: string) => Object.entries(KINDS).flatMap(([kind, form]) => (form.test(text) ? [kind] : []));

function findIn(files: readonly string[]): string[] {
	return files.flatMap((file) => find(readFileSync(file, 'latin1')).map((kind) => `${file}: ${kind}`));
}

function filesUnder(folder: string): string[] {
	if (!existsSync(folder)) return [];
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

describe('no secret', () => {
	// Put together here, so that this file itself holds none.
	const planted: Readonly<Record<string, string>> = {
		'a private key': `-----BEGIN ${'PRIVATE KEY'}-----\n${'MIIE'.repeat(20)}\n`,
		'a signed token': ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJ1LXNhbSJ9xxxx', 'c2lnbmF0dXJlc2lnbmF0dXJl'].join('.'),
		'a cloud key': `AKIA${'ABCDEFGHIJKLMNOP'}`,
		'a token of a code host': `ghp_${'a'.repeat(36)}`,
		'a token of a registry': `npm_${'a'.repeat(36)}`,
		'a chat hook': `xoxb-${'1'.repeat(12)}`,
		'a key of a service': `sk_live_${'a'.repeat(24)}`,
		'a database with its password': `postgres://app:${'hunter22'}@db.example.com/fieldbook`,
		'a password': `password = '${'a1'.repeat(16)}'`,
	};

	test.each(Object.keys(KINDS))('%s would be seen', (kind) => {
		expect(find(planted[kind] ?? '')).toContain(kind);
	});

	test.runIf(existsSync('.git'))('is in what is kept under version control', () => {
		const listed = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
		const files = listed.split('\0').filter((file) => file !== '' && existsSync(file));
		expect(files.length).toBeGreaterThan(500);
		expect(findIn(files)).toEqual([]);
	});

	test('is in what was built', () => {
		expect(findIn(filesUnder('out'))).toEqual([]);
	});

	test('and nothing that a person wrote, is in the log', async () => {
		const server = await startTestServer();
		const lines: string[] = [];
		const app = await buildServer({
			db: server.store.db,
			clock: () => new Date(),
			log: (line) => lines.push(JSON.stringify(line)),
		});
		const headers = { authorization: 'Bearer dev-sam', cookie: 'c=very-secret-cookie' };
		await app.inject({ url: '/v1/sync/digest?account=client-of-ours', headers });
		await app.inject({ url: '/v1/sync/pull?cursor=very-secret-cursor', headers });
		await app.inject({ url: '/very-secret-address', headers });
		await app.inject({ method: 'POST', url: '/v1/sync/push', headers, payload: { note: 'very-secret-note' } });
		await app.close();
		await server.stop();
		expect(lines).toHaveLength(4);
		expect(lines.join('\n')).not.toMatch(/very-secret|dev-sam|client-of-ours/);
		const error = Object.assign(new Error('very-secret message'), { detail: 'Key (title)=(very-secret)' });
		expect(errorLine(error, new Date())).not.toContain('very-secret');
	});
});
