import { readMeta, writeMeta } from '../../../db/meta.ts';
import type { Store } from '../../../db/open-store.ts';
import type { Unit } from '../../../db/unit.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { CoreEvent } from '../../../shared/contract/events.ts';
import type { BlobFolder, TakenBlob } from './blob-folder.ts';
import type { BlobName } from './blob-format.ts';
import { isAtOffice, isDroppable, overBudget } from './budget.ts';
import type { FetchOptions, FileDesk } from './file-desk.ts';
import { problemOf, toCoreError, waitAfter } from './file-problems.ts';
import type { FileJob } from './file-queue.ts';
import * as queue from './file-queue.ts';
import { FileError, type FileTransport } from './file-transport.ts';
import { PieceSize } from './piece-size.ts';
import { recoverFiles } from './recover-files.ts';
import { runTransfer } from './run-transfer.ts';

/** Runs work in one transaction, between the others. */
export type RunUnit = (work: (unit: Unit) => void) => Promise<void>;

/** Told of each file that has come to the end of its way, in the transaction that settles it. */
export type NoteArrival = (unit: Unit, job: FileJob) => void;

/** What records are doing with the line now. */
export interface Line {
	paused: boolean;
	metered: boolean;
	/** A round of records is under way. */
	busy: boolean;
}

export interface FileSetup {
	store: Store;
	folder: BlobFolder;
	transport: FileTransport | undefined;
	runUnit: RunUnit;
	noteArrival: NoteArrival;
	line(): Line;
	now(): Date;
	budget: number;
	/** False: nothing goes by itself. */
	auto: boolean;
}

/** Somebody who asked for a file and waits for it. */
interface Waiter extends FetchOptions {
	done: PromiseWithResolvers<void>;
}

/** Looked after this often even when nothing was heard. */
const POLL_MS = 300_000;
/** Asked again after this long: the bytes are still on another laptop, or the server would not have them. */
const SLOW_RETRY_MS = 900_000;

/**
 * Brings files to the office and back, beside the records and never in their way: a queue of its own, a timer of its own,
 * one file at a time, in pieces, and between two pieces the records have their turn. Each piece that arrived stays.
 */
export class FileLoop implements FileDesk {
	readonly folder: BlobFolder;
	readonly budget: number;
	readonly #setup: FileSetup;
	readonly #pieces = new PieceSize();
	readonly #waiters = new Map<string, Waiter[]>();
	#timer: NodeJS.Timeout | undefined;
	#round: Promise<void> | undefined;
	#current: { sha256: string; stop: AbortController } | undefined;
	#settling: Promise<unknown> = Promise.resolve();
	readonly #ending = new AbortController();
	#isStopped = false;
	#isAsked = false;
	/** Something came up while a round was under way. */
	#heard = false;
	/** Given up by a person, and not yet out of the queue. */
	readonly #givenUp = new Set<string>();
	#failures = 0;
	#notBefore = 0;
	/** Files that wait for a later time and need not any more. */
	#again: 'held-up' | 'all' | null = null;

	constructor(setup: FileSetup) {
		this.#setup = setup;
		this.folder = setup.folder;
		this.budget = setup.budget;
	}

	/** Looks after what the last run left; files go from here on. A disk that cannot be read now is for the next start. */
	async start(): Promise<void> {
		await recoverFiles(this.#setup).catch(() => undefined);
		this.#schedule(0);
	}

	async stop(): Promise<void> {
		this.#isStopped = true;
		this.#ending.abort();
		clearTimeout(this.#timer);
		this.#current?.stop.abort();
		await this.#round;
		await this.#settling;
	}

	/** Hears what core tells the windows: records came, or a file was added or chosen. */
	hear(event: CoreEvent): void {
		if (event.type !== 'tables-changed') return;
		const isAnswer = event.tables.includes('sync_state');
		if (!isAnswer && !event.tables.includes('attachment')) return;
		// The server has just answered: what waited for the network need not wait any longer.
		if (isAnswer) this.#noteWay('held-up');
		if (this.#round) this.#heard = true;
		else this.#schedule(isAnswer ? 0 : 300);
	}

	/** The network or the lid changed. */
	wake(): void {
		this.#failures = 0;
		this.#noteWay('all');
		this.#schedule(0);
	}

	/** The way is open again: what it held up, or everything, is tried without waiting out its time. */
	#noteWay(again: 'held-up' | 'all'): void {
		this.#notBefore = 0;
		if (this.#again !== 'all') this.#again = again;
	}

	async #tryAgain(): Promise<void> {
		const { store, runUnit, now } = this.#setup;
		const again = this.#again;
		this.#again = null;
		if (again === 'all') await runUnit((unit) => queue.tryAllNow(unit));
		else if (again && queue.isAnyHeldUp(store, now().toISOString())) await runUnit((unit) => queue.tryHeldUpNow(unit));
	}

	async runNow(): Promise<void> {
		await this.#round;
		await this.#setup.runUnit((unit) => queue.tryAllNow(unit));
		this.#isAsked = true;
		await this.#run().finally(() => {
			this.#isAsked = false;
		});
	}

	async fetch(file: BlobName & { account: string }, options: FetchOptions): Promise<void> {
		if (!this.#setup.transport || this.#setup.line().paused)
			throw new CoreError('offline', 'The office cannot be reached now.');
		const { sha256 } = file;
		if (options.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
		// Said in the store first: it goes on by itself when the link breaks.
		const key = { sha256, direction: 'down', account_id: file.account } as const;
		await this.#setup.runUnit((unit) => queue.enqueue(unit, key));
		const waiter = { ...options, done: Promise.withResolvers<void>() };
		this.#waiters.set(sha256, [...(this.#waiters.get(sha256) ?? []), waiter]);
		const giveUp = () => void this.#giveUp(key, waiter);
		options.signal.addEventListener('abort', giveUp, { once: true });
		if (options.signal.aborted) giveUp();
		if (this.#current && this.#current.sha256 !== sha256) this.#current.stop.abort();
		void this.#run();
		await waiter.done.promise;
	}

	async noteUsed(sha256: string): Promise<void> {
		await this.#setup.runUnit((unit) => queue.noteUsed(unit, sha256));
	}

	async noteDamaged(file: BlobName): Promise<void> {
		await this.#setup.runUnit((unit) => queue.noteState(unit, { ...file, state: 'damaged', bytesHere: 0 }));
	}

	keep(taken: TakenBlob, write: () => Promise<void>): Promise<void> {
		return this.#settle(async () => {
			await taken.keep();
			try {
				await write();
			} catch (error) {
				const { statement } = this.#setup.store;
				const noted = statement("SELECT 1 FROM blob WHERE sha256 = ? AND state = 'here'").get(taken.sha256);
				if (!noted) await this.folder.drop(taken.sha256);
				throw error;
			}
		});
	}

	/** One at a time: what is noted of a file and what lies on the disk change together. */
	#settle<T>(work: () => Promise<T>): Promise<T> {
		const result = this.#settling.then(work);
		this.#settling = result.catch(() => undefined);
		return result;
	}

	/** One of those who wait for a file does not want it any more; the others go on waiting. */
	async #giveUp(key: Pick<FileJob, 'sha256' | 'direction' | 'account_id'>, waiter: Waiter): Promise<void> {
		const { sha256 } = key;
		const others = (this.#waiters.get(sha256) ?? []).filter((one) => one !== waiter);
		waiter.done.reject(new CoreError('cancelled', 'Cancelled.'));
		if (others.length > 0) {
			this.#waiters.set(sha256, others);
			return;
		}
		this.#waiters.delete(sha256);
		this.#givenUp.add(sha256);
		if (this.#current?.sha256 === sha256) this.#current.stop.abort();
		await this.#setup
			.runUnit((unit) => {
				// Somebody else may have asked for it in the meantime.
				if (!this.#waiters.has(sha256)) queue.dequeue(unit, key);
			})
			.catch(() => undefined);
		this.#givenUp.delete(sha256);
	}

	#answerAll(error: unknown): void {
		for (const sha256 of [...this.#waiters.keys()]) this.#answer(sha256, error);
	}

	#answer(sha256: string, error?: unknown): void {
		for (const { done } of this.#waiters.get(sha256) ?? []) error ? done.reject(error) : done.resolve();
		this.#waiters.delete(sha256);
	}

	#schedule(ms: number): void {
		clearTimeout(this.#timer);
		if (this.#isStopped || !this.#setup.transport || !this.#setup.auto) return;
		this.#timer = setTimeout(() => void this.#run(), Math.max(ms, this.#notBefore - Date.now()));
		this.#timer.unref?.();
	}

	#run(): Promise<void> {
		this.#round ??= this.#once().finally(() => {
			this.#round = undefined;
			if (this.#waiters.size > 0 && !this.#isStopped) void this.#run();
			else this.#schedule(this.#heard ? 300 : this.#untilNext());
			this.#heard = false;
		});
		return this.#round;
	}

	/** By time, never only by the next event: a file that failed is tried again whatever else happens. */
	#untilNext(): number {
		const { store } = this.#setup;
		const due = store.raw.open ? queue.nextDue(store) : undefined;
		if (due === undefined) return POLL_MS;
		return Math.min(POLL_MS, Math.max(1000, (Date.parse(due) || 0) - this.#setup.now().getTime()));
	}

	async #once(): Promise<void> {
		try {
			if (this.#isStopped || !this.#setup.store.raw.open) return;
			await this.#letGo();
			await this.#tryAgain();
			if (this.#mayGo(this.#isAsked || this.#waiters.size > 0)) await this.#plan();
			for (let job = this.#next(); job; job = this.#next()) if (!(await this.#take(job))) break;
			// Nothing is left to do for whoever still waits.
			this.#answerAll(
				this.#mayGo(true) ? new CoreError('not_found', 'No record names it.') : new CoreError('offline', 'Files wait.'),
			);
			if (this.#mayGo(this.#isAsked)) await this.#trim();
		} catch (error) {
			// A full disk, say: nothing is lost, and the next round tries again.
			this.#answerAll(toCoreError(error));
		}
	}

	#mayGo(asked: boolean): boolean {
		const { store, transport } = this.#setup;
		if (this.#isStopped || !transport || !store.raw.open) return false;
		const { paused, metered } = this.#setup.line();
		if (paused || (metered && !asked)) return false;
		// A server of an earlier release takes no files; a newer one says in its greeting that it does.
		return (readMeta(store, 'server_features') ?? '').includes('"files"');
	}

	/** What goes next: what somebody waits for, before the others. */
	#next(): FileJob | undefined {
		if (!this.#mayGo(true)) return undefined;
		const due = queue.dueJobs(this.#setup.store, this.#setup.now().toISOString());
		const jobs = due.filter(({ sha256 }) => !this.#givenUp.has(sha256));
		const asked = jobs.find((job) => this.#isWanted(job));
		return asked ?? (this.#mayGo(this.#isAsked) ? jobs[0] : undefined);
	}

	#isWanted({ direction, sha256 }: FileJob): boolean {
		return direction === 'down' && this.#waiters.has(sha256);
	}

	/** Sends or fetches one file; false when the others need not be tried now. */
	async #take(job: FileJob): Promise<boolean> {
		const { transport, runUnit, noteArrival } = this.#setup;
		if (!transport) return false;
		const stop = new AbortController();
		this.#current = { sha256: job.sha256, stop };
		const { signal } = stop;
		const way = { folder: this.folder, transport, pieces: this.#pieces, signal, turn: () => this.#turn(job, signal) };
		const onBytes = (here: number) => {
			for (const waiter of this.#waiters.get(job.sha256) ?? []) waiter.onBytes(here);
		};
		try {
			await runTransfer({ job, way, runUnit, noteArrival, onBytes });
			this.#failures = 0;
			if (job.direction === 'down') this.#answer(job.sha256);
			return true;
		} catch (error) {
			if (signal.aborted) return !this.#isStopped;
			if (error instanceof CoreError && error.code === 'cancelled') return false;
			return this.#fail(job, error);
		} finally {
			this.#current = undefined;
		}
	}

	/** Waits while records are on the line, half a minute at most: a long first fetch should not stop what a person asked for. */
	async #turn(job: FileJob, signal: AbortSignal): Promise<void> {
		for (let waited = 0; waited < 300 && this.#setup.line().busy && !signal.aborted; waited++)
			await new Promise((resolve) => setTimeout(resolve, 100));
		if (signal.aborted || !this.#mayGo(this.#isAsked || this.#isWanted(job)))
			throw new CoreError('cancelled', 'Files wait for now.');
	}

	async #fail(job: FileJob, error: unknown): Promise<boolean> {
		const problem = problemOf(error);
		const isOfTheWay = error instanceof FileError && error.isOfTheWay;
		if (isOfTheWay) {
			this.#failures += 1;
			this.#notBefore = Date.now() + waitAfter(this.#failures);
		}
		const isSlow = problem === 'not_there' || problem === 'refused' || problem === 'damaged';
		const ms = isSlow ? SLOW_RETRY_MS : waitAfter(isOfTheWay ? this.#failures : job.attempts + 1);
		const nextAt = new Date(this.#setup.now().getTime() + ms).toISOString();
		await this.#setup.runUnit((unit) => {
			queue.postpone(unit, job, { problem, nextAt });
			if (problem === 'damaged') queue.noteState(unit, { ...job, state: 'damaged', bytesHere: 0 });
			else if (job.direction === 'down' && (problem === 'wrong_file' || problem === 'disk_full'))
				queue.noteState(unit, { ...job, state: 'absent', bytesHere: 0 });
		});
		if (job.direction === 'down') this.#answer(job.sha256, toCoreError(error));
		if (isOfTheWay) this.#answerAll(toCoreError(error));
		return !isOfTheWay;
	}

	/** Queues what was chosen and is not here, and offers again what a server that was put back may have lost. */
	async #plan(): Promise<void> {
		const { store, runUnit } = this.#setup;
		const epoch = readMeta(store, 'server_epoch');
		const known = readMeta(store, 'files_epoch');
		const again = known !== undefined && known !== epoch ? queue.heldFiles(store) : [];
		const wanted = queue.missingChosen(store);
		if (known !== epoch || wanted.length > 0) {
			await runUnit((unit) => {
				for (const file of again) queue.enqueue(unit, { ...file, direction: 'up' });
				for (const file of wanted) queue.enqueue(unit, { ...file, direction: 'down' });
				writeMeta(store, 'files_epoch', epoch ?? null);
			});
		}
	}

	/** Also while nothing may go over the line. */
	async #letGo(): Promise<void> {
		for (const sha256 of queue.unreferenced(this.#setup.store)) await this.#settle(() => this.#forget(sha256));
	}

	/** Looked at in the transaction that forgets it: a record that has just come may speak of it again. */
	async #forget(sha256: string): Promise<void> {
		let isForgotten = false;
		await this.#setup.runUnit((unit) => {
			isForgotten = queue.unreferenced(unit.store).includes(sha256);
			if (isForgotten) queue.forget(unit, sha256);
		});
		if (isForgotten) await this.folder.drop(sha256);
	}

	/** Makes room again; each file goes only after the server has said, now, that it holds it. */
	async #trim(): Promise<void> {
		const { store, runUnit, transport, budget } = this.#setup;
		if (!transport) return;
		for (const file of overBudget(store, budget)) {
			if (!(await isAtOffice(transport, file, this.#ending.signal))) continue;
			await this.#settle(async () => {
				let isDropped = false;
				await runUnit((unit) => {
					isDropped = isDroppable(store, file.sha256);
					if (isDropped) queue.noteState(unit, { ...file, state: 'absent', bytesHere: 0 });
				});
				if (isDropped) await this.folder.drop(file.sha256);
			});
		}
	}
}
