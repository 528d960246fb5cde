import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';
import { COMMIT_CHANNEL, seqInNote } from './transaction.ts';
import { watchPostgres } from './watch-postgres.ts';

/** Where the store is: a PostgreSQL server, a PGlite folder, or a PGlite that the caller has opened and will close. */
export type StorePlace = { url: string; schema?: string } | { dir: string } | { pglite: PGlite };

/** Calls `listener` with the number of each commit, of this process or another; returns the function that ends it. */
export type WatchCommits = (listener: (seq: number) => void) => Promise<() => Promise<void>>;

export interface Store {
	db: Kysely<Tables>;
	kind: 'postgres' | 'pglite';
	watchCommits: WatchCommits;
	/** Closes the store and lets go of its folder. */
	close: () => Promise<void>;
}

/**
 * Opens the store and brings it to the newest schema. `now` is UTC.
 * Throws when the folder is in use, when the store is newer than the program, and for PGlite in production: it never
 * calls fsync, so a power cut could undo what was acknowledged.
 */
export async function openStore(place: StorePlace, now: Date): Promise<Store> {
	if (!('url' in place) && process.env.NODE_ENV === 'production') {
		throw new Error('The embedded store is for evaluation and tests only. Set DATABASE_URL to a PostgreSQL server.');
	}
	const store = await openBare(place);
	try {
		await migrate(store.db, now);
		return store;
	} catch (error) {
		await store.close();
		throw error;
	}
}

/** Opens the store as it is, of whatever schema, even none. */
export function openBare(place: StorePlace): Promise<Store> {
	return 'url' in place ? openPostgres(place) : openPglite(place);
}

async function openPostgres({ url, schema }: { url: string; schema?: string }): Promise<Store> {
	const { default: pg } = await import('pg');
	const int8 = 20;
	const path = schema ? { options: `-c search_path=${schema}` } : {};
	const pool = new pg.Pool({
		connectionString: url,
		max: 10,
		statement_timeout: 60_000,
		...path,
		types: {
			getTypeParser: (oid: number, format?: 'text' | 'binary') =>
				oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
		} as typeof pg.types,
	});
	// Without a listener an idle connection that breaks would end the process; the next query reports it anyway.
	pool.on('error', () => undefined);
	const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
	const connect = () => new pg.Client({ connectionString: url, ...path, keepAlive: true });
	return {
		db,
		kind: 'postgres',
		watchCommits: (listener) => watchPostgres(connect, listener),
		close: () => db.destroy(),
	};
}

async function openPglite(place: { dir: string } | { pglite: PGlite }): Promise<Store> {
	if ('pglite' in place) return storeOn(place.pglite, () => Promise.resolve());
	const unlock = lockFolder(place.dir);
	try {
		const { PGlite } = await import('@electric-sql/pglite');
		const pglite = await PGlite.create({ dataDir: join(place.dir, 'pglite') });
		const store = storeOn(pglite, async () => {
			await store.db.destroy();
			if (!pglite.closed) await pglite.close();
			unlock();
		});
		return store;
	} catch (error) {
		unlock();
		throw error;
	}
}

function storeOn(pglite: PGlite, close: () => Promise<void>): Store {
	const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
	const watchCommits: WatchCommits = async (listener) => {
		const unlisten = await pglite.listen(COMMIT_CHANNEL, (note) => listener(seqInNote(note)));
		return async () => {
			if (!pglite.closed) await unlisten();
		};
	};
	return { db, kind: 'pglite', watchCommits, close };
}
