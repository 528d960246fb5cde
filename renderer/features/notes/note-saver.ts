import type { CallError, CallResult } from '../../../shared/contract/errors.ts';

/** What the line above the text says. `saved` is said only after core has answered. */
export type SaveState =
	| { at: 'rest' }
	| { at: 'saving' }
	| { at: 'saved'; when: Date }
	| { at: 'failed'; error: CallError; since: Date };

export interface SaverOptions {
	/** Sends one update; answers once it is on disk. */
	send(update: Uint8Array): Promise<CallResult<unknown>>;
	/** Joins updates into one that does the same. */
	merge(updates: Uint8Array[]): Uint8Array;
	onState(state: SaveState): void;
	now(): Date;
	/** How long typing is gathered before it is sent. */
	gatherMs?: number;
}

const GATHER_MS = 400;
/** What is gathered goes in pieces of this size: the server takes no text update of more than 1,048,576 bytes. */
const MAX_BYTES = 1_000_000;
const RETRY_MS = [2_000, 5_000, 15_000, 60_000];

/**
 * Sends what is typed, in order and one at a time. What could not be sent is kept in front of what follows and goes
 * with the next try, so nothing typed is ever dropped; it tries again by itself and when asked.
 */
export class NoteSaver {
	private readonly options: SaverOptions;
	private waiting: Uint8Array[] = [];
	private sending: Promise<void> | null = null;
	private underWay = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private failures = 0;
	private failedSince: Date | null = null;

	constructor(options: SaverOptions) {
		this.options = options;
	}

	/** True while something typed is not known to be on disk. */
	get dirty(): boolean {
		return this.waiting.length > 0 || this.sending !== null || this.underWay > 0;
	}

	add(update: Uint8Array): void {
		this.waiting.push(update);
		if (this.failures > 0) return;
		this.options.onState({ at: 'saving' });
		this.plan(this.options.gatherMs ?? GATHER_MS);
	}

	/** Sends everything now; resolved when it is saved or has failed. */
	async flush(): Promise<void> {
		clearTimeout(this.timer);
		this.timer = undefined;
		while (this.sending || this.waiting.length > 0) {
			const before = this.failures;
			await (this.sending ?? this.start());
			if (this.failures > before) return;
		}
	}

	/** Sends all that waits without waiting for the answer under way: the window is going and will hear none. */
	hurry(): void {
		this.stop();
		while (this.waiting.length > 0) void this.sendNext();
	}

	/** Stops trying; what waits is still there for a later `flush`. */
	stop(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
	}

	private plan(ms: number): void {
		// The first key starts the wait and later ones do not lengthen it.
		this.timer ??= setTimeout(() => void this.flush(), ms);
	}

	private start(): Promise<void> {
		this.sending = this.sendNext().finally(() => {
			this.sending = null;
		});
		return this.sending;
	}

	private async sendNext(): Promise<void> {
		const { merge, onState, now } = this.options;
		const batch = this.takeBatch();
		const update = batch.length === 1 && batch[0] ? batch[0] : merge(batch);
		onState({ at: 'saving' });
		this.underWay += 1;
		const result = await this.trySend(update);
		this.underWay -= 1;
		if (result.ok) {
			this.failures = 0;
			this.failedSince = null;
			const isAll = this.waiting.length === 0 && this.underWay === 0;
			onState(isAll ? { at: 'saved', when: now() } : { at: 'saving' });
			return;
		}
		this.waiting.unshift(update);
		this.failures += 1;
		this.failedSince ??= now();
		onState({ at: 'failed', error: result.error, since: this.failedSince });
		this.stop();
		this.plan(RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1] ?? 60_000);
	}

	private async trySend(update: Uint8Array): Promise<CallResult<unknown>> {
		try {
			return await this.options.send(update);
		} catch (cause) {
			return { ok: false, error: { code: 'internal', message: String(cause) } };
		}
	}

	/** As many updates from the front as fit into one call, at least one. */
	private takeBatch(): Uint8Array[] {
		let bytes = 0;
		let many = 0;
		for (const update of this.waiting) {
			bytes += update.length;
			if (many > 0 && bytes > MAX_BYTES) break;
			many += 1;
		}
		return this.waiting.splice(0, many);
	}
}
