import './quick-zlib.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { FastifyInstance } from 'fastify';
import { reassign } from '../../server/admin/reassign.ts';
import { buildServer } from '../../server/app.ts';
import { Uploads } from '../../server/blobs/uploads.ts';
import type { CrashPoint } from '../../server/crash-points.ts';
import { seedLogins, seedRecords } from '../../server/seed.ts';
import { openStore, type Store } from '../../server/store/open-store.ts';
import { type Role, roleOf } from '../../server/sync/permissions.ts';
import { readIdentity, type SyncCore } from '../../server/sync/sync-core.ts';
import { type Op, SERVER_HEADER } from '../../shared/sync/protocol.ts';
import { isBeyond } from '../../shared/sync/schema-reach.ts';
import { askForBlob, type BlobRequest } from './direct-blobs.ts';
import { askDirectly } from './direct-server.ts';
import { MemoryBlobDisk, type Shelves } from './memory-blobs.ts';
import { ACCOUNTS, COLLEAGUES } from './people.ts';
import { QuickPglite } from './quick-pglite.ts';

export interface WireRequest {
	path: string;
	method: 'GET' | 'POST';
	token: string;
	body: string | Uint8Array | undefined;
	/** How the body is packed. */
	packing: string | undefined;
}

export interface WireReply {
	status: number;
	headers: Record<string, string>;
	bytes: Buffer;
}

/** Every table's rows as JSON text. */
export type ServerDump = ReadonlyMap<string, string>;

export interface Backup {
	tables: ServerDump;
	files: Shelves;
}

/** As large as files may be, and as many as one person may have under way. */
const FILE_LIMITS = { maxBytes: 1_000_000, maxOpenUploads: 50 };

/** What the simulation is told by the server that it hosts. */
export interface ServerHost {
	clock: () => Date;
	/** Without HTTP between the laptops and it. */
	isBare: boolean;
	/** Is told of each named step between which a server may die, and whether it did. */
	onPoint: (point: CrashPoint, isDeath: boolean) => void;
}

const START = new Date('2026-11-23T08:00:00.000Z');

/** No file is ever written. */
const NOWHERE = join(tmpdir(), 'fieldbook-sim-nowhere', 'office');

const records = [
	...ACCOUNTS.map((id) => ({
		t: 'account' as const,
		id,
		v: { account_no: `S-${id}`, name: `Client ${id} (fictional)`, time_zone: 'Europe/Zurich' },
	})),
	...COLLEAGUES.map(({ userId, name, role }) => ({ t: 'app_user' as const, id: userId, v: { name, role } })),
];

let database: QuickPglite | undefined;
let empty: ServerDump | undefined;
let tables: string[] | undefined;
let loads = 0;

/** Tables that nothing in a simulation writes. */
const UNCHANGING = ['schema_migration', 'user_token', 'reporting_line'];

/** As buildServer has it without settings. */
const SETTINGS = {
	features: ['scope', 'packed', 'digest', 'leave', 'files'],
	signIn: { verify: undefined, takesOpaque: true },
	leaseDays: 30,
};

/** What was deleted lies about until somebody cleans up, and every search goes through it. */
const LOADS_UNTIL_VACUUM = 20;

/** The real API over PGlite in memory. One database serves one simulation after the other: starting one takes seconds. */
export class SimServer {
	readonly errors: unknown[] = [];
	/** It speaks like the last release: it knows fewer kinds of records and offers nothing of what came since. */
	isOld = false;
	/** Without HTTP, what answers; files are always asked for without. */
	#core!: SyncCore;
	#uploads!: Uploads;
	readonly #files = new MemoryBlobDisk();
	/** By person; nobody but `reassign` and a restore changes them. */
	readonly #scopes = new Map<string, ReadonlyMap<string, Role>>();
	/** Processes on the one store; requests go to one after the other. */
	#apps: FastifyInstance[] = [];
	#turn = 0;
	#crashAt: CrashPoint | undefined;
	#hasDied = false;
	readonly #store: Store;
	readonly #pglite: QuickPglite;
	readonly #host: ServerHost;

	private constructor(store: Store, pglite: QuickPglite, host: ServerHost) {
		this.#store = store;
		this.#pglite = pglite;
		this.#host = host;
	}

	/** A server in its first hour; with `dump`, one that was in use already. */
	static async start(host: ServerHost, dump?: ServerDump): Promise<SimServer> {
		database ??= await openDatabase();
		const store = await openStore({ pglite: database.forServer }, START);
		const server = new SimServer(store, database, host);
		if (empty) await server.#load(dump ?? empty);
		else {
			await seedRecords(store.db, records, START);
			await seedLogins(store.db, COLLEAGUES, START);
			empty = await server.dump();
		}
		await server.query("update meta set server_epoch = 'epoch-1', cursor_key = 'c0ffee'");
		await server.restart();
		return server;
	}

	/** New processes on the same store, as many as there were. */
	async restart(count = Math.max(1, this.#apps.length)): Promise<void> {
		await this.stop();
		// As a starting process does: it may note its start in the store.
		await openStore({ pglite: this.#pglite.forServer }, this.#host.clock());
		this.#apps = [];
		const { db } = this.#store;
		const { clock, isBare } = this.#host;
		const crashPoint = (point: CrashPoint) => this.#atPoint(point);
		this.#core = { db, clock, crashPoint, ...SETTINGS, ...(await readIdentity(db)) };
		this.#uploads = new Uploads(this.#core, this.#files, FILE_LIMITS);
		if (!isBare)
			for (let made = 0; made < count; made += 1)
				this.#apps.push(await buildServer({ db, clock, report: this.#report, crashPoint, blobDir: NOWHERE }));
	}

	readonly #report = (error: unknown): void => {
		if (!this.#hasDied) this.errors.push(error);
	};

	/** Undefined when the server died of it; then it has been started again. */
	async request(request: WireRequest): Promise<WireReply | undefined> {
		const { path, method, token, body, packing } = this.isOld ? this.#asOld(request) : request;
		this.#turn += 1;
		const reply = await this.#answer({ path, method, token, body, packing });
		if (this.#hasDied) {
			await this.restart();
			this.#hasDied = false;
			return undefined;
		}
		// A server of the last release makes no hand-overs.
		if (this.isOld && path.endsWith('/push')) await this.query("delete from record where entity = 'handover'");
		return this.isOld && path.endsWith('/hello') ? { ...reply, bytes: oldGreeting(reply.bytes) } : reply;
	}

	async #answer({ path, method, token, body, packing }: WireRequest): Promise<WireReply> {
		if (this.#host.isBare) return askDirectly(this.#core, { path, method, token, body, packing }, this.#report);
		const reply = await this.#apps[this.#turn % this.#apps.length]?.inject({
			method,
			url: path,
			headers: {
				authorization: `Bearer ${token}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(packing === undefined ? {} : { 'content-encoding': packing }),
			},
			...(body === undefined ? {} : { payload: typeof body === 'string' ? body : Buffer.from(body) }),
		});
		if (!reply) throw new Error('The server is not running.');
		const headers = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as const);
		return { status: reply.statusCode, headers: Object.fromEntries(headers), bytes: reply.rawPayload };
	}

	/** A request for or with the bytes of a file. Undefined when the server died of it; then it has been started again. */
	async requestBlob(request: BlobRequest): Promise<WireReply | undefined> {
		const office = { core: this.#core, uploads: this.#uploads, disk: this.#files, report: this.#report };
		// A server of the last release has no such address.
		if (this.isOld) return { status: 404, headers: { [SERVER_HEADER]: this.#core.epoch }, bytes: Buffer.alloc(0) };
		const reply = await askForBlob(office, request);
		if (!this.#hasDied) return reply;
		await this.restart();
		this.#hasDied = false;
		return undefined;
	}

	/** Bytes of a file that is here whole. */
	fileBytes(sha256: string): Buffer | undefined {
		return this.#files.bytesOf(sha256);
	}

	/** What a server of the last release makes of a request; what it could not have read is an error. */
	#asOld(request: WireRequest): WireRequest {
		const path = request.path.replace(/&?(schema|marks)=[^&]*/g, '');
		if (typeof request.body !== 'string') return { ...request, path };
		const body = JSON.parse(request.body) as { schema?: number; groups?: { ops: Op[] }[] };
		if (body.schema !== undefined) body.schema = 1;
		for (const op of (body.groups ?? []).flatMap((group) => group.ops))
			if (isBeyond(op.t, op, 1)) this.errors.push(`a server of the last release was sent ${op.k} ${op.t} ${op.id}`);
		return { ...request, path, body: JSON.stringify(body) };
	}

	/** The office brings cases, half of them to each of two accounts. */
	async bringCases(count: number): Promise<void> {
		const cases = Array.from({ length: count }, (_, index) => ({
			t: 'patent_asset' as const,
			id: `case-${index}`,
			v: { account_id: ACCOUNTS[index % 2], client_ref: `P-${index}`, title: `Valve ${index}`, country: 'DE' },
		}));
		await seedRecords(this.#store.db, cases, START);
	}

	/** The process dies when it next comes to this step. */
	dieAt(point: CrashPoint | undefined): void {
		this.#crashAt = point;
	}

	async reassign(change: { account: string; from: string; to: string }): Promise<void> {
		this.#scopes.clear();
		await reassign(this.#store.db, { ...change, by: null }, this.#host.clock());
	}

	/** The accounts a person has now, with what they are on each. */
	async scopeOf(userId: string): Promise<ReadonlyMap<string, Role>> {
		const known = this.#scopes.get(userId);
		if (known) return known;
		const rows = await this.query<{ account_id: string; role: string }>(
			'select account_id, role from assignment where user_id = $1 and to_seq is null',
			[userId],
		);
		const scope = new Map(rows.map((row) => [row.account_id, roleOf(row.role)]));
		this.#scopes.set(userId, scope);
		return scope;
	}

	/** The accounts a person has never had. */
	async neverOf(userId: string): Promise<string[]> {
		const rows = await this.query<{ account_id: string }>('select account_id from assignment where user_id = $1', [
			userId,
		]);
		const had = new Set(rows.map((row) => row.account_id));
		return ACCOUNTS.filter((account) => !had.has(account));
	}

	async query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
		return (await this.#pglite.query(sql, values)).rows as T[];
	}

	/** The number of the newest commit. */
	async topSeq(): Promise<number> {
		const [row] = await this.query<{ seq: number }>('select seq::int as seq from counter');
		return row?.seq ?? 0;
	}

	async dump(): Promise<ServerDump> {
		const dump = new Map<string, string>();
		for (const table of await this.#tables()) {
			const order = table === 'field_history' ? 'order by seq, ord, left(version, 17)' : '';
			const [row] = await this.query<{ rows: string }>(
				`select coalesce(json_agg(t), '[]')::text as rows from (select * from public.${table} ${order}) t`,
			);
			dump.set(table, row?.rows ?? '[]');
		}
		return dump;
	}

	async backUp(): Promise<Backup> {
		return { tables: await this.dump(), files: this.#files.copy() };
	}

	/** Goes back to a backup. Without a new epoch nobody has been told that it did. */
	async restore({ tables, files }: Backup, epoch: string | null): Promise<void> {
		await this.#load(tables);
		this.#files.goBackTo(files);
		if (epoch) await this.query('update meta set server_epoch = $1', [epoch]);
		await this.restart();
	}

	async stop(): Promise<void> {
		for (const app of this.#apps) await app.close();
	}

	#atPoint(point: CrashPoint): void {
		const isDeath = this.#crashAt === point;
		this.#host.onPoint(point, isDeath);
		if (!isDeath) return;
		this.#crashAt = undefined;
		this.#hasDied = true;
		throw new Error('The server has died.');
	}

	async #tables(): Promise<string[]> {
		const rows =
			tables === undefined
				? await this.query<{ name: string }>(
						"select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
					)
				: [];
		tables ??= rows.map((row) => row.name).filter((name) => !UNCHANGING.includes(name));
		return tables;
	}

	async #load(dump: ServerDump): Promise<void> {
		this.#scopes.clear();
		loads += 1;
		if (loads % LOADS_UNTIL_VACUUM === 0) await this.#pglite.exec('vacuum');
		await this.#pglite.transaction(async (trx) => {
			// History refuses to be emptied; a restore replaces the files beneath it.
			await trx.query('set local session_replication_role = replica');
			for (const [table, rows] of dump) {
				await trx.query(`delete from ${table}`);
				if (rows === '[]') continue;
				await trx.query(
					`insert into ${table} select * from json_populate_recordset(null::public.${table}, $1::text::json)`,
					[rows],
				);
			}
		});
	}
}

function oldGreeting(bytes: Buffer): Buffer {
	const {
		features: _features,
		durableSeq: _durable,
		...reply
	} = JSON.parse(bytes.toString()) as Record<string, unknown>;
	return Buffer.from(JSON.stringify('schema' in reply ? { ...reply, schema: 1 } : reply));
}

/** Plans are made once for each statement, and nothing is counted for a statistics view that nobody reads. */
async function openDatabase(): Promise<QuickPglite> {
	const pglite = await PGlite.create();
	await pglite.exec(`set plan_cache_mode = force_generic_plan; set synchronous_commit = off; set track_activities = off;
		set track_counts = off; set jit = off`);
	return new QuickPglite(pglite);
}

/** Gives the database back; called once, when no simulation follows. */
export async function closeDatabase(): Promise<void> {
	await database?.close();
	database = undefined;
	empty = undefined;
	tables = undefined;
}
