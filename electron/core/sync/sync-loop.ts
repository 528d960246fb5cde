import { hostname } from 'node:os';
import { readMeta, writeMeta } from '../../../db/meta.ts';
import type { SyncStatus } from '../../../shared/contract/models.ts';
import type { Dispatcher } from '../dispatch.ts';
import type { CoreSetup } from '../transaction.ts';
import { countUnsent } from './push.ts';
import { runRound } from './sync-round.ts';
import { readStatus } from './sync-status.ts';
import { type Transport, TransportError } from './transport.ts';

export interface SyncSetup extends CoreSetup {
	transport: Transport | undefined;
	dispatcher: Dispatcher;
}

/** What the loop knows beside the store. */
export interface LoopState {
	running: boolean;
	done: number;
	total: number;
	problem: SyncStatus['problem'];
	failures: number;
	nextAttemptAt: number | undefined;
}

const AFTER_EDIT_MS = 1500;
const POLL_MS = 60_000;

/** Keeps the laptop and the central API in step. Always driven by a timer: a failed round never waits for the next edit (sync.md 0.5). */
export class SyncLoop {
	readonly #setup: SyncSetup;
	readonly #state: LoopState = {
		running: false,
		done: 0,
		total: 0,
		problem: null,
		failures: 0,
		nextAttemptAt: undefined,
	};
	#timer: NodeJS.Timeout | undefined;
	#stopped = true;
	#round: Promise<void> | undefined;
	#abort = new AbortController();

	constructor(setup: SyncSetup) {
		this.#setup = setup;
	}

	start(): void {
		this.#stopped = false;
		this.#schedule(0);
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#timer);
		this.#abort.abort();
		await this.#round;
	}

	/** Sends and fetches now; resolves with the state afterwards, whether it worked or not. */
	async syncNow(): Promise<SyncStatus> {
		clearTimeout(this.#timer);
		this.#state.failures = 0;
		await this.#round;
		await this.#attempt();
		return this.status();
	}

	/** Works offline on purpose, until switched back. */
	async pause(paused: boolean): Promise<SyncStatus> {
		const { dispatcher, store } = this.#setup;
		await dispatcher.exclusively(() => writeMeta(store, 'paused', paused ? '1' : null));
		if (paused) {
			clearTimeout(this.#timer);
			this.#state.nextAttemptAt = undefined;
			this.#abort.abort();
			await this.#round;
		} else this.#schedule(0);
		this.#announce();
		return this.status();
	}

	status(): SyncStatus {
		return readStatus(this.#setup, this.#state, this.#isPaused());
	}

	/** A local edit was committed: send it soon. After a failure the planned attempt stands. */
	noteLocalWrite(): void {
		if (this.#state.failures === 0) this.#schedule(AFTER_EDIT_MS);
		this.#announce();
	}

	/** The network changed or the lid opened. */
	wake(): void {
		this.#state.failures = 0;
		this.#schedule(0);
	}

	#isPaused(): boolean {
		return readMeta(this.#setup.store, 'paused') === '1';
	}

	#announce(): void {
		if (this.#setup.store.raw.open) this.#setup.emit({ type: 'sync-status', status: this.status() });
	}

	#schedule(ms: number): void {
		clearTimeout(this.#timer);
		this.#state.nextAttemptAt = undefined;
		if (this.#stopped || !this.#setup.transport || this.#isPaused()) return;
		this.#state.nextAttemptAt = Date.now() + ms;
		this.#timer = setTimeout(() => void this.#attempt(), ms);
		this.#timer.unref?.();
	}

	/** An edit made while the round was fetching must not wait for the next regular one. */
	#untilNext(): number {
		const isBehind = countUnsent(this.#setup.store).groups > 0;
		return isBehind ? AFTER_EDIT_MS : POLL_MS * (0.8 + Math.random() * 0.4);
	}

	#attempt(): Promise<void> {
		this.#round ??= this.#once().finally(() => {
			this.#round = undefined;
		});
		return this.#round;
	}

	async #once(): Promise<void> {
		const { transport, options } = this.#setup;
		if (!transport || this.#isPaused()) return;
		const state = this.#state;
		state.running = true;
		this.#abort = new AbortController();
		const deviceName = options.deviceName || hostname();
		const announce = () => this.#announce();
		try {
			await runRound({ ...this.#setup, transport, state, signal: this.#abort.signal, deviceName, announce });
			state.problem = null;
			state.failures = 0;
		} catch (error) {
			state.problem = error instanceof TransportError ? error.problem : 'store';
			state.failures += 1;
		} finally {
			Object.assign(state, { running: false, done: 0, total: 0 });
		}
		this.#schedule(state.failures === 0 ? this.#untilNext() : backoff(state.failures));
		this.#announce();
	}
}

/** Full jitter: anywhere between half a second and twice as long as last time, five minutes at most. */
function backoff(failures: number): number {
	return 500 + Math.random() * Math.min(300_000, 1000 * 2 ** Math.min(failures, 9));
}
