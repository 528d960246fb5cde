import type SqliteDatabase from 'better-sqlite3';
import { openCopy } from '../../db/open-store.ts';
import { storeError } from '../../db/store-error.ts';
import type { BackupFacts, BackupList, RestoreResult } from '../../shared/contract/backup-models.ts';
import { contract, type ParsedOf } from '../../shared/contract/contract.ts';
import { type CallResult, CoreError } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import type { ImportProgress } from '../../shared/contract/models.ts';
import { holdsOf } from './backup-actions.ts';
import { BackupFolder } from './backups/backup-folder.ts';
import { type CheckJob, type CopyFacts, checkCopy, openByOneOf } from './backups/check-copy.ts';
import { checkInThread } from './backups/check-in-thread.ts';
import { prepareRestore } from './backups/prepare-restore.ts';
import { announceRestore, settleRestore } from './backups/settle-restore.ts';
import type { CoreOptions } from './core.ts';

/** What still answers when the store cannot be opened: the list of backups and the way back to one. */
export interface Rescue {
	/** Why the store cannot be opened, as far as it can be told. */
	readonly code: CoreError['code'];
	call(method: string, input: unknown, callId?: string): Promise<CallResult<unknown>>;
	/** Ends what is under way. */
	close(): Promise<void>;
}

interface RescueParts {
	options: CoreOptions;
	/** Why the store cannot be opened. */
	error: unknown;
	emit(event: CoreEvent): void;
	/** A backup has taken the store's place: it is to be opened. */
	onRestored(): Promise<void>;
}

/** Failures of the file itself; after any other the store is as it should be. */
const OF_THE_FILE = ['store_damaged', 'wrong_key', 'io_error'];

/** Undefined where going back to a backup would not help, or where there is none. */
export function createRescue(parts: RescueParts): Rescue | undefined {
	const known = storeError(parts.error);
	const code = known instanceof CoreError ? known.code : 'internal';
	const folder = new BackupFolder(parts.options.file);
	const backups = folder.list();
	if (!OF_THE_FILE.includes(code) || backups.length === 0) return undefined;
	if (code !== 'wrong_key') return new StoreRescue(parts, folder, code);
	// A damaged first page looks like a wrong key; a backup that opens by the key tells the one from the other.
	const isRight = backups.slice(0, TRIED).some(({ name }) => opens(folder.pathOf(name), parts.options));
	return isRight ? new StoreRescue(parts, folder, 'store_damaged') : undefined;
}

const TRIED = 3;

function opens(file: string, options: CoreOptions): boolean {
	try {
		openByOneOf({ file, keys: keysOf(options), nativeBinding: options.nativeBinding }).raw.close();
		return true;
	} catch {
		return false;
	}
}

class StoreRescue implements Rescue {
	readonly #parts: RescueParts;
	readonly #folder: BackupFolder;
	readonly code: CoreError['code'];
	readonly #ending = new AbortController();
	#last: Promise<unknown> = Promise.resolve();

	constructor(parts: RescueParts, folder: BackupFolder, code: CoreError['code']) {
		this.#parts = parts;
		this.#folder = folder;
		this.code = code;
	}

	async call(method: string, input: unknown, callId?: string): Promise<CallResult<unknown>> {
		const answered = this.#last.then(() => this.#answer(method, input, callId));
		this.#last = answered.catch(() => undefined);
		try {
			return { ok: true, value: await answered };
		} catch (error) {
			const known = storeError(error);
			if (known instanceof CoreError) return { ok: false, error: { code: known.code, message: known.message } };
			return {
				ok: false,
				error: { code: 'internal', message: error instanceof Error ? error.message : String(error) },
			};
		}
	}

	async close(): Promise<void> {
		this.#ending.abort();
		await this.#last;
	}

	async #answer(method: string, input: unknown, callId: string | undefined): Promise<unknown> {
		switch (method) {
			case 'backups.list':
				return this.#list();
			case 'backups.about':
				return this.#about(parsed('backups.about', input).name);
			case 'backups.restore':
				return this.#restore(parsed('backups.restore', input), (progress) => {
					if (callId) this.#parts.emit({ type: 'progress', callId, progress });
				});
			default:
				throw new CoreError(this.code, 'The store could not be opened.');
		}
	}

	#list(): BackupList {
		const { folder } = this.#folder;
		return { backups: this.#folder.list(), folder, busy: false, problem: null, checkedAt: null, damaged: true };
	}

	async #about(name: string): Promise<BackupFacts> {
		const facts = await this.#read(name, false);
		return { holds: holdsOf(facts), changedSince: null, importedSince: null, unsentSince: [] };
	}

	/** Whatever can be read of the damaged store goes along; its file is put aside and not written any more. */
	async #restore(
		{ name, keepUnsent }: ParsedOf<'backups.restore'>,
		progress: (progress: ImportProgress) => void,
	): Promise<RestoreResult> {
		const { options, onRestored, emit } = this.#parts;
		const { file, nativeBinding } = options;
		progress({ stage: 'checking', done: 0, total: null });
		await this.#read(name, true);
		progress({ stage: 'restoring', done: 0, total: null });
		const present = this.#openPresent();
		let carried: ReturnType<typeof prepareRestore>;
		try {
			const backup = this.#folder.pathOf(name);
			carried = prepareRestore({ file, backup, keys: keysOf(options), nativeBinding, keepUnsent, present });
		} finally {
			present?.close();
		}
		announceRestore(file);
		const keptAside = settleRestore(file, { keep: true, now: options.now?.() ?? new Date() });
		await onRestored();
		// What the windows were told of a damaged store no longer holds.
		emit({ type: 'tables-changed', tables: ['backup'] });
		const { taken, left, unread } = carried ?? { taken: 0, left: 0, unread: null };
		return { before: null, keptAside, taken, left, unread };
	}

	#openPresent(): SqliteDatabase.Database | undefined {
		const { file, key, keyHex, nativeBinding } = this.#parts.options;
		try {
			return openCopy({ file, key, keyHex, nativeBinding });
		} catch {
			return undefined;
		}
	}

	async #read(name: string, isThorough: boolean): Promise<CopyFacts> {
		const { options } = this.#parts;
		const file = this.#folder.pathOf(name);
		const job: CheckJob = { file, keys: keysOf(options), nativeBinding: options.nativeBinding, isThorough };
		try {
			return options.checkWorker ? await checkInThread(options.checkWorker, job, this.#ending.signal) : checkCopy(job);
		} catch (error) {
			const known = storeError(error);
			const isDamage = known instanceof CoreError && (known.code === 'store_damaged' || known.code === 'wrong_key');
			throw isDamage ? new CoreError('backup_damaged', `The backup cannot be read: ${known.message}`) : known;
		}
	}
}

function keysOf({ key, keyHex = '', previousKeys = [] }: CoreOptions): Uint8Array[] {
	return [key ?? Buffer.from(keyHex, 'hex'), ...previousKeys];
}

function parsed<N extends 'backups.about' | 'backups.restore'>(name: N, input: unknown): ParsedOf<N> {
	const result = contract[name].input.safeParse(input);
	if (!result.success) throw new CoreError('bad_input', 'Some fields cannot be taken as they are.');
	return result.data as ParsedOf<N>;
}
