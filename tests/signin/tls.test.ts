import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls, { type SecureVersion } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fetchTransport } from '../../electron/core/sync/reaching/transport.ts';
import { cleanEnvironment, readStartOptions } from '../../electron/main/start-options.ts';
import { SERVER_HEADER } from '../../shared/sync/protocol.ts';

/** Certificates are made here, by an authority that only the first tests trust. */
let folder: string;
let server: Server | undefined;
const before = tls.getCACertificates('default');

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

/** A certificate of our authority for `host` that ends after `days`, also before it began. */
function certify(name: string, host: string, days: number): void {
	writeFileSync(path.join(folder, `${name}.ext`), `subjectAltName=${host}`);
	openssl(
		'req',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		'-keyout',
		`${name}.key`,
		'-out',
		`${name}.csr`,
		'-subj',
		'/CN=x',
	);
	openssl(
		'x509',
		'-req',
		'-in',
		`${name}.csr`,
		'-CA',
		'ca.crt',
		'-CAkey',
		'ca.key',
		'-CAcreateserial',
		'-extfile',
		`${name}.ext`,
		'-out',
		`${name}.crt`,
		'-days',
		String(days),
	);
}

const isPossible = spawnSync('openssl', ['version']).status === 0;

beforeAll(() => {
	if (!isPossible) return;
	folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-tls-'));
	openssl(
		'req',
		'-x509',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		'-keyout',
		'ca.key',
		'-out',
		'ca.crt',
		'-subj',
		'/CN=Office authority',
		'-days',
		'30',
	);
	certify('good', 'IP:127.0.0.1', 30);
	certify('ended', 'IP:127.0.0.1', -1);
	certify('other', 'DNS:other.example.com', 30);
	tls.setDefaultCACertificates([...before, read('ca.crt')]);
});
afterEach(async () => {
	server?.closeAllConnections();
	await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
	server = undefined;
});
afterAll(() => {
	tls.setDefaultCACertificates(before);
	if (folder) rmSync(folder, { recursive: true, force: true });
});

async function ask(certificate: string, versions: { minVersion?: SecureVersion; maxVersion?: SecureVersion } = {}) {
	const heard: string[] = [];
	server = createServer(
		{ key: read(`${certificate}.key`), cert: read(`${certificate}.crt`), ciphers: 'DEFAULT@SECLEVEL=0', ...versions },
		(request, response) => {
			heard.push(String(request.headers.authorization));
			response.writeHead(200, { [SERVER_HEADER]: 'epoch' }).end('{}');
		},
	);
	await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
	const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const { signal } = new AbortController();
	const answer = await fetchTransport({ url, token: 'secret' })
		.request('/v1/health', { signal })
		.then(
			({ text }) => text,
			(error: { problem: string }) => error.problem,
		);
	return { answer, heard };
}

test.runIf(isPossible)('a server of an authority that this computer trusts is talked to', async () => {
	expect(await ask('good')).toEqual({ answer: '{}', heard: ['Bearer secret'] });
});

test.runIf(isPossible).each([
	['whose certificate has ended', 'ended', {}],
	['that is certified for another name', 'other', {}],
	['that speaks no newer TLS than 1.1', 'good', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }],
] as const)('to a server %s nothing is said', async (_, certificate, versions) => {
	expect(await ask(certificate, versions)).toEqual({ answer: 'unreachable', heard: [] });
});

test.runIf(isPossible)(
	'to a server of an authority that nobody here knows nothing is said, whatever the environment asks for',
	async () => {
		tls.setDefaultCACertificates(before);
		expect(await ask('good')).toEqual({ answer: 'unreachable', heard: [] });
		const env: NodeJS.ProcessEnv = { NODE_TLS_REJECT_UNAUTHORIZED: '0', FIELDBOOK_SERVER: 'https://127.0.0.1' };
		cleanEnvironment(env);
		expect(env).toEqual({ FIELDBOOK_SERVER: 'https://127.0.0.1' });
	},
);

test('an open line is used on this computer only', () => {
	const runtime = { packaged: true, napi: 10, resourcesPath: '' };
	for (const url of [
		'http://fieldbook.example.com',
		'http://10.0.0.1',
		'ftp://127.0.0.1',
		'http://127.0.0.1.example.com',
	])
		expect([url, readStartOptions({ FIELDBOOK_SERVER: url }, runtime).server]).toEqual([url, undefined]);
	expect(readStartOptions({ FIELDBOOK_SERVER: 'http://127.0.0.1:8080' }, runtime).server).toBeDefined();
});
