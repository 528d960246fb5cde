import { PGlite } from '@electric-sql/pglite';
import type { FastifyInstance } from 'fastify';
import { buildServer } from '../../server/app.ts';
import { SAMPLE_TOKENS, seedLogins, seedRecords } from '../../server/seed.ts';
import { openStore, type Store } from '../../server/store/open-store.ts';

export interface WireRequest {
	path: string;
	method: 'GET' | 'POST';
	token: string;
	body: string | undefined;
}

export interface WireReply {
	status: number;
	headers: Record<string, string>;
	bytes: Buffer;
}

/** Every table's rows as JSON text: a backup. */
export type ServerDump = ReadonlyMap<string, string>;

const START = new Date('2026-11-23T08:00:00.000Z');

/** The specialist alone has a-3, so that a SAM's edit for it is refused. */
export const ACCOUNTS: Readonly<Record<string, readonly string[]>> = {
	'u-sam': ['a-1', 'a-2'],
	'u-specialist': ['a-1', 'a-2', 'a-3'],
	'u-manager': ['a-1'],
};

const records = [
	...['a-1', 'a-2', 'a-3'].map((id) => ({
		t: 'account' as const,
		id,
		v: { account_no: `S-${id}`, name: `Client ${id} (fictional)`, time_zone: 'Europe/Zurich' },
	})),
	{ t: 'app_user' as const, id: 'u-sam', v: { name: 'Ada Lind', role: 'SAM' } },
	{ t: 'app_user' as const, id: 'u-specialist', v: { name: 'Ben Roth', role: 'SPECIALIST' } },
];

let database: PGlite | undefined;
let empty: ServerDump | undefined;

/** The real API over PGlite in memory. One database serves one simulation after the other: starting one takes seconds. */
export class SimServer {
	readonly errors: unknown[] = [];
	#app: FastifyInstance | undefined;
	readonly #store: Store;
	readonly #pglite: PGlite;
	readonly #clock: () => Date;

	private constructor(store: Store, pglite: PGlite, clock: () => Date) {
		this.#store = store;
		this.#pglite = pglite;
		this.#clock = clock;
	}

	static async start(clock: () => Date): Promise<SimServer> {
		database ??= await PGlite.create();
		const isFirst = empty === undefined;
		const store = await openStore({ pglite: database }, START);
		const server = new SimServer(store, database, clock);
		if (isFirst) {
			await seedRecords(store.db, records, START);
			const logins = Object.entries(SAMPLE_TOKENS).map(([token, userId]) => ({
				userId,
				token,
				accounts: ACCOUNTS[userId] ?? [],
			}));
			await seedLogins(store.db, logins, START);
			empty = await server.dump();
		} else await server.#load(empty as ServerDump);
		await server.query("update meta set server_epoch = 'epoch-1', cursor_key = 'c0ffee'");
		await server.restart();
		return server;
	}

	/** A new process on the same store. */
	async restart(): Promise<void> {
		await this.#app?.close();
		// As a starting process does: it may note its start in the store.
		await openStore({ pglite: this.#pglite }, this.#clock());
		this.#app = await buildServer({
			db: this.#store.db,
			clock: this.#clock,
			report: (error) => this.errors.push(error),
		});
	}

	async request({ path, method, token, body }: WireRequest): Promise<WireReply> {
		const reply = await this.#app?.inject({
			method,
			url: path,
			headers: {
				authorization: `Bearer ${token}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { payload: body }),
		});
		if (!reply) throw new Error('The server is not running.');
		const headers = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as const);
		return { status: reply.statusCode, headers: Object.fromEntries(headers), bytes: reply.rawPayload };
	}

	async query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
		return (await this.#pglite.query<T>(sql, values)).rows;
	}

	async dump(): Promise<ServerDump> {
		const dump = new Map<string, string>();
		for (const table of await this.#tables()) {
			const order = table === 'field_history' ? 'order by seq, left(version, 17)' : '';
			const [row] = await this.query<{ rows: string }>(
				`select coalesce(json_agg(t), '[]')::text as rows from (select * from public.${table} ${order}) t`,
			);
			dump.set(table, row?.rows ?? '[]');
		}
		return dump;
	}

	/** Goes back to a backup. Without a new epoch nobody has been told that it did. */
	async restore(dump: ServerDump, epoch: string | null): Promise<void> {
		await this.#load(dump);
		if (epoch) await this.query('update meta set server_epoch = $1', [epoch]);
		await this.restart();
	}

	async stop(): Promise<void> {
		await this.#app?.close();
	}

	async #tables(): Promise<string[]> {
		const rows = await this.query<{ name: string }>(
			"select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
		);
		return rows.map((row) => row.name);
	}

	async #load(dump: ServerDump): Promise<void> {
		await this.#pglite.transaction(async (trx) => {
			// History refuses to be emptied; a restore replaces the files beneath it.
			await trx.exec('set local session_replication_role = replica');
			await trx.exec(`truncate ${[...dump.keys()].join(', ')}`);
			for (const [table, rows] of dump) {
				await trx.query(
					`insert into ${table} select * from json_populate_recordset(null::public.${table}, $1::text::json)`,
					[rows],
				);
			}
		});
	}
}

/** Gives the database back; called once, when no simulation follows. */
export async function closeDatabase(): Promise<void> {
	await database?.close();
	database = undefined;
	empty = undefined;
}
