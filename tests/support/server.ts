import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { buildServer, type ServerOptions } from '../../server/app.ts';
import { SAMPLE_TOKENS, type SeedRecord, seedLogins, seedRecords } from '../../server/seed.ts';
import { openBare, openStore, type Store } from '../../server/store/open-store.ts';
import { readIdentity } from '../../server/sync/sync-core.ts';
import { readVersions } from '../../shared/sync/version.ts';
import { runStatement } from './postgres.ts';
import { type Fault, type FaultKind, faultyHttp } from './server-faults.ts';

export interface TestServerOptions {
	/** Records to start with; only used on an empty store. */
	records?: readonly SeedRecord[];
	/** Accounts of each user id; without an entry a user has every account among `records`. */
	accounts?: Readonly<Record<string, readonly string[]>>;
	/** Folder of the store, to stop and start again; without it the store is in memory and gone with `stop`. */
	dir?: string;
	/** A PostgreSQL database to use instead; stays after `stop`. */
	url?: string;
	port?: number;
	clock?: () => Date;
	/** Handed to buildServer as they are. */
	heartbeatMs?: number;
	durableSeq?: () => number | undefined;
	blobDir?: string;
	crashPoint?: ServerOptions['crashPoint'];
	signIn?: ServerOptions['signIn'];
	takesOpaque?: boolean;
	leaseDays?: number;
}

export interface TestServer {
	url: string;
	port: number;
	epoch: string;
	store: Store;
	/** Lets the next requests fail; null ends it. */
	setFault: (fault: Fault | FaultKind | null) => void;
	faultsMet: () => number;
	/** All records and texts in a form that two sides can be compared by. */
	serverTables: () => Promise<ServerTables>;
	stop: () => Promise<void>;
}

export interface ServerTables {
	/** By "entity id": the values that are not null and the versions, keys sorted, and whether it is deleted. */
	records: Record<string, { v: Record<string, unknown>; fv: Record<string, string>; deleted: boolean }>;
	/** By "entity id field": the updates as base64, sorted. */
	texts: Record<string, string[]>;
}

/** Starts the central API on 127.0.0.1 with the tokens `dev-sam`, `dev-specialist` and `dev-manager`; on PostgreSQL when DATABASE_URL_TEST is set. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
	const clock = options.clock ?? (() => new Date());
	const store = await openTestStore(options, clock());
	await seedOnce(store, options, clock());
	const serving = await openServing(store, options);
	const http = faultyHttp();
	const errors: unknown[] = [];
	const { heartbeatMs, durableSeq, blobDir, crashPoint, signIn, takesOpaque, leaseDays } = options;
	const app = await buildServer({
		db: serving.db,
		clock,
		watchCommits: serving.watchCommits,
		heartbeatMs,
		durableSeq,
		blobDir,
		crashPoint,
		signIn,
		takesOpaque,
		leaseDays,
		serverFactory: http.serverFactory,
		report: (error) => errors.push(error),
	});
	const url = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
	const { epoch } = await readIdentity(store.db);
	return {
		url,
		port: Number(new URL(url).port),
		epoch,
		store,
		setFault: http.setFault,
		faultsMet: http.faultsMet,
		serverTables: () => readTables(store),
		stop: async () => {
			app.server.closeAllConnections();
			await app.close();
			if (serving !== store) await serving.close();
			await store.close();
			if (errors.length > 0) throw new Error('The server failed while it was tested.', { cause: errors[0] });
		},
	};
}

/** PGlite instances nobody uses now. Starting one takes seconds, emptying one a fraction. */
const idle: PGlite[] = [];

async function openTestStore(options: TestServerOptions, now: Date): Promise<Store> {
	if (options.url) return openStore({ url: options.url }, now);
	if (options.dir) return openStore({ dir: options.dir }, now);
	if (process.env.DATABASE_URL_TEST) return openTestSchema(process.env.DATABASE_URL_TEST, now);
	const pglite = idle.pop() ?? (await PGlite.create());
	await pglite.exec('drop schema public cascade; create schema public');
	const store = await openStore({ pglite }, now);
	return { ...store, close: async () => void idle.push(pglite) };
}

const schemaOf = new WeakMap<Store, string>();

/** On PostgreSQL the server works as it does in production: under the role that owns nothing. Tests look in as the owner. */
async function openServing(store: Store, { url }: TestServerOptions): Promise<Store> {
	const schema = schemaOf.get(store);
	const to = url ?? process.env.DATABASE_URL_TEST;
	if (store.kind !== 'postgres' || !to) return store;
	return openBare({ url: to, ...(schema ? { schema } : {}), asServer: true });
}

/** A schema of its own in the given database, dropped when the store is closed. */
async function openTestSchema(url: string, now: Date): Promise<Store> {
	const schema = `fieldbook_test_${randomBytes(6).toString('hex')}`;
	await runStatement(url, `create schema ${schema}`);
	const opened = await openStore({ url, schema }, now);
	const store: Store = {
		...opened,
		close: async () => {
			await opened.close();
			await runStatement(url, `drop schema ${schema} cascade`);
		},
	};
	schemaOf.set(store, schema);
	return store;
}

async function seedOnce({ db }: Store, options: TestServerOptions, now: Date): Promise<void> {
	const found = await db.selectFrom('user_token').select('user_id').limit(1).executeTakeFirst();
	if (found) return;
	const records = options.records ?? [];
	await seedRecords(db, records, now);
	const all = records.filter((record) => record.t === 'account').map((record) => record.id);
	const logins = Object.entries(SAMPLE_TOKENS).map(([token, userId]) => ({
		userId,
		token,
		accounts: options.accounts?.[userId] ?? all,
	}));
	await seedLogins(db, logins, now);
}

/** All records and texts of a store. */
export async function readTables({ db }: Store): Promise<ServerTables> {
	const records = await sql<{ entity: string; id: string; data: string; versions: string; deleted_at: string | null }>`
		select entity, id, data::text as data, versions, deleted_at from record order by entity, id`.execute(db);
	const updates = await sql<{ entity: string; row_id: string; field: string; y: string }>`
		select entity, row_id, field, encode(bytes, 'base64') as y from text_update order by entity, row_id, field`.execute(
		db,
	);
	const tables: ServerTables = { records: {}, texts: {} };
	for (const row of records.rows) {
		const values = JSON.parse(row.data) as Record<string, unknown>;
		tables.records[`${row.entity} ${row.id}`] = {
			v: sorted(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))),
			fv: sorted(readVersions(row.versions)),
			deleted: row.deleted_at !== null,
		};
	}
	for (const row of updates.rows) {
		const key = `${row.entity} ${row.row_id} ${row.field}`;
		tables.texts[key] = [...(tables.texts[key] ?? []), row.y.replaceAll('\n', '')].sort();
	}
	return tables;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
	return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
