import { join } from 'node:path';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** Where the store is: a PostgreSQL server, a PGlite folder, or PGlite in memory (optionally started from a dump). */
export type StorePlace = { url: string; schema?: string } | { dir: string } | { memory: true; dump?: Blob };

export interface Store {
	db: Kysely<Tables>;
	kind: 'postgres' | 'pglite';
	/** Copies a PGlite store into a blob that `memory` can start from. */
	dump: () => Promise<Blob>;
	/** Closes the store and lets go of its folder. */
	close: () => Promise<void>;
}

/**
 * Opens the store and brings it to the newest schema. `now` is UTC.
 * Throws when the folder is in use, when the store is newer than the program, and for PGlite in production: it never
 * calls fsync, so a power cut could undo what was acknowledged.
 */
export async function openStore(place: StorePlace, now: Date): Promise<Store> {
	if ('url' in place) return migrated(await openPostgres(place), now);
	if (process.env.NODE_ENV === 'production') {
		throw new Error('The embedded store is for evaluation and tests only. Set DATABASE_URL to a PostgreSQL server.');
	}
	return migrated(await openPglite(place), now);
}

async function migrated(store: Store, now: Date): Promise<Store> {
	try {
		await migrate(store.db, now);
		return store;
	} catch (error) {
		await store.close();
		throw error;
	}
}

async function openPostgres({ url, schema }: { url: string; schema?: string }): Promise<Store> {
	const { default: pg } = await import('pg');
	const int8 = 20;
	const pool = new pg.Pool({
		connectionString: url,
		max: 10,
		statement_timeout: 60_000,
		...(schema ? { options: `-c search_path=${schema}` } : {}),
		types: {
			getTypeParser: (oid: number, format?: 'text' | 'binary') =>
				oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
		} as typeof pg.types,
	});
	// Without a listener an idle connection that breaks would end the process; the next query reports it anyway.
	pool.on('error', () => undefined);
	const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
	const dump = () => Promise.reject(new Error('Only a PGlite store can be dumped.'));
	return { db, kind: 'postgres', dump, close: () => db.destroy() };
}

async function openPglite(place: { dir: string } | { memory: true; dump?: Blob }): Promise<Store> {
	const { PGlite } = await import('@electric-sql/pglite');
	const unlock = 'dir' in place ? lockFolder(place.dir) : () => undefined;
	try {
		const pglite = await PGlite.create(
			'dir' in place ? { dataDir: join(place.dir, 'pglite') } : { ...(place.dump ? { loadDataDir: place.dump } : {}) },
		);
		const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
		return {
			db,
			kind: 'pglite',
			dump: () => pglite.dumpDataDir('none'),
			close: async () => {
				await db.destroy();
				if (!pglite.closed) await pglite.close();
				unlock();
			},
		};
	} catch (error) {
		unlock();
		throw error;
	}
}
