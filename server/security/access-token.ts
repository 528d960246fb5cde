import { decodeProtectedHeader, jwtVerify } from 'jose';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import { hasDuplicateKeys } from './duplicate-keys.ts';
import { IssuerKeys, type IssuerPlace, KeysUnavailable, type Outside } from './issuer-keys.ts';

/** Which tokens are taken. */
export interface TokenRules extends IssuerPlace {
	/** The name this API has with the issuer; a token for anybody else is none for us. */
	audience: string;
}

/** What a token that was checked says. */
export interface TokenClaims {
	issuer: string;
	subject: string;
	/** The issuer's session, when it names it. */
	sid: string | undefined;
	roles: readonly string[];
	/** When it ends, in milliseconds since 1970 UTC. */
	endsAt: number;
}

export type VerifyToken = (token: string) => Promise<TokenClaims>;

const ALGORITHMS = ['RS256', 'PS256', 'ES256'];
const LONGEST = 8192;
const TOLERANCE_S = 60;
/** A token that lives longer than this would outlive the order to keep its owner out by as much. */
const LONGEST_LIFE_S = 3600;
/** Headers by which a token would choose the key it is checked with. */
const NAMING_KEYS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip'];

const seconds = z.int().positive();
const plain = z
	.string()
	.min(1)
	.max(255)
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name.
	.regex(/^[^\u0000-\u001f\u007f]+$/);
const claims = z.object({
	iss: plain,
	sub: plain.refine((name) => name.trim() === name),
	aud: z.union([z.string(), z.tuple([z.string()])]),
	exp: seconds,
	iat: seconds,
	nbf: seconds.optional(),
	client_id: plain,
	sid: plain.optional(),
	roles: z.array(z.string().max(100)).max(200).optional(),
});

/**
 * Checks access tokens as RFC 9068 and RFC 8725 want them: one issuer, one audience, few algorithms, keys from the issuer's
 * own list and nowhere else. The answer throws ApiError 401 `signed_out` for every token that is not right, whatever is
 * wrong with it, and 503 `unavailable` while there are no keys to check with.
 */
export function tokenVerifier(rules: TokenRules, outside: Outside): VerifyToken {
	const keys = new IssuerKeys(rules, outside);
	return async (token) => {
		try {
			checkForm(token);
			const { payload } = await jwtVerify(token, keys.find, {
				issuer: rules.issuer,
				audience: rules.audience,
				algorithms: ALGORITHMS,
				typ: 'at+jwt',
				requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'client_id'],
				clockTolerance: TOLERANCE_S,
				currentDate: new Date(outside.now()),
			});
			return readClaims(payload, outside.now());
		} catch (error) {
			if (error instanceof KeysUnavailable)
				throw new ApiError(503, 'unavailable', 'The issuer of tokens cannot be reached now.');
			throw signedOut();
		}
	};
}

/** 401 `signed_out`, the same for every reason. */
export function signedOut(): ApiError {
	return new ApiError(401, 'signed_out', 'The token is missing or not known.');
}

/** Before anything is asked of anybody. */
function checkForm(token: string): void {
	if (token.length > LONGEST || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Error('No token.');
	const header = decodeProtectedHeader(token);
	if (NAMING_KEYS.some((name) => name in header)) throw new Error('The token names its own key.');
	if (typeof header.kid !== 'string' || header.kid.length > 200) throw new Error('The token names no key.');
	for (const part of token.split('.').slice(0, 2)) {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));
		if (hasDuplicateKeys(text)) throw new Error('The token says something twice.');
	}
}

function readClaims(payload: unknown, now: number): TokenClaims {
	const said = claims.parse(payload);
	const nowS = now / 1000;
	if (said.iat > nowS + TOLERANCE_S) throw new Error('The token is of the future.');
	if (said.exp - said.iat > LONGEST_LIFE_S) throw new Error('The token lives too long.');
	return {
		issuer: said.iss,
		subject: said.sub,
		sid: said.sid,
		roles: said.roles ?? [],
		endsAt: said.exp * 1000,
	};
}
