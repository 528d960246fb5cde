import type { Configuration } from 'openid-client';
import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import type { SessionStatus, SignedIn } from '../../../../shared/contract/session.ts';
import { type Credentials, SignedOut } from './credentials.ts';

export interface KeeperSetup {
	store: Store;
	/** Writes to the store in a transaction of its own, between the units. */
	exclusively<T>(work: () => T): Promise<T>;
	now: () => Date;
	fetch: typeof fetch;
	/** What the windows show of the session has changed. */
	announce(): void;
}

/** As it is kept in the encrypted store. */
interface Kept extends Pick<SignedIn, 'issuer' | 'clientId' | 'scope' | 'refreshToken'> {
	signedInAt: string;
}

/** A token this near its end would end on the way. */
const MARGIN_MS = 30_000;

/** Only these listen to a laptop that shows its ticket in place of a token. */
const LEAVING_PATHS = /^\/v1\/(sync\/(hello|push|leave)|blobs(\/uploads\/[^/]+)?)$/;

/**
 * Keeps the person signed in: the refresh token lies in the encrypted store and is renewed whenever a token is wanted,
 * the access token lies in memory. When the issuer wants the person again, that is noted and nothing else happens: the
 * workbook and its queue do not depend on it.
 */
export class SessionKeeper implements Credentials {
	readonly #setup: KeeperSetup;
	#access: { token: string; endsAt: number } | undefined;
	#renewing: Promise<string> | undefined;
	#issuer: { name: string; configuration: Promise<Configuration> } | undefined;

	constructor(setup: KeeperSetup) {
		this.#setup = setup;
	}

	async header(path: string): Promise<string> {
		const { now } = this.#setup;
		if (this.#access && this.#access.endsAt - now().getTime() > MARGIN_MS) return `Bearer ${this.#access.token}`;
		if (this.#kept()) {
			try {
				this.#renewing ??= this.#renew().finally(() => {
					this.#renewing = undefined;
				});
				return `Bearer ${await this.#renewing}`;
			} catch (error) {
				if (!(error instanceof SignedOut)) throw error;
			}
		}
		return this.#ticketFor(path);
	}

	refused(header: string): boolean {
		if (!this.#access || header !== `Bearer ${this.#access.token}`) return this.#access !== undefined;
		this.#access = undefined;
		return this.#kept() !== undefined;
	}

	/** Takes over what a sign-in brought; false when the workbook is another person's. */
	async adopt(signedIn: SignedIn): Promise<boolean> {
		const { store, now, exclusively, announce } = this.#setup;
		const { issuer, clientId, scope, refreshToken, subject } = signedIn;
		const person = JSON.stringify([issuer, subject]);
		const isOwn = await exclusively(() => {
			if ((readMeta(store, 'person') ?? person) !== person) return false;
			const kept: Kept = { issuer, clientId, scope, refreshToken, signedInAt: now().toISOString() };
			writeMeta(store, 'person', person);
			writeMeta(store, 'session', JSON.stringify(kept));
			writeMeta(store, 'session_ended', null);
			return true;
		});
		if (!isOwn) return false;
		this.#access = { token: signedIn.accessToken, endsAt: signedIn.endsAt };
		announce();
		return true;
	}

	/** Gives the session back. The issuer is told when it can be reached; the token is gone from here in any case. */
	async signOut(): Promise<void> {
		const kept = this.#kept();
		this.#access = undefined;
		await this.#setup.exclusively(() => writeMeta(this.#setup.store, 'session', null));
		this.#setup.announce();
		if (!kept) return;
		const { tokenRevocation } = await import('openid-client');
		await this.#configuration(kept)
			.then((configuration) => tokenRevocation(configuration, kept.refreshToken))
			.catch(() => undefined);
	}

	status(): Pick<SessionStatus, 'state' | 'signedInAt' | 'expiredAt'> {
		const { store } = this.#setup;
		const signedInAt = this.#kept()?.signedInAt ?? null;
		const expiredAt = readMeta(store, 'session_ended') ?? null;
		const state = signedInAt ? 'signed_in' : expiredAt ? 'expired' : 'signed_out';
		return { state, signedInAt, expiredAt };
	}

	#kept(): Kept | undefined {
		const text = readMeta(this.#setup.store, 'session');
		return text === undefined ? undefined : (JSON.parse(text) as Kept);
	}

	/** A new access token, for the refresh token as it is in the store; the one that comes with it is stored first. */
	async #renew(): Promise<string> {
		const kept = this.#kept();
		if (!kept) throw new SignedOut('Nobody is signed in.');
		const { refreshTokenGrant, ResponseBodyError } = await import('openid-client');
		const { store, now, exclusively } = this.#setup;
		try {
			const reply = await refreshTokenGrant(await this.#configuration(kept), kept.refreshToken);
			const next = reply.refresh_token ?? kept.refreshToken;
			await exclusively(() => {
				// Whoever signed in meanwhile has a newer one.
				if (this.#kept()?.refreshToken === kept.refreshToken)
					writeMeta(store, 'session', JSON.stringify({ ...kept, refreshToken: next }));
			});
			this.#access = { token: reply.access_token, endsAt: now().getTime() + (reply.expires_in ?? 60) * 1000 };
			return reply.access_token;
		} catch (error) {
			if (!(error instanceof ResponseBodyError) || error.error !== 'invalid_grant') throw error;
			await this.#end(kept);
			throw new SignedOut('The issuer wants the person to sign in again.');
		}
	}

	async #end(kept: Kept): Promise<void> {
		const { store, now, exclusively, announce } = this.#setup;
		await exclusively(() => {
			if (this.#kept()?.refreshToken !== kept.refreshToken) return;
			writeMeta(store, 'session', null);
			writeMeta(store, 'session_ended', now().toISOString());
		});
		announce();
	}

	/** A laptop without a token greets with its ticket: should it have been put out, it is told so. */
	#ticketFor(path: string): string {
		const [ticket, device] = [readMeta(this.#setup.store, 'ticket'), readMeta(this.#setup.store, 'device_id')];
		if (ticket === undefined || !LEAVING_PATHS.test(path)) throw new SignedOut('Nobody is signed in.');
		return `Device ${device}:${ticket}`;
	}

	/** What the issuer says of itself is asked once; a failure is asked again. */
	async #configuration({ issuer, clientId }: Kept): Promise<Configuration> {
		if (this.#issuer?.name === issuer) return this.#issuer.configuration;
		const { allowInsecureRequests, customFetch, discovery, None } = await import('openid-client');
		const isHere = new URL(issuer).hostname === '127.0.0.1';
		const configuration = discovery(new URL(issuer), clientId, undefined, None(), {
			[customFetch]: (url: string, options: object) =>
				this.#setup.fetch(url, { ...options, redirect: 'error' } as RequestInit),
			...(isHere ? { execute: [allowInsecureRequests] } : {}),
			timeout: 20,
		});
		this.#issuer = { name: issuer, configuration };
		configuration.catch(() => {
			this.#issuer = undefined;
		});
		return configuration;
	}
}
