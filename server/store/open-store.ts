import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { lockFolder } from './folder-lock.ts';
import { checkMigrated, migrate } from './migrate.ts';
import type { Tables } from './tables.ts';
import { COMMIT_CHANNEL, seqInNote } from './transaction.ts';
import { watchPostgres } from './watch-postgres.ts';

/** Where the store is: a PostgreSQL server, a PGlite folder, or a PGlite that the caller has opened and will close. */
export type StorePlace = PostgresPlace | { dir: string } | { pglite: PGlite };

/** `asServer`: connections work under the role that owns nothing, whoever logs in. */
export interface PostgresPlace {
	url: string;
	schema?: string;
	asServer?: boolean;
}

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

/** The role of migration 6, which every transaction of a request works under. */
export const SERVER_ROLE = 'fieldbook_app';

/**
 * Whether the role that logs in could step over the policies: a superuser, one that bypasses them, or the tables' owner.
 * The answer says why; undefined when it could not.
 */
export async function findRoleProblem({ db }: Store): Promise<string | undefined> {
	const { rows } = await sql<{ name: string; above: boolean; owns: boolean; member: boolean }>`
		select r.rolname as name, r.rolsuper or r.rolbypassrls or r.rolcreaterole as above,
			exists (select 1 from pg_class c where c.relnamespace = current_schema()::regnamespace and pg_has_role(session_user, c.relowner, 'member')) as owns,
			case when exists (select 1 from pg_roles where rolname = ${SERVER_ROLE})
				then pg_has_role(session_user, ${SERVER_ROLE}, 'member') else false end as member
		from pg_roles r where r.rolname = session_user`.execute(db);
	const [role] = rows;
	if (!role) return 'The role that logs in is not known.';
	if (role.above) return `The role ${role.name} is a superuser, may make roles or bypasses row-level security.`;
	if (role.owns) return `The role ${role.name} owns the tables; migrate with another one.`;
	return role.member ? undefined : `The role ${role.name} is no member of ${SERVER_ROLE}.`;
}

/**
 * Opens a PostgreSQL store to serve from it. A role that could step over the policies is taken only outside of production,
 * and then brings the store to the newest schema as well; one that could not finds it there. `now` is UTC. Throws a plain
 * message.
 */
export async function openToServe(place: PostgresPlace, now: Date): Promise<Store> {
	const store = await openBare(place);
	try {
		const problem = await findRoleProblem(store);
		if (problem && process.env.NODE_ENV === 'production')
			throw new Error(`${problem} In production the server serves under a role of its own; see --help.`);
		await (problem ? migrate(store.db, now) : checkMigrated(store.db));
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

async function openPostgres({ url, schema, asServer }: PostgresPlace): Promise<Store> {
	const { default: pg } = await import('pg');
	const int8 = 20;
	const settings = [schema ? `-c search_path=${schema}` : '', asServer ? `-c role=${SERVER_ROLE}` : '']
		.join(' ')
		.trim();
	const path = settings ? { options: settings } : {};
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
