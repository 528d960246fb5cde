import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { lockFolder } from '../store/folder-lock.ts';
import { migrateWithin, migrations } from '../store/migrate.ts';
import { openBare } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import { SERVING_LOCK } from '../store/watch-postgres.ts';
import { type BackupHead, checkBackup, flushFolder, readBackup, writeBackup } from './backup-file.ts';
import { listTables, type TableForm } from './list-tables.ts';

export interface Restored {
	/** The commit that the store is back at. */
	seq: number;
	/** The new name of the store's time line, by which every laptop knows that it went back. */
	epoch: string;
	/** Where what was there before lies now; undefined when there was nothing. */
	kept: string | undefined;
}

/** Rows written with one statement. */
const ROWS_AT_A_TIME = 500;
const BYTES_AT_A_TIME = 4_194_304;

/**
 * Puts a PostgreSQL store back to a backup, in one transaction; what was there is first written to a backup beside
 * `file`. `now` is UTC. Throws a plain message when the file is damaged or newer than this program, and while a server
 * works on the store.
 */
export async function restorePostgres(
	place: { url: string; schema?: string },
	file: string,
	now: Date,
): Promise<Restored> {
	const head = await checkBackup(file);
	const { db, close } = await openBare(place);
	try {
		const kept = (await hasStore(db)) ? await keepAside(db, file, now) : undefined;
		const epoch = await db.transaction().execute(async (trx) => {
			const { rows } = await sql<{ alone: boolean }>`
				select pg_try_advisory_xact_lock(${SERVING_LOCK}, hashtext(current_schema())) as alone`.execute(trx);
			if (!rows[0]?.alone) throw new Error('A server is at work on this store. Stop every one of them first.');
			await dropOurs(trx);
			return load(trx, { file, head, now });
		});
		return { seq: head.seq, epoch, kept };
	} finally {
		await close();
	}
}

/**
 * Puts the embedded store in `dir` back to a backup: loads it into a folder of its own, flushes that to disk and then
 * lets it take the store's place, which is kept under another name. `now` is UTC. Throws a plain message when the file is
 * damaged or newer than this program, and while a server works in the folder.
 */
export async function restorePglite(dir: string, file: string, now: Date): Promise<Restored> {
	const head = await checkBackup(file);
	const release = lockFolder(dir);
	try {
		const { PGlite } = await import('@electric-sql/pglite');
		const place = join(dir, 'pglite');
		const fresh = join(dir, 'pglite.restoring');
		await rm(fresh, { recursive: true, force: true });
		const pglite = await PGlite.create({ dataDir: fresh });
		const { db } = await openBare({ pglite });
		const epoch = await db.transaction().execute((trx) => load(trx, { file, head, now }));
		await pglite.close();
		await flushTree(fresh);
		const kept = existsSync(place) ? `${place}.before-${fileTime(now)}` : undefined;
		if (kept) await rename(place, kept);
		await rename(fresh, place);
		await flushFolder(dir);
		return { seq: head.seq, epoch, kept };
	} finally {
		release();
	}
}

/** A UTC time as part of a file's name. */
export function fileTime(at: Date): string {
	return at.toISOString().replaceAll(':', '-').replace(/\.\d+/, '');
}

async function hasStore(db: Kysely<Tables>): Promise<boolean> {
	const { rows } = await sql<{ found: string | null }>`select to_regclass('schema_migration')::text as found`.execute(
		db,
	);
	return rows[0]?.found !== null;
}

async function keepAside(db: Kysely<Tables>, file: string, now: Date): Promise<string> {
	const kept = `${file.replace(/\.jsonl\.gz$/, '')}.before-${fileTime(now)}.jsonl.gz`;
	await writeBackup(db, kept, { now });
	return kept;
}

/** Only what our own migrations made: the schema may be shared. */
async function dropOurs(trx: Trx): Promise<void> {
	const script = migrations.map((migration) => migration.sql).join('\n');
	const made = (kind: string) =>
		[...script.matchAll(new RegExp(`^create ${kind} (\\w+)`, 'gm'))].map(([, name]) => name ?? '');
	for (const table of [...made('table'), 'schema_migration'])
		await sql`drop table if exists ${sql.table(table)} cascade`.execute(trx);
	for (const name of made('function')) await sql`drop function if exists ${sql.ref(name)} cascade`.execute(trx);
}

interface Source {
	file: string;
	head: BackupHead;
	now: Date;
}

/** Makes the tables as they were then, fills them, and brings them to the newest schema. Returns the new epoch. */
async function load(trx: Trx, { file, head, now }: Source): Promise<string> {
	const then = migrations.filter(({ no }) => head.migrations.includes(no));
	if (then.length !== head.migrations.length)
		throw new Error('The backup is of a newer server than this one. Restore it with that one.');
	await migrateWithin(trx, now, then);
	await fill(trx, file);
	await migrateWithin(trx, now, migrations);
	return renewEpoch(trx);
}

/** Gives the store's time line a new name: laptops then send again what it may have lost, and fetch from the start. */
async function renewEpoch(trx: Trx): Promise<string> {
	const epoch = randomUUID();
	await trx.updateTable('meta').set({ server_epoch: epoch }).execute();
	return epoch;
}

async function fill(trx: Trx, file: string): Promise<void> {
	const forms = new Map((await listTables(trx)).map((form) => [form.name, form]));
	let table: TableForm | undefined;
	let rows: (string | null)[][] = [];
	let bytes = 0;
	const flush = async () => {
		if (table && rows.length > 0) await insertRows(trx, table, rows);
		rows = [];
		bytes = 0;
	};
	for await (const line of readBackup(file)) {
		if (!Array.isArray(line)) {
			await flush();
			table = columnsOf(forms, line);
			await emptyOf(trx, table);
			continue;
		}
		rows.push(line);
		bytes += line.reduce((sum, value) => sum + (value?.length ?? 0), 0);
		if (rows.length >= ROWS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) await flush();
	}
	await flush();
}

/** The columns in the order of the file. */
function columnsOf(forms: ReadonlyMap<string, TableForm>, line: { table: string; columns: string[] }): TableForm {
	const form = forms.get(line.table);
	const columns = line.columns.map((name) => form?.columns.find((column) => column.name === name));
	if (!form || columns.includes(undefined)) throw new Error(`The backup has a table "${line.table}" of another form.`);
	return { name: form.name, columns: columns.filter((column) => column !== undefined) };
}

/** Takes out the rows that a migration puts into a new table. Tables that refuse this have none. */
async function emptyOf(trx: Trx, { name }: TableForm): Promise<void> {
	const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(trx);
	if (rows.length > 0) await sql`delete from ${sql.table(name)}`.execute(trx);
}

async function insertRows(trx: Trx, { name, columns }: TableForm, rows: readonly (string | null)[][]): Promise<void> {
	const names = columns.map((column) => sql.ref(column.name));
	const aliases = columns.map((_, index) => sql.ref(`c${index}`));
	const values = columns.map(({ type }, index) => sql`${sql.ref(`u.c${index}`)}::${sql.raw(type)}`);
	const arrays = columns.map((_, index) => sql`${rows.map((row) => row[index] ?? null)}::text[]`);
	await sql`insert into ${sql.table(name)} (${sql.join(names)})
		select ${sql.join(values)} from unnest(${sql.join(arrays)}) as u(${sql.join(aliases)})`.execute(trx);
}

async function flushTree(dir: string): Promise<void> {
	for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isDirectory()) await flushFolder(path);
		if (!entry.isFile()) continue;
		const file = await open(path, 'r+');
		await file.sync();
		await file.close();
	}
	await flushFolder(dir);
}
