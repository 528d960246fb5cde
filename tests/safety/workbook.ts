import { startCore } from '../../electron/main/core-host.ts';
import { rekeyIn } from '../../electron/main/rekey.ts';
import { Desk } from '../../electron/main/vault/desk.ts';
import { workspacePaths } from '../../electron/main/vault/vault.ts';
import type { StartState } from '../../shared/contract/bridge.ts';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/contract.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { VaultAsk } from '../../shared/contract/vault.ts';
import { bytes, noKeyring, quickDerive } from '../support/vault.ts';

export const PASSPHRASE = 'correct horse battery';

/** The threads of a workbook, as files that Node runs. */
export interface Threads {
	core: string;
	rekey: string;
}

/** What the core's thread is told beside what main tells it. */
export interface CoreHabits {
	/** "point:n": the process dies by its own hand there at the n-th time. */
	crashAt?: string | undefined;
	/** Planted: the driver is told FULL, keeps NORMAL, and says FULL when it is asked. */
	lazySync?: boolean | undefined;
	/** Planted: a unit is answered while its commit is still to come. */
	lateCommit?: boolean | undefined;
	/** Planted: a commit that failed is answered like one that did not. */
	deafCommit?: boolean | undefined;
	/** Planted: a cipher that does not notice damage. */
	noTags?: boolean | undefined;
	/** Planted: a store that is not kept to one process. */
	shared?: boolean | undefined;
	/** Planted: every version of a store is taken for today's. */
	anyVersion?: boolean | undefined;
}

/** A refusal by core, as main gets it. */
export class Refused extends Error {
	readonly code: string;
	constructor(method: string, code: string, message: string) {
		super(`${method}: ${code}: ${message}`);
		this.code = code;
	}
}

/** A workbook without its windows: the vault's desk and core in its thread, put together as main does it. */
export class Workbook {
	readonly #userData: string;
	readonly #threads: Threads;
	readonly #habits: CoreHabits;
	readonly #desk: Desk;
	#core: ReturnType<typeof startCore> | undefined;
	#state: StartState = { state: 'opening' };
	#ready: Promise<void> = Promise.resolve();

	constructor(userData: string, threads: Threads, habits: CoreHabits = {}) {
		this.#userData = userData;
		this.#threads = threads;
		this.#habits = habits;
		const paths = workspacePaths(userData);
		this.#desk = new Desk({
			paths,
			means: { keyring: noKeyring, derive: quickDerive, now: () => new Date() },
			organisation: undefined,
			launch: (key, previous) => this.#launch(key, previous),
			show: (state) => {
				this.#state = state;
			},
			fail: (code) => {
				this.#state = { state: 'failed', code, path: paths.store };
			},
			closeStore: () => this.#closeCore(),
			rekey: ({ key, nextKey }) =>
				rekeyIn(threads.rekey, {
					file: paths.store,
					copy: paths.nextStore,
					key: ownCopy(key),
					nextKey: ownCopy(nextKey),
					nativeBinding: undefined,
				}),
		});
	}

	/** Unlocks it by its passphrase and waits until it can be asked. Throws Refused. */
	async open(): Promise<void> {
		await this.#desk.begin();
		if (this.#state.state === 'failed') throw new Refused('open', this.#state.code, this.#state.path);
		await this.#vault({ ask: 'unlock', passphrase: bytes(PASSPHRASE) });
	}

	async call<N extends MethodName>(method: N, input: InputOf<N>): Promise<OutputOf<N>> {
		if (!this.#core) throw new Refused(method, 'store_locked', 'The store is not open.');
		const result = (await this.#core.call(method, input)) as CallResult<OutputOf<N>>;
		if (!result.ok) throw new Refused(method, result.error.code, result.error.message);
		return result.value;
	}

	/** Lets a token stand for a path, as after a dialog. */
	choose(token: string, path: string): string {
		this.#core?.registerFile(token, path);
		return token;
	}

	async lockAndOpen(): Promise<void> {
		await this.#closeCore();
		this.#state = await this.#desk.locked();
		await this.#vault({ ask: 'unlock', passphrase: bytes(PASSPHRASE) });
	}

	/** False when something went wrong while it was opened again: the person tries once more. */
	get isOpen(): boolean {
		return this.#core !== undefined;
	}

	async changeKey(): Promise<void> {
		await this.#vault({ ask: 'rotate', passphrase: bytes(PASSPHRASE) });
	}

	close(): Promise<void> {
		return this.#closeCore();
	}

	async #vault(ask: VaultAsk): Promise<void> {
		const answer = await this.#desk.answer(ask);
		const why = this.#state.state === 'failed' ? this.#state.code : this.#state.state;
		await this.#ready;
		if (!answer.ok) throw new Refused(`vault.${ask.ask}`, answer.problem, why);
	}

	#launch(key: Buffer, previous: Buffer[]): void {
		const core = startCore(
			{
				file: workspacePaths(this.#userData).store,
				key: ownCopy(key),
				previousKeys: previous.map(ownCopy),
				nativeBinding: undefined,
				sample: false,
				server: undefined,
				userId: 'u-sam',
				deviceName: 'test laptop',
				appVersion: '0.0.0-test',
				...({ habits: this.#habits } as object),
			},
			this.#threads.core,
		);
		this.#core = core;
		this.#ready = new Promise((resolve, reject) => {
			core.events.once('ready', () => resolve());
			core.events.once('failed', (code, message) => reject(new Refused('open', code, message)));
		});
		this.#ready.catch(() => undefined);
	}

	async #closeCore(): Promise<void> {
		await this.#core?.close(20_000);
		this.#core = undefined;
	}
}

function ownCopy(key: Uint8Array): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(key);
}
