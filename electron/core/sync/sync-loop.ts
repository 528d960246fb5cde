import { hostname } from 'node:os';
import { readMeta, writeMeta } from '../../../db/meta.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { ImportProgress } from '../../../shared/contract/models.ts';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { LIMITS } from '../../../shared/sync/protocol.ts';
import type { Dispatcher } from '../dispatch.ts';
import type { CoreSetup } from '../transaction.ts';
import { answerBrake } from './leaving/brake.ts';
import { openRound } from './open-round.ts';
import { around, backoff } from './reaching/backoff.ts';
import { PokeLine } from './reaching/poke.ts';
import { type Transport, TransportError } from './reaching/transport.ts';
import { readStatus } from './reporting/sync-status.ts';
import { hasUrgent, type SendScope } from './sending/outbox-order.ts';
import { isAnythingToSend } from './sending/push.ts';
import type { LeaseWatch } from './session/lease.ts';
import type { Departure } from './session/leave.ts';
import { realSurroundings, type Surroundings } from './surroundings.ts';
import { runRound } from './sync-round.ts';

export interface SyncSetup extends CoreSetup {
	transport: Transport | undefined;
	lease: LeaseWatch;
	/** The person has to sign in before the server answers anything. */
	isSignedOut(): boolean;
	/** This laptop has been put out, and everything it had to send was taken over. */
	obey(departure: Departure): void;
	dispatcher: Pick<
		Dispatcher,
		'runUnit' | 'runLong' | 'exclusively' | 'alone' | 'calls' | 'stopWriting' | 'goOnWriting'
	>;
	/** Backups are made before much goes; the simulation has none. */
	backups?: BackupsBefore | undefined;
}

/** Makes a backup before much goes. */
export interface BackupsBefore {
	before(kind: 'change' | 'leave', options: { progress?: (progress: ImportProgress) => void }): Promise<void>;
}

/** What the loop knows beside the store. */
export interface LoopState {
	running: boolean;
	done: number;
	total: number;
	problem: SyncStatus['problem'];
	failures: number;
	nextAttemptAt: number | undefined;
	/** Operations in the next push, and how many went through in a row at that size. */
	opsPerPush: number;
	goodPushes: number;
	/** Lines in the next page, and how many pages came through in a row at that size. */
	rowsPerPull: number;
	goodPulls: number;
	/** The newest commit of the server that this laptop knows to hold all of. */
	seenThrough: number;
	/** What the system says of the link; counts while the person leaves it to the system. */
	linkIsMetered: boolean;
}

/** What one attempt is for. */
interface Errand {
	scope: SendScope;
	isFetching: boolean;
}

const AFTER_EDIT_MS = 1500;
/** Somebody who types on and on is not kept unsent for longer. */
const LONGEST_UNSENT_MS = 10_000;
const ANNOUNCE_MS = 30;
const POLL_MS = 60_000;
/** A poke reaches everybody at once; they need not come back in the same instant. */
const AFTER_POKE_MS = 400;
/** A round in which nothing comes through for so long is given up. */
const STUCK_MS = 90_000;
/** How long a round that was called off may take to end by itself. */
const GRACE_MS = 2000;

const EVERYTHING: Errand = { scope: 'all', isFetching: true };
const URGENT: Errand = { scope: 'urgent', isFetching: false };
/** While what is left behind by a change that was sent alone waits its minute. */
const RESTING: Errand = { scope: 'urgent', isFetching: true };

/** Keeps the laptop and the central API in step. Always driven by a timer: a failed round never waits for the next edit. */
export class SyncLoop {
	readonly #setup: SyncSetup;
	readonly #outside: Surroundings;
	readonly #poke: PokeLine | undefined;
	readonly #state: LoopState = {
		running: false,
		done: 0,
		total: 0,
		problem: null,
		failures: 0,
		nextAttemptAt: undefined,
		opsPerPush: LIMITS.opsPerPush,
		goodPushes: 0,
		rowsPerPull: LIMITS.rowsPerPull,
		goodPulls: 0,
		seenThrough: 0,
		linkIsMetered: false,
	};
	#callOff: (() => void) | undefined;
	/** When the first edit was made that no attempt has been begun for. */
	#editedAt: number | undefined;
	/** Until then what waits stays here, because one change was sent alone: milliseconds by the laptop's clock. */
	#restUntil = 0;
	#announcing: (() => void) | undefined;
	#stopped = true;
	#round: Promise<void> | undefined;
	#abort = new AbortController();

	constructor(setup: SyncSetup) {
		this.#setup = setup;
		this.#outside = setup.options.surroundings ?? realSurroundings;
		if (!setup.transport) return;
		this.#poke = new PokeLine(setup.transport, this.#outside, {
			onPoke: (seq) => this.#heedPoke(seq),
			seenThrough: () => this.#state.seenThrough,
		});
	}

	start(): void {
		this.#stopped = false;
		this.#schedule(0);
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#callOff?.();
		this.#announcing?.();
		this.#poke?.close();
		this.#abort.abort();
		await this.#round;
	}

	/** Sends and fetches now, on any link; resolves with the state afterwards, whether it worked or not. */
	async syncNow(what: 'all' | 'urgent' = 'all'): Promise<SyncStatus> {
		this.#restUntil = 0;
		return this.#runNow(what === 'all' ? EVERYTHING : URGENT);
	}

	/**
	 * Sends one change, with what it builds on, and nothing else; by itself the rest goes in the next ordinary round, a
	 * minute later. Throws `not_found` when it is not waiting here.
	 */
	async sendAlone(group: number): Promise<SyncStatus> {
		const found = this.#setup.store
			.statement('SELECT unit FROM outbox WHERE group_no = ? AND sent_at IS NULL')
			.get(group) as { unit: string } | undefined;
		if (!found) throw new CoreError('not_found', 'This change is not waiting to be sent.');
		this.#restUntil = this.#outside.now() + POLL_MS;
		return this.#runNow({ scope: found, isFetching: false });
	}

	async #runNow(errand: Errand): Promise<SyncStatus> {
		this.#callOff?.();
		this.#state.failures = 0;
		// Somebody else may have been waiting too and have begun a round of their own.
		while (this.#round) await this.#round;
		await this.#attempt(errand);
		return this.status();
	}

	/** Works offline on purpose, until switched back. */
	async pause(paused: boolean): Promise<SyncStatus> {
		const { dispatcher, store } = this.#setup;
		await dispatcher.exclusively(() => writeMeta(store, 'paused', paused ? '1' : null));
		if (paused) {
			this.#callOff?.();
			this.#poke?.close();
			this.#state.nextAttemptAt = undefined;
			this.#abort.abort();
			await this.#round;
		} else this.#schedule(0);
		this.#announce();
		return this.status();
	}

	/** Whether the link is to be treated as metered, or the system's word is to be taken. */
	async chooseMetered(choice: SyncStatus['meteredChoice']): Promise<SyncStatus> {
		const { dispatcher, store } = this.#setup;
		await dispatcher.exclusively(() => writeMeta(store, 'metered', choice === 'auto' ? null : choice));
		this.#heedLink();
		return this.status();
	}

	/** The person's word on what the server wants to take away. */
	async answerBrake(choice: 'apply' | 'keep'): Promise<SyncStatus> {
		const { dispatcher, store } = this.#setup;
		await dispatcher.exclusively(() => answerBrake(store, choice));
		if (choice === 'apply') this.#schedule(0);
		this.#announce();
		return this.status();
	}

	/** What the system says of the link the laptop is on. */
	setLinkHint({ metered }: { metered: boolean }): void {
		if (this.#state.linkIsMetered === metered) return;
		this.#state.linkIsMetered = metered;
		this.#heedLink();
	}

	/** The terms of the link have changed. */
	#heedLink(): void {
		if (this.#isMetered()) this.#poke?.close();
		this.#schedule(0);
		this.#announce();
	}

	status(): SyncStatus {
		return readStatus(this.#setup, this.#state, { paused: this.#isPaused(), metered: this.#isMetered() });
	}

	/** What records are doing with the link: files give way to them. */
	line(): { paused: boolean; metered: boolean; busy: boolean } {
		return { paused: this.#isPaused(), metered: this.#isMetered(), busy: this.#state.running };
	}

	/** A local edit was committed: send it soon. After a failure the planned attempt stands. */
	noteLocalWrite(): void {
		if (this.#state.failures === 0) {
			const now = this.#outside.now();
			this.#editedAt ??= now;
			this.#schedule(Math.max(0, Math.min(AFTER_EDIT_MS, this.#editedAt + LONGEST_UNSENT_MS - now)));
		}
		this.#announceSoon();
	}

	/** The network changed or the lid opened. */
	wake(): void {
		this.#state.failures = 0;
		this.#schedule(0);
	}

	#heedPoke(seq: number): void {
		if (seq > this.#state.seenThrough && this.#state.failures === 0)
			this.#schedule(this.#outside.random() * AFTER_POKE_MS);
	}

	#isPaused(): boolean {
		return readMeta(this.#setup.store, 'paused') === '1';
	}

	#isMetered(): boolean {
		const choice = readMeta(this.#setup.store, 'metered');
		return choice === 'yes' || (choice !== 'no' && this.#state.linkIsMetered);
	}

	/** Counting what is unsent must not hold up the answer to an edit, nor be done for each of many in a row. */
	#announceSoon(): void {
		this.#announcing ??= this.#outside.after(ANNOUNCE_MS, () => this.#announce());
	}

	#announce(): void {
		this.#announcing?.();
		this.#announcing = undefined;
		if (this.#setup.store.raw.open) this.#setup.emit({ type: 'sync-status', status: this.status() });
	}

	#schedule(ms: number): void {
		this.#callOff?.();
		this.#state.nextAttemptAt = undefined;
		if (this.#stopped || !this.#setup.transport || this.#isPaused()) return;
		// On a metered link with nothing urgent the timer only looks again; it is no attempt that a person would wait for.
		if (this.#errand()) this.#state.nextAttemptAt = this.#outside.now() + ms;
		this.#callOff = this.#outside.after(ms, () => void this.#attempt());
	}

	/** What an attempt that nobody asked for may do; undefined on a metered link with nothing urgent to send. */
	#errand(): Errand | undefined {
		if (!this.#isMetered()) return this.#restLeft() > 0 ? RESTING : EVERYTHING;
		return hasUrgent(this.#setup.store) ? URGENT : undefined;
	}

	/** An edit made while the round was fetching must not wait for the next regular one. */
	#untilNext(): number {
		const isBehind = !this.#isMetered() && isAnythingToSend(this.#setup.store);
		return isBehind ? Math.max(AFTER_EDIT_MS, this.#restLeft()) : around(POLL_MS, this.#outside.random());
	}

	/** Milliseconds; none after the clock was put back, rather than a year. */
	#restLeft(): number {
		const left = this.#restUntil - this.#outside.now();
		return left <= POLL_MS ? left : 0;
	}

	#attempt(asked?: Errand): Promise<void> {
		this.#round ??= this.#watched(asked).finally(() => {
			this.#round = undefined;
		});
		return this.#round;
	}

	/** One attempt that ends: when nothing comes through for too long, it is left behind and a new one is planned. */
	async #watched(asked?: Errand): Promise<void> {
		this.#editedAt = undefined;
		const errand = asked ?? this.#errand();
		const { transport } = this.#setup;
		if (!transport || this.#isPaused()) return;
		if (!errand) return this.#schedule(around(POLL_MS, this.#outside.random()));
		const abort = new AbortController();
		this.#abort = abort;
		const stuck = Promise.withResolvers<'stuck'>();
		abort.signal.addEventListener('abort', () => this.#outside.after(GRACE_MS, () => stuck.resolve('stuck')));
		let callOff = () => {};
		const noteProgress = () => {
			callOff();
			callOff = this.#outside.after(STUCK_MS, () => stuck.resolve('stuck'));
		};
		noteProgress();
		Object.assign(this.#state, { running: true, done: 0, total: 0 });
		const ended = await Promise.race([this.#once({ ...errand, transport, abort, noteProgress }), stuck.promise]);
		callOff();
		const isCalledOff = abort.signal.aborted;
		if (ended === 'stuck') abort.abort();
		this.#settle(ended, isCalledOff);
	}

	async #once(errand: Errand & { transport: Transport; abort: AbortController; noteProgress(): void }) {
		try {
			const deviceName = this.#setup.options.deviceName || hostname();
			await runRound(
				openRound(
					{ ...this.#setup, transport: errand.transport, outside: this.#outside, state: this.#state, deviceName },
					{ ...errand, signal: errand.abort.signal, announce: () => this.#announce() },
				),
			);
			return 'done';
		} catch (error) {
			return error instanceof TransportError ? error : 'store';
		}
	}

	#settle(ended: TransportError | 'done' | 'store' | 'stuck', isCalledOff: boolean): void {
		const state = this.#state;
		Object.assign(state, { running: false, done: 0, total: 0 });
		if (ended === 'done') Object.assign(state, { problem: null, failures: 0 });
		else if (!isCalledOff) {
			state.problem = ended === 'stuck' ? 'unreachable' : ended === 'store' ? 'store' : ended.problem;
			state.failures += 1;
		}
		const error = ended instanceof TransportError ? ended : undefined;
		const random = this.#outside.random();
		this.#schedule(state.failures === 0 ? this.#untilNext() : backoff(state.failures, random, error));
		this.#listenForPokes(ended === 'done');
		this.#announce();
	}

	#listenForPokes(isReached: boolean): void {
		const canPoke = readMeta(this.#setup.store, 'server_features')?.includes('"poke"') ?? false;
		if (this.#stopped || this.#isPaused() || this.#isMetered() || !canPoke) this.#poke?.close();
		else if (isReached) this.#poke?.open();
	}
}
