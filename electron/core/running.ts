import { readMeta, writeMeta } from '../../db/meta.ts';
import { openStore, type Store } from '../../db/open-store.ts';
import { indexNextRun } from '../../db/search-index.ts';
import type { Clock } from '../../db/unit.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import { BackupDesk, endedUncleanly } from './backups/backup-desk.ts';
import { backUpBeforeMigration } from './backups/before-migration.ts';
import { hasCutLog } from './backups/cut-log.ts';
import type { Replace } from './backups/restore-backup.ts';
import { settleRestore } from './backups/settle-restore.ts';
import type { CoreOptions } from './core.ts';
import { Dispatcher } from './dispatch.ts';
import { removeLeftPart } from './export/part-file.ts';
import { BlobFolder } from './files/blob-folder.ts';
import { BUDGET_BYTES } from './files/budget.ts';
import { fileKeys } from './files/file-keys.ts';
import { FileLoop } from './files/file-loop.ts';
import { fileTransport } from './files/file-transport.ts';
import type { Session } from './handler.ts';
import { newDeviceShort, newId } from './ids.ts';
import { recoverImports } from './imports/imports.ts';
import { LEAVING } from './stopped.ts';
import { fetchTransport } from './sync/reaching/transport.ts';
import { noteFile } from './sync/reporting/receipt-file.ts';
import { credentialsOf, type ServerAccess } from './sync/session/credentials.ts';
import { type Departure, readDeparture } from './sync/session/leave.ts';
import { SessionDesk } from './sync/session/session.ts';
import { SyncLoop } from './sync/sync-loop.ts';

/** The application on one open store. */
export interface Running {
	store: Store;
	dispatcher: Dispatcher;
	sync: SyncLoop;
	files: FileLoop;
	session: SessionDesk;
	/** Set when an earlier run was told to go and did not come to the end of it. */
	departure: Departure | undefined;
	/** Ends all work and closes the store; `last` is done with it before, when nothing else can reach it any more. */
	stop(last?: (store: Store) => void): Promise<void>;
}

export interface Around {
	emit(event: CoreEvent): void;
	replace: Replace;
	/** This laptop has been put out. */
	obey(departure: Departure): void;
}

/** Opens the store and starts all that works on it. Throws CoreError when the store cannot be opened. */
export async function startRunning(options: CoreOptions, around: Around): Promise<Running> {
	const now = options.now ?? (() => new Date());
	if (!options.store) settleRestore(options.file, { keep: false, now: now() });
	const isUnclean = !options.store && endedUncleanly(options.file);
	const isCut = !options.store && hasCutLog(options.file);
	const store = options.store ?? openStore({ ...options, beforeMigration: backUpBeforeMigration(options, now()) });
	try {
		return await startOn(store, { options, around, isUnclean, isCut });
	} catch (error) {
		// Damage may show only now; nobody could put a backup in the place of a store that is open.
		if (!options.store) store.close();
		throw error;
	}
}

interface StartParts {
	options: CoreOptions;
	around: Around;
	/** The run before did not close the store. */
	isUnclean: boolean;
	/** Confirmed work is missing from the store. */
	isCut: boolean;
}

async function startOn(store: Store, { options, around, isUnclean, isCut }: StartParts): Promise<Running> {
	const { emit, replace, obey } = around;
	const now = options.now ?? (() => new Date());
	const session = loadSession(store, options);
	const clock: Clock = { last: lastVersion(store), now };
	const heard: { files?: FileLoop } = {};
	const tell = (event: CoreEvent) => {
		heard.files?.hear(event);
		emit(event);
	};
	const dispatcher = new Dispatcher({ store, session, clock, emit: tell, options });
	const desk = new SessionDesk({ store, dispatcher, options, now, emit: tell });
	dispatcher.attachSession(desk);
	const access = desk.access();
	const transport = options.transport ?? (access ? fetchTransport(access, options.surroundings) : undefined);
	const backups = openBackups({ store, dispatcher, options, clock, emit: tell });
	if (backups) dispatcher.attachBackups(backups, replace);
	if (isCut) backups?.noteDamage();
	const sync = new SyncLoop({
		store,
		session,
		clock,
		emit: tell,
		transport,
		dispatcher,
		options,
		backups,
		lease: desk.lease,
		isSignedOut: () => desk.isSignedOut(),
		obey,
	});
	dispatcher.attachSync(sync);
	const files = openFiles({ store, dispatcher, sync, options, clock, access });
	dispatcher.attachFiles(files);
	heard.files = files;
	await files.start();
	removeLeftPart(store);
	// A store that cannot be written now must still open to be read.
	await recoverImports(dispatcher.actionContext()).catch(() => undefined);
	const indexing = startIndexing(dispatcher, store, () => tell({ type: 'tables-changed', tables: [...SEARCHED] }));
	const departure = readDeparture(store);
	if (departure) dispatcher.stopWriting(LEAVING);
	else if (options.autoSync !== false) startLoops({ sync, backups, isUnclean });
	return {
		store,
		dispatcher,
		sync,
		files,
		session: desk,
		departure,
		stop: async (last) => {
			indexing.stop();
			await backups?.stop();
			await files.stop();
			await sync.stop();
			await dispatcher.idle();
			await dispatcher.alone(() => last?.(store));
			store.close();
			await backups?.close();
			files.folder.lock();
		},
	};
}

interface Loops {
	sync: SyncLoop;
	backups: BackupDesk | undefined;
	isUnclean: boolean;
}

/** After a run that ended in any other way than by closing, the whole store is read before anything of it is sent. */
function startLoops({ sync, backups, isUnclean }: Loops): void {
	if (!backups || !isUnclean) {
		if (!backups?.isDamaged) sync.start();
	} else
		void backups
			.check()
			.catch(() => undefined)
			.then(() => backups.isDamaged || backups.isStopped || sync.start());
	backups?.start();
}

function openBackups({
	store,
	dispatcher,
	options,
	clock,
	emit,
}: Omit<FileParts, 'sync' | 'access'> & { emit(event: CoreEvent): void }): BackupDesk | undefined {
	if (options.store) return undefined;
	const { key, keyHex = '', previousKeys = [], nativeBinding, checkWorker, backupPoint } = options;
	return new BackupDesk({
		store,
		keys: [key ?? Buffer.from(keyHex, 'hex'), ...previousKeys],
		nativeBinding,
		checkWorker,
		at: backupPoint,
		now: clock.now,
		alone: (work) => dispatcher.alone(work),
		isBusy: () => dispatcher.isBusy(),
		calls: () => dispatcher.calls,
		emit,
		onDamage: () => dispatcher.stopWriting(),
	});
}

interface FileParts {
	store: Store;
	dispatcher: Dispatcher;
	sync: SyncLoop;
	options: CoreOptions;
	clock: Clock;
	access: ServerAccess | undefined;
}

/** The folder of files lies beside the store and is sealed with keys that come from the store's. */
function openFiles({ store, dispatcher, sync, options, clock, access }: FileParts): FileLoop {
	const authorize = access && ((path: string) => credentialsOf(access).header(path));
	return new FileLoop({
		store,
		folder: options.blobs ?? new BlobFolder(`${options.file}.files`, fileKeys(store, options)),
		transport:
			options.fileTransport ?? (access && authorize ? fileTransport({ url: access.url, authorize }) : undefined),
		runUnit: (work) => dispatcher.runUnit({ label: 'Files', origin: 'remote' }, work),
		noteArrival: noteFile,
		line: () => sync.line(),
		now: clock.now,
		budget: options.fileBudget ?? BUDGET_BYTES,
		auto: options.autoSync !== false,
	});
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
