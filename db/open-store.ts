import { chmodSync, closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { CoreError } from '../shared/contract/errors.ts';
import { migrations } from './migrations/migrations.ts';
import { storeError } from './store-error.ts';
import type { Tables } from './tables.ts';

export interface StoreOptions {
	file: string;
	/** The raw page key: 32 bytes, as they are. Anything else is refused, because the driver would silently make a plaintext file. */
	key?: Uint8Array | undefined;
	/** The same as 64 hex digits, for tools. A string stays in memory: whoever can lock the store gives `key`. */
	keyHex?: string | undefined;
	/** Path of a binding compiled for a runtime with an old Node-API; normally left out. */
	nativeBinding?: string | undefined;
	/** Called before a store of an older version is brought up to date, while it is as it was. When it throws, nothing is migrated. */
	beforeMigration?: ((store: OldStore) => void) | undefined;
}

/** A store that is about to be brought from one version to another. */
export interface OldStore {
	raw: SqliteDatabase.Database;
	file: string;
	from: number;
	to: number;
}

export interface Store {
	raw: SqliteDatabase.Database;
	db: Kysely<Tables>;
	/** A prepared statement, kept for the next time. */
	statement(sql: string): SqliteDatabase.Statement;
	cipher: string;
	file: string;
	close(): void;
}

/** Page cache in KiB: usual, and while much is written. */
const CACHE_KIB = 16_000;
const BULK_CACHE_KIB = 96_000;

/** Pages in the log before it is folded into the store: SQLite's default, and while much is written. */
const CHECKPOINT_PAGES = 1000;
const BULK_CHECKPOINT_PAGES = 32_000;

/** ChaCha20-Poly1305 with a tag on every page: damage is noticed, and it costs less than AES-CBC with HMAC-SHA512. */
const CIPHER = 'chacha20';

/** What the driver wants before a key that is to be taken as it is. */
const RAW_KEY = 'raw:';

const PLAINTEXT_HEADER = 'SQLite format 3\0';

/** What every open must find. The driver's own default for `synchronous` loses acknowledged work on power loss. */
const expected: Record<string, string | number> = {
	journal_mode: 'wal',
	synchronous: 2,
	temp_store: 2,
	foreign_keys: 1,
	trusted_schema: 0,
	cell_size_check: 1,
	secure_delete: 1,
	cipher: CIPHER,
};

/**
 * Opens (or creates) the encrypted store, brings its schema up to date and asserts every protection.
 * Throws CoreError: `wrong_key`, `store_newer`, `store_in_use`, `store_damaged`, `disk_full` or `io_error`.
 */
export function openStore(options: StoreOptions): Store {
	const driverKey = driverKeyOf(options);
	try {
		if (!existsSync(options.file) || statSync(options.file).size === 0) makeStore(options, driverKey);
		refusePlaintext(options.file);
		// The log files take their rights from the store's.
		chmodSync(options.file, 0o600);
		return assemble(openProtected(options, driverKey), options.file);
	} finally {
		driverKey.fill(0);
	}
}

/** Made, closed, looked at and only then opened to stay (see refusePlaintext). A file made in clear does not stay. */
function makeStore(options: StoreOptions, driverKey: Buffer): void {
	const made = openProtected(options, driverKey);
	made.pragma('wal_checkpoint(TRUNCATE)');
	made.close();
	try {
		refusePlaintext(options.file);
	} catch (error) {
		rmSync(options.file, { force: true });
		throw error;
	}
}

/** The key as the driver takes it: bytes that can be zeroed, never part of a statement. Throws `wrong_key`. */
function driverKeyOf({ key, keyHex }: StoreOptions): Buffer {
	const raw = key ?? (keyHex !== undefined && /^[0-9a-f]{64}$/.test(keyHex) ? Buffer.from(keyHex, 'hex') : undefined);
	// A key that was zeroed already is none.
	if (!(raw instanceof Uint8Array) || raw.length !== 32 || raw.every((byte) => byte === 0))
		throw new CoreError('wrong_key', 'The store key is missing or malformed.');
	const driverKey = Buffer.alloc(RAW_KEY.length + raw.length);
	driverKey.write(RAW_KEY, 'latin1');
	driverKey.set(raw, RAW_KEY.length);
	return driverKey;
}

function openProtected(options: StoreOptions, driverKey: Buffer): SqliteDatabase.Database {
	const raw = openRaw(options);
	try {
		unlock(raw, driverKey);
		configure(raw);
		migrate(raw, options);
		assertProtections(raw);
	} catch (error) {
		raw.close();
		throw storeError(error);
	}
	return raw;
}

function openRaw(options: StoreOptions): SqliteDatabase.Database {
	try {
		return new SqliteDatabase(
			options.file,
			options.nativeBinding ? { nativeBinding: options.nativeBinding, timeout: 1000 } : { timeout: 1000 },
		);
	} catch (error) {
		throw storeError(error);
	}
}

/** What the types do not know of the driver. `key` takes the bytes of a key and answers 0 when they were taken. */
interface KeyedDatabase {
	key(key: Buffer): number;
}

function unlock(raw: SqliteDatabase.Database, driverKey: Buffer): void {
	raw.pragma(`cipher='${CIPHER}'`);
	if ((raw as unknown as KeyedDatabase).key(driverKey) !== 0)
		throw new CoreError('wrong_key', 'The driver did not take the store key.');
	// One process owns a store: a second instance is told so instead of sharing it. Must be set before the first read.
	raw.pragma('locking_mode=EXCLUSIVE');
	raw.prepare('SELECT count(*) FROM sqlite_master').get();
}

function configure(raw: SqliteDatabase.Database): void {
	raw.pragma('journal_mode=WAL');
	raw.pragma('synchronous=FULL');
	raw.pragma('temp_store=MEMORY');
	raw.pragma('foreign_keys=ON');
	raw.pragma('trusted_schema=OFF');
	raw.pragma('cell_size_check=ON');
	raw.pragma('secure_delete=ON');
	raw.pragma(`cache_size=-${CACHE_KIB}`);
	if (process.platform === 'darwin') {
		raw.pragma('fullfsync=ON');
		raw.pragma('checkpoint_fullfsync=ON');
	}
}

/** Runs the migrations the store has not seen, each in its own transaction. A store from a newer version is left alone. */
function migrate(raw: SqliteDatabase.Database, { file, beforeMigration }: StoreOptions): void {
	const version = raw.pragma('user_version', { simple: true }) as number;
	if (version > migrations.length) {
		throw new CoreError('store_newer', 'This store was written by a newer version of Fieldbook.', {
			storeVersion: version,
			appVersion: migrations.length,
		});
	}
	if (version > 0 && version < migrations.length)
		beforeMigration?.({ raw, file, from: version, to: migrations.length });
	migrations.slice(version).forEach((migration, index) => {
		raw.transaction(() => {
			raw.exec(migration.sql);
			raw.pragma(`user_version=${version + index + 1}`);
		})();
	});
}

function assertProtections(raw: SqliteDatabase.Database): void {
	for (const [name, value] of Object.entries(expected)) {
		const actual = raw.pragma(name, { simple: true });
		if (actual !== value) throw new CoreError('io_error', `The store opened with ${name}=${String(actual)}.`);
	}
}

/**
 * A file that begins like a plain SQLite database is never opened: the key would be ignored. Only to be called while this
 * process has the store closed: closing any handle of a file drops every lock the process holds on it, SQLite's included.
 */
function refusePlaintext(file: string): void {
	if (!existsSync(file)) return;
	const head = Buffer.alloc(16);
	const handle = openSync(file, 'r');
	try {
		readSync(handle, head, 0, 16, 0);
	} finally {
		closeSync(handle);
	}
	if (head.toString('latin1') === PLAINTEXT_HEADER) {
		throw new CoreError('store_damaged', 'The store file is not encrypted; it was not opened.');
	}
}

function assemble(raw: SqliteDatabase.Database, file: string): Store {
	const cache = new Map<string, SqliteDatabase.Statement>();
	const statement = (sql: string) => {
		let prepared = cache.get(sql);
		if (!prepared) {
			prepared = raw.prepare(sql);
			cache.set(sql, prepared);
			if (cache.size > 500) cache.delete(cache.keys().next().value as string);
		}
		// Whoever asked for single values the last time must not decide what the next one gets.
		return prepared.reader ? prepared.pluck(false) : prepared;
	};
	// Kysely prepares a statement for every call; handing it the cache makes a small edit several times cheaper.
	const db = new Kysely<Tables>({
		dialect: new SqliteDialect({ database: { prepare: statement, close: () => {} } as never }),
	});
	const close = () => {
		cache.clear();
		if (raw.open) raw.close();
	};
	return { raw, db, statement, cipher: CIPHER, file, close };
}

/** How the log of one open store is folded in: who writes much, who defers, and who needs the file to stand still. */
interface Folding {
	bulk: number;
	deferred: number;
	held: number;
}

const foldings = new WeakMap<Store, Folding>();

function changeFolding(store: Store, change: (folding: Folding) => void): void {
	const folding = foldings.get(store) ?? { bulk: 0, deferred: 0, held: 0 };
	change(folding);
	foldings.set(store, folding);
	const { bulk, deferred, held } = folding;
	const pages = bulk > 0 ? BULK_CHECKPOINT_PAGES : deferred > 0 ? BULK_CHECKPOINT_PAGES / 2 : CHECKPOINT_PAGES;
	if (store.raw.open) store.raw.pragma(`wal_autocheckpoint=${held > 0 ? 0 : pages}`);
}

/**
 * Runs work that writes much. Index pages that every transaction touches are then folded into the file a few times
 * instead of after every thousand pages, which is most of an import's cost; nothing is less durable for it.
 */
export async function whileBulk<T>(store: Store, work: () => Promise<T>): Promise<T> {
	store.raw.pragma(`cache_size=-${BULK_CACHE_KIB}`);
	changeFolding(store, (folding) => folding.bulk++);
	try {
		return await work();
	} finally {
		changeFolding(store, (folding) => folding.bulk--);
		if (store.raw.open) {
			store.raw.pragma(`cache_size=-${CACHE_KIB}`);
			store.raw.pragma('shrink_memory');
		}
	}
}

/**
 * Lets the log grow while many records come in, so that index pages which every transaction touches are not folded into
 * the file each time; nothing is less durable for it. Returns the function that ends it: the next commit folds it in.
 */
export function deferFolding(store: Store): () => void {
	changeFolding(store, (folding) => folding.deferred++);
	return once(() => changeFolding(store, (folding) => folding.deferred--));
}

/**
 * Folds the log into the file and keeps it out of it from then on: until the returned function is called, everything
 * written goes into the log, and the file holds the store as it is now, whole. To be called outside of a transaction.
 * Throws `store_in_use` when something is being read at this moment.
 */
export function holdFile(store: Store): () => void {
	const [done] = store.raw.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[];
	if (done?.busy !== 0 || done.log !== done.checkpointed)
		throw new CoreError('store_in_use', 'The store is being read; its log could not be folded in.');
	changeFolding(store, (folding) => folding.held++);
	return once(() => changeFolding(store, (folding) => folding.held--));
}

function once(work: () => void): () => void {
	let isDone = false;
	return () => {
		if (!isDone) work();
		isDone = true;
	};
}

/**
 * Opens a finished copy of a store to be read, as it is: nothing is migrated or changed. Never to be used on the store
 * that is open (closing a second handle drops its locks). Throws like `openStore`.
 */
export function openCopy(options: StoreOptions): SqliteDatabase.Database {
	const driverKey = driverKeyOf(options);
	try {
		refusePlaintext(options.file);
		const raw = openRaw(options);
		try {
			unlock(raw, driverKey);
			for (const setting of ['temp_store=MEMORY', 'trusted_schema=OFF', 'cell_size_check=ON', 'query_only=ON'])
				raw.pragma(setting);
			return raw;
		} catch (error) {
			raw.close();
			throw storeError(error);
		}
	} finally {
		driverKey.fill(0);
	}
}
