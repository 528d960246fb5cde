import { existsSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { holdFile, type Store } from '../../../db/open-store.ts';
import type { BackupKind, BackupList } from '../../../shared/contract/backup-models.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { CoreEvent } from '../../../shared/contract/events.ts';
import type { ImportProgress } from '../../../shared/contract/models.ts';
import { BackupFolder } from './backup-folder.ts';
import { type CheckJob, type CopyFacts, checkCopy } from './check-copy.ts';
import { checkInThread } from './check-in-thread.ts';
import { copyBytes } from './copy-file.ts';
import { localDay } from './keep-rules.ts';
import type { AtBackupPoint } from './settle-restore.ts';

export interface BackupSetup {
	store: Store;
	/** The store's key first, then those it had before. They stay their owner's. */
	keys: readonly Uint8Array[];
	nativeBinding: string | undefined;
	/** The thread's own file; left out, copies are checked on this thread (tests). */
	checkWorker: string | undefined;
	now(): Date;
	/** Runs work while nothing else uses the store, outside of a transaction. */
	alone<T>(work: () => T): Promise<T>;
	/** An import or other long work is under way. */
	isBusy(): boolean;
	/** Calls answered so far. */
	calls(): number;
	emit(event: CoreEvent): void;
	at?: AtBackupPoint | undefined;
	/** The store is damaged: nothing may be written any more. */
	onDamage(): void;
}

interface MakeOptions {
	progress?: (progress: ImportProgress) => void;
	signal?: AbortSignal;
}

const FIRST_LOOK_MS = 20_000;
const LOOK_MS = 60_000;
/** So long somebody may be at the laptop without a pause before the day's backup is made all the same. */
const PATIENCE = 10;

/**
 * Makes the backups of the open store. The store stays in use meanwhile: its log is folded into its file, which takes a few
 * milliseconds, and until the copy is made everything new goes into the log. The copy is the file's own bytes, encrypted as
 * they lie, and a thread of its own reads every page of it: damage of the store is found by that too.
 */
export class BackupDesk {
	readonly folder: BackupFolder;
	readonly #setup: BackupSetup;
	readonly #ending = new AbortController();
	/** Closing a handle of the store's file drops its locks, so this one stays open for as long as the store does. */
	#live: FileHandle | undefined;
	#last: Promise<unknown> = Promise.resolve();
	#running = 0;
	#timer: NodeJS.Timeout | undefined;
	#waited = 0;
	#calls = 0;
	#problem: string | null = null;
	#checkedAt: string | null = null;
	#damaged = false;
	/** Rows written in this run when the last backup was made. */
	#writtenAtLast: number | undefined;

	constructor(setup: BackupSetup) {
		this.#setup = setup;
		this.folder = new BackupFolder(setup.store.file);
	}

	/** Makes the day's backup when nobody is disturbed by it. */
	start(): void {
		this.#plan(FIRST_LOOK_MS);
	}

	/** Ends what is under way. */
	async stop(): Promise<void> {
		clearTimeout(this.#timer);
		this.#ending.abort();
		await this.#last.catch(() => undefined);
	}

	/** To be called once the store is closed. */
	async close(): Promise<void> {
		await this.#live?.close();
		this.#live = undefined;
	}

	get isStopped(): boolean {
		return this.#ending.signal.aborted;
	}

	get isDamaged(): boolean {
		return this.#damaged;
	}

	/** What a restore needs of the store. */
	get store(): Pick<BackupSetup, 'keys' | 'nativeBinding' | 'at'> & { file: string } {
		const { keys, nativeBinding, store, at } = this.#setup;
		return { keys, nativeBinding, at, file: store.file };
	}

	list(): BackupList {
		return {
			backups: this.folder.list(),
			folder: this.folder.folder,
			busy: this.#running > 0,
			problem: this.#problem,
			checkedAt: this.#checkedAt,
			damaged: this.#damaged,
		};
	}

	/**
	 * Makes a backup, one at a time; answers its name. Throws `disk_full`, `io_error`, `cancelled`, or `store_damaged` when
	 * reading the copy shows that the store itself is damaged.
	 */
	make(kind: BackupKind, { progress, signal }: MakeOptions = {}): Promise<string> {
		const work = () => this.#make(kind, { progress, signal: this.#untilEnd(signal) });
		const made = this.#last.then(work, work);
		this.#last = made.catch(() => undefined);
		return made;
	}

	/** A backup before much is changed; none is made when nothing has been written since the last one. Throws like `make`. */
	async before(kind: BackupKind, options?: MakeOptions): Promise<void> {
		const { store, alone } = this.#setup;
		const written = await alone(() => writtenRows(store));
		if (written === this.#writtenAtLast) return;
		await this.make(kind, options);
	}

	/** Reads the whole store as it lies on the disk; it is the day's backup at the same time. */
	async check(): Promise<void> {
		try {
			await this.make('daily');
		} catch (error) {
			if (error instanceof CoreError && (error.code === 'disk_full' || error.code === 'io_error'))
				await this.#checkInPlace();
			else throw error;
		}
	}

	/** Where no copy can be made, the store is read where it lies; everything else waits meanwhile. */
	async #checkInPlace(): Promise<void> {
		const { store, alone, now } = this.#setup;
		const found = await alone(() => {
			try {
				return store.raw.pragma('quick_check(1)', { simple: true });
			} catch (error) {
				return error;
			}
		});
		if (found === 'ok') this.#checkedAt = now().toISOString();
		else this.noteDamage();
	}

	noteDamage(): void {
		if (this.#damaged) return;
		this.#damaged = true;
		this.#setup.onDamage();
		this.#tell();
	}

	#untilEnd(signal: AbortSignal | undefined): AbortSignal {
		return signal ? AbortSignal.any([signal, this.#ending.signal]) : this.#ending.signal;
	}

	#tell(): void {
		this.#setup.emit({ type: 'tables-changed', tables: ['backup'] });
	}

	async #make(kind: BackupKind, { progress, signal }: { progress: MakeOptions['progress']; signal: AbortSignal }) {
		this.#running += 1;
		this.#tell();
		try {
			const name = await this.#copyAndCheck(kind, { progress, signal });
			this.#problem = null;
			return name;
		} catch (error) {
			const code = error instanceof CoreError ? error.code : 'internal';
			if (code !== 'cancelled') this.#problem = code;
			if (code === 'store_damaged') this.noteDamage();
			throw error;
		} finally {
			this.#running -= 1;
			if (!this.#ending.signal.aborted) this.#tell();
		}
	}

	/** A copy that reads as damaged is made once more: it may have been the copying. */
	async #copyAndCheck(
		kind: BackupKind,
		{ progress, signal }: { progress: MakeOptions['progress']; signal: AbortSignal },
	): Promise<string> {
		for (let attempt = 0; ; attempt += 1) {
			const { part, expected, sha256, at } = await this.#copy(kind, { progress, signal });
			this.#setup.at?.('copied');
			try {
				progress?.({ stage: 'checking', done: 0, total: null });
				const facts = await this.#read(part, { isThorough: true, sha256, signal });
				if (facts.pages !== expected.pages || facts.lastGroup !== expected.lastGroup || facts.key !== 0)
					throw new CoreError('store_damaged', 'The backup is not the same as the store.');
				this.#setup.at?.('checked');
				const name = this.folder.finish(part);
				this.#setup.at?.('named');
				this.#checkedAt = at.toISOString();
				this.#writtenAtLast = expected.written;
				return name;
			} catch (error) {
				this.folder.clear();
				const isDamage = error instanceof CoreError && (error.code === 'store_damaged' || error.code === 'wrong_key');
				if (!isDamage) throw error;
				if (attempt > 0) throw new CoreError('store_damaged', error.message);
			}
		}
	}

	async #copy(kind: BackupKind, { progress, signal }: { progress: MakeOptions['progress']; signal: AbortSignal }) {
		const { store, now, alone } = this.#setup;
		const at = now();
		this.#live ??= await open(store.file, 'r');
		const live = this.#live;
		const part = this.folder.begin(at, kind, (await live.stat()).size);
		const held = await alone(() => {
			const release = holdFile(store);
			const number = (sql: string) => Number(store.raw.prepare(sql).pluck().get() ?? 0);
			return {
				release,
				written: writtenRows(store),
				pages: number('SELECT page_count FROM pragma_page_count'),
				lastGroup: number('SELECT max(group_no) FROM outbox'),
			};
		});
		try {
			const before = await live.stat({ bigint: true });
			const bytes = Number(before.size);
			const sha256 = await copyBytes(live, part, {
				bytes,
				signal,
				onBytes: (done) => progress?.({ stage: 'copying', done, total: bytes }),
			});
			const after = await live.stat({ bigint: true });
			if (after.mtimeNs !== before.mtimeNs || after.size !== before.size)
				throw new CoreError('io_error', 'The store was written while it was copied.');
			return { part, expected: held, sha256, at };
		} catch (error) {
			this.folder.clear();
			throw error;
		} finally {
			held.release();
		}
	}

	/** Reads a copy, in a thread of its own where there is one. */
	async #read(
		file: string,
		{ signal, ...how }: Pick<CheckJob, 'isThorough' | 'sha256'> & { signal: AbortSignal },
	): Promise<CopyFacts> {
		const { keys, nativeBinding, checkWorker } = this.#setup;
		const job = { file, keys: [...keys], nativeBinding, ...how };
		return checkWorker ? checkInThread(checkWorker, job, signal) : checkCopy(job);
	}

	/** Reads all of a backup. Throws `not_found` or `backup_damaged`. */
	async recheck(name: string, signal?: AbortSignal): Promise<void> {
		await this.#readBackup(name, { isThorough: true, signal: this.#untilEnd(signal) });
	}

	/** What a backup holds. Throws `not_found` or `backup_damaged`. */
	about(name: string, signal?: AbortSignal): Promise<CopyFacts> {
		return this.#readBackup(name, { isThorough: false, signal: this.#untilEnd(signal) });
	}

	/** That a backup is damaged says nothing of the store. */
	async #readBackup(name: string, how: { isThorough: boolean; signal: AbortSignal }): Promise<CopyFacts> {
		try {
			return await this.#read(this.folder.pathOf(name), how);
		} catch (error) {
			if (error instanceof CoreError && (error.code === 'store_damaged' || error.code === 'wrong_key'))
				throw new CoreError('backup_damaged', `The backup cannot be read: ${error.message}`);
			throw error;
		}
	}

	#plan(ms: number): void {
		if (this.#ending.signal.aborted) return;
		this.#timer = setTimeout(() => void this.#look(), ms);
		this.#timer.unref?.();
	}

	/** Due once a local day; made while nobody has asked anything for a minute, or when that has not come for long. */
	async #look(): Promise<void> {
		const { now, calls, isBusy } = this.#setup;
		const today = localDay({ at: now().toISOString() });
		const isDue = !this.#damaged && !this.folder.list().some((backup) => localDay(backup) === today);
		const isQuiet = calls() === this.#calls && !isBusy();
		this.#calls = calls();
		this.#waited = isDue ? this.#waited + 1 : 0;
		if (isDue && !isBusy() && (isQuiet || this.#waited > PATIENCE)) {
			this.#waited = 0;
			// Why not is kept for the list; the next look tries again.
			await this.make('daily').catch(() => undefined);
		}
		this.#plan(LOOK_MS);
	}
}

function writtenRows(store: Store): number {
	return Number(store.raw.prepare('SELECT total_changes()').pluck().get());
}

/** True when the last run did not close the store: its log is still there. To be asked before the store is opened. */
export function endedUncleanly(file: string): boolean {
	const log = `${file}-wal`;
	return existsSync(log) && statSync(log).size > 0;
}
