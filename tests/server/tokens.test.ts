import { createHmac } from 'node:crypto';
import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addIdentities } from '../../server/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { ISSUER, TEST_AUDIENCE, TestIssuer } from '../support/test-issuer.ts';

let issuer: TestIssuer;
let server: TestServer;

beforeAll(async () => {
	issuer = await TestIssuer.start();
	server = await startTestServer({
		records: [{ t: 'account', id: 'a-1', v: { account_no: 'S-1', name: 'Halden Pharma AG (fictional)' } }],
		signIn: issuer.signIn(),
		takesOpaque: false,
	});
	await server.store.db
		.transaction()
		.execute((trx) => addIdentities(trx, [{ issuer: ISSUER, subject: 'subject-sam', userId: 'u-sam' }], new Date()));
});
afterAll(() => server.stop());

async function ask(token: string): Promise<{ status: number; code: string | undefined }> {
	const reply = await fetch(`${server.url}/v1/sync/pull`, { headers: { authorization: `Bearer ${token}` } });
	if (reply.status === 200) return { status: 200, code: undefined };
	const body = (await reply.json()) as { error?: { code?: string } };
	return { status: reply.status, code: body.error?.code };
}

const encode = (value: unknown) =>
	Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signed with the issuer's own key, but over a payload as it stands. */
async function signText(payload: string, header: object = {}): Promise<string> {
	const { alg, kid, privateKey } = issuer.key();
	const head = `${encode({ alg, kid, typ: 'at+jwt', ...header })}.${encode(payload)}`;
	const sign = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(head));
	return `${head}.${Buffer.from(sign).toString('base64url')}`;
}

/** Signed by somebody else, with whatever the header says. */
async function byAttacker(header: Record<string, unknown>): Promise<string> {
	const { privateKey } = await generateKeyPair('ES256');
	return new SignJWT(issuer.claims())
		.setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt', ...header })
		.sign(privateKey);
}

const minutes = (n: number) => Math.floor(Date.now() / 1000) + n * 60;

const forged: Record<string, () => string | Promise<string>> = {
	'alg none, no signature': () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(issuer.claims())}.`,
	'alg none in odd case, with the signature of another': async () => {
		const [, , signature] = (await issuer.token()).split('.');
		return `${encode({ alg: 'nOnE', kid: 'key-1', typ: 'at+jwt' })}.${encode(issuer.claims())}.${signature}`;
	},
	'HS256 under the public key': async () => {
		const publicKey = (await importJWK(issuer.key('key-2').jwk, 'RS256', { extractable: true })) as CryptoKey;
		const head = `${encode({ alg: 'HS256', kid: 'key-2', typ: 'at+jwt' })}.${encode(issuer.claims())}`;
		return `${head}.${createHmac('sha256', await exportSPKI(publicKey))
			.update(head)
			.digest('base64url')}`;
	},
	'HS256 under the published JWK': () => {
		const head = `${encode({ alg: 'HS256', kid: 'key-1', typ: 'at+jwt' })}.${encode(issuer.claims())}`;
		return `${head}.${createHmac('sha256', JSON.stringify(issuer.key().jwk)).update(head).digest('base64url')}`;
	},
	'jku of an attacker': () => byAttacker({ jku: 'https://attacker.example.com/keys' }),
	'x5u of an attacker': () => byAttacker({ x5u: 'https://attacker.example.com/cert' }),
	'jwk embedded': async () => {
		const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
		return new SignJWT(issuer.claims())
			.setProtectedHeader({
				alg: 'ES256',
				typ: 'at+jwt',
				jwk: (await crypto.subtle.exportKey('jwk', publicKey)) as never,
			})
			.sign(privateKey);
	},
	'jku, signed by the right key': () => issuer.token({}, { jku: 'https://attacker.example.com/keys' }),
	'kid that walks the folders': () => byAttacker({ kid: '../../../../dev/null' }),
	'kid that is SQL': () => byAttacker({ kid: "x' union select 'key' --" }),
	'kid of another key of the issuer': () => issuer.token({}, { kid: 'key-2' }),
	'kid unknown': () => byAttacker({ kid: 'key-9' }),
	'kid missing': () => issuer.token({}, { kid: undefined }),
	'signature of an attacker': () => byAttacker({}),
	'ID token in place of an access token': () => issuer.token({ nonce: 'n' }, { typ: 'JWT' }),
	'no typ': () => issuer.token({}, { typ: undefined }),
	'other audience': () => issuer.token({ aud: 'https://other.example.com/api' }),
	'audience with a longer name': () => issuer.token({ aud: `${TEST_AUDIENCE}/x` }),
	'several audiences': () => issuer.token({ aud: [TEST_AUDIENCE, 'https://other.example.com/api'] }),
	'no audience': () => issuer.token({ aud: undefined }),
	'other issuer': () => issuer.token({ iss: 'https://id.attacker.example.com' }),
	'issuer with a longer name': () => issuer.token({ iss: `${ISSUER}.attacker.example.com` }),
	'issuer with a slash more': () => issuer.token({ iss: `${ISSUER}/` }),
	'no exp': () => issuer.token({ exp: undefined }),
	'exp past': () => issuer.token({ iat: minutes(-12), exp: minutes(-2) }),
	'exp a fraction': () => issuer.token({ exp: minutes(5) + 0.5 }),
	'exp as text': () => signText(JSON.stringify({ ...issuer.claims(), exp: String(minutes(5)) })),
	'exp years ahead': () => issuer.token({ exp: minutes(60 * 24 * 365) }),
	'nbf ahead': () => issuer.token({ nbf: minutes(5) }),
	'iat ahead': () => issuer.token({ iat: minutes(5), exp: minutes(10) }),
	'empty sub': () => issuer.token({ sub: '' }),
	'no sub': () => issuer.token({ sub: undefined }),
	'sub with a blank behind': () => issuer.token({ sub: 'subject-sam ' }),
	'the same claim twice': () => {
		const claims = JSON.stringify(issuer.claims({ sub: 'subject-nobody' }));
		return signText(`${claims.slice(0, -1)},"sub":"subject-sam"}`);
	},
	'the same claim twice, once escaped': () => {
		const claims = JSON.stringify(issuer.claims({ sub: 'subject-nobody' }));
		return signText(`${claims.slice(0, -1)},"s\\u0075b":"subject-sam"}`);
	},
	'a critical header that is not known': () => issuer.token({}, { crit: ['b64'], b64: true }),
	'payload changed, signature kept': async () => {
		const [head, , signature] = (await issuer.token({ sub: 'subject-nobody' })).split('.');
		return `${head}.${encode(issuer.claims())}.${signature}`;
	},
	'signature cut': async () => (await issuer.token()).slice(0, -4),
	'no signature': async () => (await issuer.token()).replace(/[^.]+$/, ''),
	'a development token': () => 'dev-sam',
	'five parts': () => 'a.b.c.d.e',
};

test(`${Object.keys(forged).length} forged tokens are refused, and nobody is asked but the issuer`, async () => {
	expect(Object.keys(forged).length).toBeGreaterThanOrEqual(30);
	expect((await ask(await issuer.token())).status).toBe(200);
	const answers: Record<string, unknown> = {};
	for (const [name, make] of Object.entries(forged)) answers[name] = await ask(await make());
	const refused = Object.keys(forged).map((name) => [name, { status: 401, code: 'signed_out' }]);
	expect(answers).toEqual(Object.fromEntries(refused));
	expect(new Set(issuer.asked.map((url) => new URL(url).host))).toEqual(new Set(['id.example.com']));
	expect((await ask(await issuer.token())).status).toBe(200);
});

test('a megabyte of token is refused before it is read', async () => {
	const verify = issuer.verifier();
	const asked = issuer.asked.length;
	await expect(verify(await issuer.token({ padding: 'x'.repeat(1_048_576) }))).rejects.toMatchObject({ status: 401 });
	expect(issuer.asked.length).toBe(asked);
	const reply = await fetch(`${server.url}/v1/sync/pull`, {
		headers: { authorization: `Bearer ${'x'.repeat(60_000)}` },
	});
	expect(reply.status).toBe(431);
});

test('a clock that is a minute off does no harm, one that is two minutes off does', async () => {
	const verify = issuer.verifier();
	await expect(verify(await issuer.token({ iat: minutes(-11), exp: minutes(-1) + 10 }))).resolves.toBeDefined();
	await expect(verify(await issuer.token({ iat: minutes(-12), exp: minutes(-2) }))).rejects.toMatchObject({
		status: 401,
	});
});

test('a person is issuer and subject: the same mail address under another subject is somebody else', async () => {
	const other = await ask(await issuer.token({ sub: 'subject-new', email: 'ada@example.com' }));
	expect(other).toEqual({ status: 403, code: 'not_invited' });
	expect((await ask(await issuer.token({ email: 'ada@example.com' }))).status).toBe(200);
});

test('a key that is new is found, one that was withdrawn is refused within ten minutes', async () => {
	const own = await TestIssuer.start();
	let now = Date.now();
	own.now = () => now;
	const verify = own.verifier();
	await expect(verify(await own.token())).resolves.toBeDefined();
	await own.addKey('key-3', 'ES256');
	now += 31_000;
	const { privateKey } = own.key('key-3');
	const sign = (kid: string, key: typeof privateKey) =>
		new SignJWT(own.claims()).setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' }).sign(key);
	await expect(verify(await sign('key-3', privateKey))).resolves.toBeDefined();
	const withdrawn = own.dropKey('key-3');
	now += 11 * 60_000;
	await expect(verify(await sign('key-3', withdrawn))).rejects.toMatchObject({ status: 401 });
});

test('invented key names do not make us ask the issuer each time', async () => {
	const own = await TestIssuer.start();
	const verify = own.verifier();
	await verify(await own.token());
	const before = own.asked.length;
	for (let n = 0; n < 50; n++)
		await expect(verify(await own.token({}, { kid: `invented-${n}` }))).rejects.toMatchObject({ status: 401 });
	expect(own.asked.length - before).toBeLessThanOrEqual(2);
});

test('while the issuer is away good tokens stay good for a day, forged ones stay forged, and a server without keys says "later"', async () => {
	const own = await TestIssuer.start();
	let now = Date.now();
	own.now = () => now;
	const verify = own.verifier();
	await verify(await own.token());
	own.isDown = true;
	now += 3_600_000;
	await expect(verify(await own.token())).resolves.toBeDefined();
	const { privateKey } = await generateKeyPair('ES256');
	const foreign = new SignJWT(own.claims()).setProtectedHeader({ alg: 'ES256', kid: 'key-7', typ: 'at+jwt' });
	await expect(verify(await foreign.sign(privateKey))).rejects.toMatchObject({ status: 401 });
	now += 25 * 3_600_000;
	await expect(verify(await own.token())).rejects.toMatchObject({ status: 503 });
	await expect(own.verifier()(await own.token())).rejects.toMatchObject({ status: 503, code: 'unavailable' });
});

test('tokens that never end are not taken in production', async () => {
	vi.stubEnv('NODE_ENV', 'production');
	const { buildServer } = await import('../../server/app.ts');
	const app = await buildServer({ db: server.store.db, clock: () => new Date() });
	vi.unstubAllEnvs();
	const reply = await app.inject({ url: '/v1/sync/pull', headers: { authorization: 'Bearer dev-sam' } });
	expect(reply.statusCode).toBe(401);
	await app.close();
});
