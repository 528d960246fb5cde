import type { Store, StoreOptions } from '../../db/open-store.ts';
import type { ReadTable } from '../../shared/contract/define.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import type { SignedIn, SignInPlace } from '../../shared/contract/session.ts';
import { entities } from '../../shared/entities/registry.ts';
import type { Replace } from './backups/restore-backup.ts';
import { type AtBackupPoint, settleRestore } from './backups/settle-restore.ts';
import type { BlobFolder } from './files/blob-folder.ts';
import type { FileTransport } from './files/file-transport.ts';
import { startRunning } from './running.ts';
import type { CrashPoint } from './sync/crash-points.ts';
import type { Transport } from './sync/reaching/transport.ts';
import type { Departure } from './sync/session/leave.ts';
import type { Surroundings } from './sync/surroundings.ts';

export interface CoreOptions extends StoreOptions {
	/** Keys the store had before, newest first: they open backups made then. Core zeroes these and `key` when it closes. */
	previousKeys?: Uint8Array[] | undefined;
	deviceName: string;
	appVersion: string;
	sample: boolean;
	/** Left out: the core works offline for good (tests, seeding). */
	server?: { url: string; token?: string } | undefined;
	/** Where people sign in; without it, where the server says. */
	signInPlace?: SignInPlace | undefined;
	/** Who is at the laptop before the server has ever said so. */
	userId?: string | undefined;
	/** The wall clock; tests put their own. */
	now?: () => Date;
	/** A store that is open already, in place of `file`'s; the simulation keeps its laptops' in memory. */
	store?: Store;
	/** How requests reach the server; tests put faults here. */
	transport?: Transport;
	/** Where the bytes of files lie, in place of a folder beside the store; the simulation keeps its laptops' in memory. */
	blobs?: BlobFolder;
	/** How the bytes of files reach the server; tests put faults here. */
	fileTransport?: FileTransport;
	/** Bytes of files kept here that nobody chose for offline use; tests want less. */
	fileBudget?: number;
	/** Time, chance and network as sync sees them; tests put their own. */
	surroundings?: Surroundings;
	/** Called between the steps of sync; a test may let the process die there. */
	crashPoint?: (point: CrashPoint) => void;
	/** False: nothing is sent until `sync.now`, and no backup is made until somebody asks for one. */
	autoSync?: boolean;
	/** Called between the steps of backups and of going back to one; a test may let the process die there. */
	backupPoint?: AtBackupPoint | undefined;
	/** The file of the thread that reads copies of the store; left out, they are read on this one. */
	checkWorker?: string | undefined;
}

export interface Core {
	call(method: string, input: unknown, progressId?: string): Promise<CallResult<unknown>>;
	onEvent(listener: (event: CoreEvent) => void): () => void;
	registerFile(token: string, path: string): void;
	/** The network or the lid changed: try now rather than at the next planned time. */
	wake(): void;
	/** What the system says of the link; counts while the person leaves it to the system. */
	setLinkHint(hint: { metered: boolean }): void;
	/** Somebody has signed in; false when this workbook is another person's. */
	signIn(signedIn: SignedIn): Promise<boolean>;
	/** This laptop has been put out, and its work was handed in: the listener destroys what is held. */
	onDeparture(listener: (departure: Departure) => void): void;
	/** No store is open any more: neither the one that was to come nor the one before could be opened. */
	onLoss(listener: (error: unknown) => void): void;
	close(): Promise<void>;
	/** For tests and the worker's start message. */
	readonly store: Store;
}

const EVERY_TABLE: readonly ReadTable[] = [
	...(Object.keys(entities) as (keyof typeof entities)[]),
	'backup',
	'blob',
	'history',
	'outbox',
	'receipt',
	'sync_state',
	'text_update',
];

/** Opens the store and starts the application on it. Throws CoreError when the store cannot be opened. */
export async function createCore(options: CoreOptions): Promise<Core> {
	const listeners = new Set<(event: CoreEvent) => void>();
	const emit = (event: CoreEvent) => {
		for (const listener of listeners) listener(event);
	};
	const departures = new Set<(departure: Departure) => void>();
	const obey = (departure: Departure) => {
		for (const listener of departures) listener(departure);
	};
	const losses = new Set<(error: unknown) => void>();
	const lost = (error: unknown) => {
		for (const listener of losses) listener(error);
	};
	/** Calls wait here while another store takes the place of this one. */
	let gate: Promise<unknown> = Promise.resolve();
	const replace: Replace = (prepare, { isDamaged }) => {
		const done = (async () => {
			let failure: unknown;
			await running.stop((store) => {
				try {
					prepare(store);
				} catch (error) {
					failure = error;
				}
			});
			const now = options.now?.() ?? new Date();
			const aside =
				failure === undefined ? settleRestore(options.file, { keep: isDamaged, now, at: options.backupPoint }) : null;
			running = await startRunning(options, { emit, replace, obey }).catch((error: unknown) => {
				lost(error);
				throw error;
			});
			emit({ type: 'tables-changed', tables: [...EVERY_TABLE] });
			if (failure !== undefined) throw failure;
			return aside;
		})();
		gate = done.catch(() => undefined);
		return done;
	};
	let running = await startRunning(options, { emit, replace, obey });
	return {
		call: async (method, input, callId) => {
			await gate;
			return running.dispatcher.call(method, input, callId);
		},
		onEvent: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		registerFile: (token, path) => running.dispatcher.registerFile(token, path),
		wake: () => {
			running.sync.wake();
			running.files.wake();
		},
		setLinkHint: (hint) => running.sync.setLinkHint(hint),
		signIn: async (signedIn) => {
			await gate;
			const isOwn = await running.session.adopt(signedIn);
			if (isOwn) running.sync.wake();
			return isOwn;
		},
		onDeparture: (listener) => {
			departures.add(listener);
			if (running.departure) listener(running.departure);
		},
		onLoss: (listener) => {
			losses.add(listener);
		},
		close: async () => {
			await gate;
			await running.stop();
			for (const key of [options.key, ...(options.previousKeys ?? [])]) key?.fill(0);
		},
		get store() {
			return running.store;
		},
	};
}
