import { readMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { CoreEvent } from '../../../../shared/contract/events.ts';
import type { SessionStatus, SignedIn, SignInPlace } from '../../../../shared/contract/session.ts';
import type { CoreOptions } from '../../core.ts';
import { fetchTransport, TransportError } from '../reaching/transport.ts';
import { realSurroundings } from '../surroundings.ts';
import type { ServerAccess } from './credentials.ts';
import { LeaseWatch } from './lease.ts';
import { SessionKeeper } from './session-keeper.ts';

export interface SessionSetup {
	store: Store;
	dispatcher: { exclusively<T>(work: () => T): Promise<T> };
	options: Pick<CoreOptions, 'server' | 'signInPlace' | 'surroundings'>;
	now: () => Date;
	emit(event: CoreEvent): void;
}

/** How this laptop stands with its server: who is signed in, and how long it may work without a contact. */
export class SessionDesk {
	readonly lease: LeaseWatch;
	readonly #setup: SessionSetup;
	readonly #keeper: SessionKeeper | undefined;

	constructor(setup: SessionSetup) {
		this.#setup = setup;
		const { store, dispatcher, options, now, emit } = setup;
		this.lease = new LeaseWatch(store, now);
		if (!options.server || options.server.token !== undefined) return;
		this.#keeper = new SessionKeeper({
			store,
			now,
			exclusively: (work) => dispatcher.exclusively(work),
			fetch: (options.surroundings ?? realSurroundings).fetch,
			announce: () => emit({ type: 'tables-changed', tables: ['sync_state'] }),
		});
	}

	/** The server and what requests show it; undefined when there is no server. */
	access(): ServerAccess | undefined {
		const { server } = this.#setup.options;
		if (!server) return undefined;
		if (server.token !== undefined) return { url: server.url, token: server.token };
		return this.#keeper && { url: server.url, credentials: this.#keeper };
	}

	status(): SessionStatus {
		const { store, options } = this.#setup;
		const fixed = { state: options.server ? 'fixed' : 'none', signedInAt: null, expiredAt: null } as const;
		return {
			...(this.#keeper?.status() ?? fixed),
			name: readMeta(store, 'user_name') ?? null,
			lease: this.lease.status(),
		};
	}

	/** The person has to sign in before the server answers anything. */
	isSignedOut(): boolean {
		return this.#keeper !== undefined && this.#keeper.status().state !== 'signed_in';
	}

	/** Where to sign in: as it was given at the start, or as the server says. Throws `offline`, `server_error`. */
	async place(): Promise<SignInPlace> {
		const { options } = this.#setup;
		if (options.signInPlace) return options.signInPlace;
		if (!options.server) throw new CoreError('offline', 'There is no server.');
		const nobody = { header: async () => 'None', refused: () => false };
		const transport = fetchTransport({ url: options.server.url, credentials: nobody }, options.surroundings);
		try {
			const { signal } = new AbortController();
			const { text } = await transport.request('/v1/sign-in', { signal });
			const { issuer, clientId, scope } = JSON.parse(text) as Record<string, unknown>;
			if (typeof issuer === 'string' && typeof clientId === 'string' && typeof scope === 'string')
				return { issuer, clientId, scope };
		} catch (error) {
			const isAway = error instanceof TransportError && error.problem !== 'server_error';
			if (isAway) throw new CoreError('offline', 'The server cannot be reached.');
		}
		throw new CoreError('server_error', 'The server does not say where to sign in.');
	}

	/** False when the workbook is another person's. */
	async adopt(signedIn: SignedIn): Promise<boolean> {
		return this.#keeper ? this.#keeper.adopt(signedIn) : false;
	}

	async signOut(): Promise<void> {
		await this.#keeper?.signOut();
	}
}
