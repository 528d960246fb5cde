import { hostname } from 'node:os';
import path from 'node:path';
import type { StartState } from '../../shared/contract/bridge.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import type { SignedIn } from '../../shared/contract/session.ts';
import type { VaultAnswer, VaultAsk } from '../../shared/contract/vault.ts';
import type { Departure } from '../core/sync/session/leave.ts';
import { type CoreHost, type CoreOptions, startCore } from './core-host.ts';
import { rekeyIn } from './rekey.ts';
import { confirmDeparture, depart, forgetDeparture, resumeDeparture } from './sign-in/depart.ts';
import type { StartOptions } from './start-options.ts';
import { markTime } from './timing.ts';
import type { DeriveKey } from './vault/argon.ts';
import type { Desk } from './vault/desk.ts';
import type { Keyring } from './vault/keyring.ts';
import { openSample, type SampleState, workspacePaths } from './vault/vault.ts';

/** The person's store, from locked to open and back. */
export interface Workspace {
	state(): StartState;
	/** True for the fictional sample, which opens by itself. */
	isSample(): boolean;
	/** Opens a real workspace; needs the app to be ready. Does nothing when the sample is already opening. */
	open(keyring: Keyring): Promise<void>;
	/** Answers what a page asks of the key. */
	vault(ask: VaultAsk): Promise<VaultAnswer>;
	/** Closes the store and forgets its key; from the first moment no call gets through. */
	lock(): Promise<void>;
	call(method: string, input: unknown): Promise<CallResult<unknown>>;
	registerFile(token: string, path: string): void;
	wake(): void;
	/** What the page says of the link; also for a core that starts later. */
	setLinkHint(hint: { metered: boolean }): void;
	/** Hands over what a sign-in brought; false when the workbook is another person's, or not open. */
	signIn(signedIn: SignedIn): Promise<boolean>;
	close(timeoutMs: number): Promise<void>;
}

export interface WorkspaceListeners {
	onState(state: StartState): void;
	onEvent(event: CoreEvent): void;
	/** Starts the core thread; tests give another. */
	start?: (options: CoreOptions) => CoreHost;
	/** Works out a passphrase; tests give a quicker one. */
	derive?: DeriveKey;
}

/** The workers lie beside this file when it is built; a chunk that is loaded later may lie elsewhere. */
const workers = {
	argon: path.join(import.meta.dirname, 'argon-worker.js'),
	rekey: path.join(import.meta.dirname, 'rekey-worker.js'),
	check: path.join(import.meta.dirname, 'check-worker.js'),
};
const CLOSE_MS = 5000;
const NOT_NOW: VaultAnswer = { ok: false, problem: 'not_now' };
const SAMPLE_LOCKED: StartState = { state: 'locked', way: 'sample', hasCode: false };

type Options = StartOptions & { userData: string; appVersion: string };

/** Prepares the workspace of a user-data folder. The sample starts opening at once, before the app is ready. */
export function prepareWorkspace(options: Options, listeners: WorkspaceListeners): Workspace {
	const workspace = new OneWorkspace(options, listeners);
	workspace.openSample();
	return workspace;
}

class OneWorkspace implements Workspace {
	readonly #options: Options;
	readonly #listeners: WorkspaceListeners;
	readonly #paths;
	readonly #decided = Promise.withResolvers<void>();
	#state: StartState = { state: 'opening' };
	#core: CoreHost | undefined;
	#desk: Desk | undefined;
	#linkHint: { metered: boolean } | undefined;
	#sample: SampleState | null = null;
	#closing: Promise<void> = Promise.resolve();

	constructor(options: Options, listeners: WorkspaceListeners) {
		this.#options = options;
		this.#listeners = listeners;
		this.#paths = workspacePaths(options.userData);
		if (!resumeDeparture(this.#paths.folder)) return;
		this.#state = { state: 'left' };
		this.#decided.resolve();
		void this.#tellOfDeparture();
	}

	state(): StartState {
		return this.#state;
	}

	isSample(): boolean {
		return this.#sample !== null;
	}

	openSample(): void {
		if (this.#state.state === 'left') return;
		this.#sample = openSample(this.#paths, this.#options.sample);
		if (this.#sample?.state === 'key') this.#launch(this.#sample.key, []);
		else if (this.#sample) this.#fail(this.#sample.code);
	}

	async open(keyring: Keyring): Promise<void> {
		if (this.#sample || this.#state.state === 'left') return;
		// None of this is loaded where the sample opens by itself.
		const [{ Desk }, { argonIn }, { organisationKeyFile, readOrganisationKey }] = await Promise.all([
			import('./vault/desk.ts'),
			import('./vault/argon.ts'),
			import('./vault/organisation.ts'),
		]);
		const paths = this.#paths;
		const { nativeBinding } = this.#options;
		this.#desk = new Desk({
			paths,
			means: { keyring, derive: this.#listeners.derive ?? argonIn(workers.argon), now: () => new Date() },
			organisation: readOrganisationKey(organisationKeyFile(process.env, process.platform)),
			launch: (key, previous) => {
				this.#setState({ state: 'opening' });
				this.#launch(key, previous);
			},
			show: (state) => this.#setState(state),
			fail: (code) => this.#fail(code),
			closeStore: () => this.#closeCore(),
			rekey: (keys) =>
				rekeyIn(workers.rekey, {
					file: paths.store,
					copy: paths.nextStore,
					key: handOver(keys.key),
					nextKey: handOver(keys.nextKey),
					nativeBinding,
				}),
		});
		await this.#desk.begin();
	}

	async vault(ask: VaultAsk): Promise<VaultAnswer> {
		await this.#closing;
		const isLocked = this.#state.state === 'locked';
		if ((ask.ask === 'unlock' || ask.ask === 'recover') && !isLocked) return NOT_NOW;
		if ((ask.ask === 'change' || ask.ask === 'newCode' || ask.ask === 'rotate') && !this.#core) return NOT_NOW;
		if (this.#desk) return this.#desk.answer(ask);
		if (ask.ask === 'facts' && this.isSample()) return { ok: true, facts: SAMPLE_FACTS };
		if (ask.ask !== 'open' || !isLocked) return NOT_NOW;
		this.#setState({ state: 'opening' });
		this.openSample();
		return { ok: true };
	}

	async lock(): Promise<void> {
		if (this.#state.state !== 'ready') return;
		const closed = this.#closeCore();
		this.#setState(this.#desk ? await this.#desk.locked() : SAMPLE_LOCKED);
		await closed;
	}

	async call(method: string, input: unknown): Promise<CallResult<unknown>> {
		if (this.#state.state === 'opening') await this.#decided.promise;
		if (this.#core) return this.#core.call(method, input);
		return { ok: false, error: { code: 'store_locked', message: 'The store is not open.' } };
	}

	registerFile(token: string, file: string): void {
		this.#core?.registerFile(token, file);
	}

	wake(): void {
		this.#core?.wake();
	}

	setLinkHint(hint: { metered: boolean }): void {
		this.#linkHint = hint;
		this.#core?.setLinkHint(hint);
	}

	async signIn(signedIn: SignedIn): Promise<boolean> {
		return this.#core?.signIn(signedIn) ?? false;
	}

	async close(timeoutMs: number): Promise<void> {
		await this.#closing;
		if (this.#state.state === 'left') forgetDeparture(this.#paths.folder);
		await this.#core?.close(timeoutMs);
	}

	#setState(next: StartState): void {
		this.#state = next;
		if (next.state !== 'opening') this.#decided.resolve();
		this.#listeners.onState(next);
	}

	#fail(code: string, message?: string, canRestore = false): void {
		if (message) process.stderr.write(`STORE ${code}: ${message}\n`);
		this.#setState({ state: 'failed', code, path: this.#paths.store, canRestore });
	}

	#launch(key: Buffer, previous: Buffer[]): void {
		const { nativeBinding, server, signInPlace, userId, appVersion } = this.#options;
		const core = (this.#listeners.start ?? startCore)({
			file: this.#paths.store,
			key: handOver(key),
			previousKeys: previous.map(handOver),
			nativeBinding,
			checkWorker: workers.check,
			sample: this.isSample(),
			server,
			signInPlace,
			userId,
			deviceName: hostname(),
			appVersion,
		});
		this.#core = core;
		if (this.#linkHint) core.setLinkHint(this.#linkHint);
		markTime('coreStarted');
		core.events.on('event', this.#listeners.onEvent);
		core.events.on('departure', (departure) => this.#core === core && void this.#leave(departure));
		core.events.on('failed', (...why) => this.#core === core && this.#fail(...why));
		core.events.on('ready', () => {
			markTime('coreReady');
			if (this.#core === core) this.#setState({ state: 'ready' });
		});
	}

	/** The office has everything this laptop had to send, and wants it to forget the rest: keys first, then files. */
	async #leave(departure: Departure): Promise<void> {
		await this.#closeCore();
		depart(this.#paths.folder, departure);
		this.#setState({ state: 'left' });
		await this.#tellOfDeparture();
	}

	#tellOfDeparture(): Promise<void> {
		return confirmDeparture(this.#paths.folder, this.#options.server?.url);
	}

	#closeCore(): Promise<void> {
		const core = this.#core;
		this.#core = undefined;
		if (core) this.#closing = core.close(CLOSE_MS);
		return this.#closing;
	}
}

const SAMPLE_FACTS = {
	opens: 'sample',
	keyring: null,
	passphraseSince: null,
	codeSince: null,
	keySince: null,
	organisation: null,
} as const;

/** A copy in memory of its own, which can go to a thread whole; what was given is zeroed. */
function handOver(key: Uint8Array): Uint8Array<ArrayBuffer> {
	const own = Uint8Array.from(key);
	key.fill(0);
	return own;
}
