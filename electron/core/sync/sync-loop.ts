import { hostname } from 'node:os';
import { readMeta, writeMeta } from '../../../db/meta.ts';
import type { Store } from '../../../db/open-store.ts';
import type { Clock } from '../../../db/unit.ts';
import type { CoreEvent } from '../../../shared/contract/events.ts';
import type { SyncStatus } from '../../../shared/contract/models.ts';
import type { CoreOptions } from '../core.ts';
import type { Dispatcher } from '../dispatch.ts';
import type { Session } from '../handler.ts';
import { runRound } from './sync-round.ts';
import { readStatus } from './sync-status.ts';
import { type Transport, TransportError } from './transport.ts';

export interface SyncSetup {
	store: Store;
	session: Session;
	clock: Clock;
	emit(event: CoreEvent): void;
	transport: Transport | undefined;
	dispatcher: Dispatcher;
	options: CoreOptions;
}

export interface SyncLoop {
	start(): void;
	stop(): Promise<void>;
	/** Sends and fetches now; resolves with the state afterwards, whether it worked or not. */
	syncNow(): Promise<SyncStatus>;
	pause(paused: boolean): Promise<SyncStatus>;
	status(): SyncStatus;
	/** A local edit was committed: send it soon. */
	noteLocalWrite(): void;
	wake(): void;
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
export function createSyncLoop(setup: SyncSetup): SyncLoop {
	const state: LoopState = { running: false, done: 0, total: 0, problem: null, failures: 0, nextAttemptAt: undefined };
	let timer: NodeJS.Timeout | undefined;
	let stopped = true;
	let round: Promise<void> | undefined;
	let abort = new AbortController();
	const isPaused = () => readMeta(setup.store, 'paused') === '1';
	const status = () => readStatus(setup, state, isPaused());
	const announce = () => setup.emit({ type: 'sync-status', status: status() });

	function schedule(ms: number): void {
		clearTimeout(timer);
		state.nextAttemptAt = undefined;
		if (stopped || !setup.transport || isPaused()) return;
		state.nextAttemptAt = Date.now() + ms;
		timer = setTimeout(() => void attempt(), ms);
		timer.unref?.();
	}

	async function attempt(): Promise<void> {
		if (round) return round;
		round = once().finally(() => {
			round = undefined;
		});
		return round;
	}

	async function once(): Promise<void> {
		if (!setup.transport || isPaused()) return;
		state.running = true;
		abort = new AbortController();
		try {
			await runRound({
				...setup,
				transport: setup.transport,
				state,
				signal: abort.signal,
				deviceName: setup.options.deviceName || hostname(),
				announce,
			});
			state.problem = null;
			state.failures = 0;
		} catch (error) {
			state.problem = error instanceof TransportError ? error.problem : 'bad_reply';
			state.failures += 1;
		} finally {
			state.running = false;
			state.done = 0;
			state.total = 0;
		}
		schedule(state.failures === 0 ? POLL_MS * (0.8 + Math.random() * 0.4) : backoff(state.failures));
		announce();
	}

	return {
		start: () => {
			stopped = false;
			schedule(0);
		},
		stop: async () => {
			stopped = true;
			clearTimeout(timer);
			abort.abort();
			await round;
		},
		syncNow: async () => {
			clearTimeout(timer);
			state.failures = 0;
			await round;
			await attempt();
			return status();
		},
		pause: async (paused) => {
			await setup.dispatcher.exclusively(() => writeMeta(setup.store, 'paused', paused ? '1' : null));
			if (paused) {
				abort.abort();
				await round;
			} else schedule(0);
			announce();
			return status();
		},
		status,
		noteLocalWrite: () => {
			if (!stopped && state.failures === 0) schedule(AFTER_EDIT_MS);
			announce();
		},
		wake: () => {
			state.failures = 0;
			schedule(0);
		},
	};
}

/** Full jitter: anywhere between half a second and twice as long as last time, five minutes at most. */
function backoff(failures: number): number {
	return 500 + Math.random() * Math.min(300_000, 1000 * 2 ** Math.min(failures, 9));
}
