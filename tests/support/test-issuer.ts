import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type TokenRules, tokenVerifier, type VerifyToken } from '../../server/security/access-token.ts';

export const ISSUER = 'https://id.example.com';
export const TEST_AUDIENCE = 'https://fieldbook.example.com/api';

/** An issuer that exists in this process only: its keys are served by a `fetch` that notes what it was asked for. */
export class TestIssuer {
	readonly asked: string[] = [];
	readonly rules: TokenRules = { issuer: ISSUER, audience: TEST_AUDIENCE };
	isDown = false;
	now: () => number = Date.now;
	#keys: { kid: string; alg: string; privateKey: CryptoKey; jwk: object }[] = [];

	static async start(): Promise<TestIssuer> {
		const issuer = new TestIssuer();
		await issuer.addKey('key-1', 'ES256');
		await issuer.addKey('key-2', 'RS256');
		return issuer;
	}

	async addKey(kid: string, alg: string): Promise<void> {
		const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
		this.#keys.push({ kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } });
	}

	/** The key is no longer told of. */
	dropKey(kid: string): CryptoKey {
		const key = this.key(kid);
		this.#keys = this.#keys.filter((one) => one.kid !== kid);
		return key.privateKey;
	}

	key(kid = 'key-1') {
		const found = this.#keys.find((key) => key.kid === kid);
		if (!found) throw new Error(`There is no key ${kid}.`);
		return found;
	}

	/** What a good token says; `over` changes it, undefined takes a claim out. */
	claims(over: Record<string, unknown> = {}): JWTPayload {
		const now = Math.floor(this.now() / 1000);
		const good = {
			iss: ISSUER,
			sub: 'subject-sam',
			aud: TEST_AUDIENCE,
			client_id: 'fieldbook-desktop',
			iat: now,
			exp: now + 600,
		};
		return JSON.parse(JSON.stringify({ ...good, jti: `token-${now}`, ...over })) as JWTPayload;
	}

	/** A good token, unless told otherwise. */
	async token(over: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
		const { alg, kid, privateKey } = this.key();
		return new SignJWT(this.claims(over)).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey);
	}

	readonly fetch: typeof fetch = async (input) => {
		const url = String(input);
		this.asked.push(url);
		if (this.isDown) throw new TypeError('fetch failed');
		if (url === `${ISSUER}/.well-known/openid-configuration`)
			return Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
		if (url === `${ISSUER}/keys`) return Response.json({ keys: this.#keys.map(({ jwk }) => jwk) });
		return new Response('', { status: 404 });
	};

	verifier(rules: Partial<TokenRules> = {}): VerifyToken {
		return tokenVerifier({ ...this.rules, ...rules }, { fetch: this.fetch, now: () => this.now() });
	}

	/** For a server: its tokens are taken, and laptops are told where it is. */
	signIn() {
		const place = {
			issuer: ISSUER,
			audience: TEST_AUDIENCE,
			clientId: 'fieldbook-desktop',
			scope: 'openid offline_access',
		};
		return { verify: this.verifier(), place };
	}
}
