import { readMeta, writeMeta } from '../../db/meta.ts';
import { openStore, type Store, type StoreOptions } from '../../db/open-store.ts';
import { indexNextRun } from '../../db/search-index.ts';
import type { Clock } from '../../db/unit.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import { Dispatcher } from './dispatch.ts';
import { BlobFolder } from './files/blob-folder.ts';
import { BUDGET_BYTES } from './files/budget.ts';
import { fileKeys } from './files/file-keys.ts';
import { FileLoop } from './files/file-loop.ts';
import { type FileTransport, fileTransport } from './files/file-transport.ts';
import type { Session } from './handler.ts';
import { newDeviceShort, newId } from './ids.ts';
import { recoverImports } from './imports/imports.ts';
import type { CrashPoint } from './sync/crash-points.ts';
import { noteFile } from './sync/receipt-file.ts';
import type { Surroundings } from './sync/surroundings.ts';
import { SyncLoop } from './sync/sync-loop.ts';
import { fetchTransport, type Transport } from './sync/transport.ts';

export interface CoreOptions extends StoreOptions {
	/** Keys the store had before, newest first: they open backups made then. Core zeroes these and `key` when it closes. */
	previousKeys?: Uint8Array[] | undefined;
	deviceName: string;
	appVersion: string;
	sample: boolean;
	/** Left out: the core works offline for good (tests, seeding). */
	server?: { url: string; token: string } | undefined;
	/** Who is at the laptop before the server has ever said so. */
	userId?: string | undefined;
	/** The wall clock; tests put their own. */
	now?: () => Date;
	/** A store that is open already, in place of `file`'s; the simulation keeps its laptops' in memory. */
	store?: Store;
	/** How requests reach the server; tests put faults here. */
	transport?: Transport;
	/** How the bytes of files reach the server; tests put faults here. */
	fileTransport?: FileTransport;
	/** Bytes of files kept here that nobody chose for offline use; tests want less. */
	fileBudget?: number;
	/** Time, chance and network as sync sees them; tests put their own. */
	surroundings?: Surroundings;
	/** Called between the steps of sync; a test may let the process die there. */
	crashPoint?: (point: CrashPoint) => void;
	/** False: nothing is sent until `sync.now`. */
	autoSync?: boolean;
}

export interface Core {
	call(method: string, input: unknown, progressId?: string): Promise<CallResult<unknown>>;
	onEvent(listener: (event: CoreEvent) => void): () => void;
	registerFile(token: string, path: string): void;
	/** The network or the lid changed: try now rather than at the next planned time. */
	wake(): void;
	/** What the system says of the link; counts while the person leaves it to the system. */
	setLinkHint(hint: { metered: boolean }): void;
	close(): Promise<void>;
	/** For tests and the worker's start message. */
	store: Store;
}

/** Opens the store and starts the application on it. Throws CoreError when the store cannot be opened. */
export async function createCore(options: CoreOptions): Promise<Core> {
	const store = options.store ?? openStore(options);
	const session = loadSession(store, options);
	const clock: Clock = { last: lastVersion(store), now: options.now ?? (() => new Date()) };
	const listeners = new Set<(event: CoreEvent) => void>();
	const emit = (event: CoreEvent) => {
		for (const listener of listeners) listener(event);
	};
	const dispatcher = new Dispatcher({ store, session, clock, emit, options });
	const transport =
		options.transport ?? (options.server ? fetchTransport(options.server, options.surroundings) : undefined);
	const sync = new SyncLoop({ store, session, clock, emit, transport, dispatcher, options });
	dispatcher.attachSync(sync);
	const files = openFiles({ store, dispatcher, sync, options, clock });
	dispatcher.attachFiles(files);
	listeners.add((event) => files.hear(event));
	await files.start();
	// A store that cannot be written now must still open to be read.
	await recoverImports(dispatcher.actionContext()).catch(() => undefined);
	const indexing = startIndexing(dispatcher, store, () => emit({ type: 'tables-changed', tables: [...SEARCHED] }));
	if (options.autoSync !== false) sync.start();
	return {
		call: (method, input, callId) => dispatcher.call(method, input, callId),
		onEvent: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		registerFile: (token, path) => dispatcher.registerFile(token, path),
		wake: () => {
			sync.wake();
			files.wake();
		},
		setLinkHint: (hint) => sync.setLinkHint(hint),
		close: async () => {
			indexing.stop();
			await files.stop();
			await closeCore(dispatcher, sync, store);
			files.folder.lock();
			for (const key of [options.key, ...(options.previousKeys ?? [])]) key?.fill(0);
		},
		store,
	};
}

interface FileParts {
	store: Store;
	dispatcher: Dispatcher;
	sync: SyncLoop;
	options: CoreOptions;
	clock: Clock;
}

/** The folder of files lies beside the store and is sealed with keys that come from the store's. */
function openFiles({ store, dispatcher, sync, options, clock }: FileParts): FileLoop {
	const { server } = options;
	return new FileLoop({
		store,
		folder: new BlobFolder(`${options.file}.files`, fileKeys(store, options)),
		transport: options.fileTransport ?? (server ? fileTransport(server) : undefined),
		runUnit: (work) => dispatcher.runUnit({ label: 'Files', origin: 'remote' }, work),
		noteArrival: noteFile,
		line: () => sync.line(),
		now: clock.now,
		budget: options.fileBudget ?? BUDGET_BYTES,
		auto: options.autoSync !== false,
	});
}

async function closeCore(dispatcher: Dispatcher, sync: SyncLoop, store: Store): Promise<void> {
	await sync.stop();
	await dispatcher.idle();
	store.close();
}

function loadSession(store: Store, options: CoreOptions): Session {
	return store.raw.transaction((): Session => {
		const deviceId = readMeta(store, 'device_id') ?? newId();
		const deviceShort = readMeta(store, 'device_short') ?? newDeviceShort();
		const userId = readMeta(store, 'user_id') ?? options.userId ?? 'u-unknown';
		if (!readMeta(store, 'device_id')) {
			writeMeta(store, 'device_id', deviceId);
			writeMeta(store, 'device_short', deviceShort);
			writeMeta(store, 'user_id', userId);
			if (options.sample) writeMeta(store, 'sample', '1');
		}
		return { userId, deviceId, deviceShort };
	})();
}

/** The newest version this laptop has given out or seen, so that the next one is greater whatever the clock says. */
function lastVersion(store: Store): string | undefined {
	const row = store
		.statement('SELECT max(hlc) AS hlc FROM (SELECT hlc FROM outbox ORDER BY group_no DESC LIMIT 50)')
		.get() as {
		hlc: string | null;
	};
	const clock = readMeta(store, 'clock');
	return [row.hlc, clock]
		.filter((value) => typeof value === 'string')
		.sort()
		.at(-1);
}

/** What can be found; a search on the screen asks again when they have all been indexed. */
const SEARCHED = ['account', 'contact', 'issue', 'visit', 'note', 'task', 'patent_asset'] as const;

/** Indexes new rows for search some at a time, between other work; `onDone` is called when none is left. */
function startIndexing(dispatcher: Dispatcher, store: Store, onDone: () => void) {
	let stopped = false;
	let hasWorked = false;
	// A full disk, say: the run stays queued. Left alone, the failure would end the thread and close the store with it.
	const onFailure = () => false;
	const step = async () => {
		if (stopped) return;
		// An import fills the index's queue faster than it is emptied; indexing beside it would only make it slower.
		const more = dispatcher.isBusy() ? false : await dispatcher.exclusively(() => indexNextRun(store)).catch(onFailure);
		if (hasWorked && !more && !stopped) onDone();
		hasWorked = more;
		if (!stopped) timer = setTimeout(step, more ? 15 : 2000);
	};
	let timer = setTimeout(step, 1500);
	timer.unref?.();
	return {
		stop: () => {
			stopped = true;
			clearTimeout(timer);
		},
	};
}
