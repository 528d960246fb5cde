import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

export interface IssuerPlace {
	/** The issuer's name as its tokens carry it, which is also where it describes itself. */
	issuer: string;
	/** Where its keys are; without it, where its description says. Nothing in a token is ever followed. */
	jwksUrl?: string | undefined;
}

export interface Outside {
	fetch: typeof fetch;
	/** Milliseconds since 1970 UTC. */
	now: () => number;
}

/** The issuer's keys could not be had at all. */
export class KeysUnavailable extends Error {}

const FRESH_MS = 10 * 60_000;
/** Somebody with invented key names must not make us ask the issuer each time. */
const LEAST_BETWEEN_MS = 30_000;
/** Keys that were good stay so for a day while the issuer cannot be reached: it may not put everybody out. */
const STALE_MS = 86_400_000;
const PATIENCE_MS = 5000;
const MOST_BYTES = 262_144;

const description = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** The keys an issuer signs with, asked for when they are old and when a token names one that is not known. */
export class IssuerKeys {
	readonly #place: IssuerPlace;
	readonly #outside: Outside;
	#keys: JWTVerifyGetKey | undefined;
	#names = new Set<string>();
	#loadedAt = -Infinity;
	#triedAt = -Infinity;
	#loading: Promise<void> | undefined;

	constructor(place: IssuerPlace, outside: Outside) {
		this.#place = place;
		this.#outside = outside;
	}

	/** For jose's `jwtVerify`. Throws KeysUnavailable when there are none and the issuer cannot be reached. */
	readonly find: JWTVerifyGetKey = async (header, token) => {
		const now = this.#outside.now();
		const isOld = now - this.#loadedAt > FRESH_MS;
		const isUnknown = header.kid === undefined || !this.#names.has(header.kid);
		if (isOld || isUnknown) await this.#reload(now);
		if (!this.#keys || this.#outside.now() - this.#loadedAt > STALE_MS) throw new KeysUnavailable();
		return this.#keys(header, token);
	};

	#reload(now: number): Promise<void> {
		if (!this.#loading && this.#keys && now - this.#triedAt < LEAST_BETWEEN_MS) return Promise.resolve();
		this.#loading ??= this.#load(now).finally(() => {
			this.#loading = undefined;
		});
		return this.#loading;
	}

	async #load(now: number): Promise<void> {
		this.#triedAt = now;
		try {
			const url = this.#place.jwksUrl ?? (await this.#findKeysUrl());
			const { keys } = keySet.parse(await this.#read(url));
			// Only public keys that sign: a secret would let anybody who knows it make tokens.
			const signing = keys.filter(({ kty, use, d, k }) => kty !== 'oct' && use !== 'enc' && !d && !k);
			this.#keys = createLocalJWKSet({ keys: signing } as JSONWebKeySet);
			this.#names = new Set(signing.flatMap(({ kid }) => (typeof kid === 'string' ? kid : [])));
			this.#loadedAt = now;
		} catch {
			// What was known stays; `find` decides whether that is enough.
		}
	}

	async #findKeysUrl(): Promise<string> {
		const { issuer } = this.#place;
		const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
		const said = description.parse(await this.#read(url));
		if (said.issuer !== issuer) throw new Error('The issuer goes by another name.');
		if (new URL(said.jwks_uri).protocol !== new URL(issuer).protocol) throw new Error('The keys are elsewhere.');
		return said.jwks_uri;
	}

	async #read(url: string): Promise<unknown> {
		const reply = await this.#outside.fetch(url, {
			redirect: 'error',
			signal: AbortSignal.timeout(PATIENCE_MS),
			headers: { accept: 'application/json' },
		});
		if (!reply.ok) throw new Error(`The issuer answered ${reply.status}.`);
		const text = await reply.text();
		if (text.length > MOST_BYTES) throw new Error('The answer is too large.');
		return JSON.parse(text) as unknown;
	}
}
