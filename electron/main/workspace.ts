import { hostname } from 'node:os';
import type { StartState } from '../../shared/contract/bridge.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import { type CoreHost, type CoreOptions, startCore } from './core-host.ts';
import type { StartOptions } from './start-options.ts';
import { markTime } from './timing.ts';
import type { Keyring } from './vault/keyring.ts';
import { openSample, openVault, unlockVault, type VaultState, workspacePaths } from './vault/vault.ts';

/** The person's store, from locked to open. */
export interface Workspace {
	state(): StartState;
	/** Opens a real workspace; needs the app to be ready. Does nothing when the sample is already opening. */
	open(keyring: Keyring): Promise<void>;
	unlock(passphrase: string): Promise<void>;
	call(method: string, input: unknown): Promise<CallResult<unknown>>;
	registerFile(token: string, path: string): void;
	wake(): void;
	/** What the system says of the network. */
	setLinkHint(hint: { metered: boolean }): void;
	close(timeoutMs: number): Promise<void>;
}

export interface WorkspaceListeners {
	onState(state: StartState): void;
	onEvent(event: CoreEvent): void;
	/** Starts the core thread; tests give another. */
	start?: (options: CoreOptions) => CoreHost;
}

const LONGEST_WAIT = 30;

/** Prepares the workspace of a user-data folder. The sample starts opening at once, before the app is ready. */
export function prepareWorkspace(
	options: StartOptions & { userData: string; appVersion: string },
	listeners: WorkspaceListeners,
): Workspace {
	const paths = workspacePaths(options.userData);
	let state: StartState = { state: 'opening' };
	let core: CoreHost | undefined;
	/** Said before the store was open. */
	let linkHint: { metered: boolean } | undefined;
	let wrongTries = 0;
	let unlocking = Promise.resolve();
	const decided = Promise.withResolvers<void>();

	const setState = (next: StartState) => {
		state = next;
		if (next.state === 'ready' || next.state === 'failed') decided.resolve();
		listeners.onState(next);
	};
	const fail = (code: string, message?: string) => {
		if (message) process.stderr.write(`STORE ${code}: ${message}\n`);
		setState({ state: 'failed', code, path: paths.store });
	};
	const launch = (key: Buffer, sample: boolean) => {
		const { nativeBinding, server, userId, appVersion } = options;
		const who = { userId, deviceName: hostname(), appVersion };
		core = (listeners.start ?? startCore)({
			file: paths.store,
			keyHex: key.toString('hex'),
			nativeBinding,
			sample,
			server,
			...who,
		});
		key.fill(0);
		markTime('coreStarted');
		if (linkHint) core.setLinkHint(linkHint);
		core.events.on('event', listeners.onEvent);
		core.events.on('failed', fail);
		core.events.on('ready', () => {
			markTime('coreReady');
			setState({ state: 'ready' });
		});
	};
	const follow = (vault: VaultState) => {
		if (vault.state === 'key') {
			if (state.state === 'passphrase') setState({ state: 'opening' });
			launch(vault.key, vault.sample);
		} else if (vault.state === 'passphrase') setState(vault);
		else fail(vault.code);
	};
	const tryUnlock = async (passphrase: string) => {
		if (state.state !== 'passphrase' || core) return;
		// Guessing gets slower with each wrong try; nothing is ever wiped by count.
		if (wrongTries > 0) await pause(Math.min(2 ** (wrongTries - 1), LONGEST_WAIT));
		const vault = await unlockVault(paths, passphrase);
		wrongTries = vault.state === 'passphrase' && !vault.create ? wrongTries + 1 : 0;
		follow(vault);
	};

	const sample = openSample(paths, options.sample);
	if (sample) follow(sample);
	return {
		state: () => state,
		open: async (keyring) => (sample ? undefined : follow(await openVault(paths, keyring))),
		unlock: (passphrase) => (unlocking = unlocking.catch(() => {}).then(() => tryUnlock(passphrase))),
		async call(method, input) {
			if (state.state === 'opening') await decided.promise;
			if (core) return core.call(method, input);
			return { ok: false, error: { code: 'store_locked', message: 'The store is not open.' } };
		},
		registerFile: (token, file) => core?.registerFile(token, file),
		wake: () => core?.wake(),
		setLinkHint: (hint) => {
			linkHint = hint;
			core?.setLinkHint(hint);
		},
		close: async (timeoutMs) => core?.close(timeoutMs),
	};
}

function pause(seconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
