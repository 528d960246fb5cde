import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { sql001 } from '../migrations/001-first.ts';
import { sql002 } from '../migrations/002-commit-tag.ts';
import { sql003 } from '../migrations/003-scope.ts';
import { sql004 } from '../migrations/004-blobs.ts';
import { sql005 } from '../migrations/005-sign-in.ts';
import { sql006 } from '../migrations/006-row-security.ts';
import { sql007 } from '../migrations/007-audit-chain.ts';
import { sql008 } from '../migrations/008-forgetting.ts';
import type { Tables } from './tables.ts';
import type { Trx } from './transaction.ts';

export interface Migration {
	no: number;
	sql: string;
}

/** All migrations in order. Released ones never change: a store that recorded another text refuses to open. */
export const migrations: readonly Migration[] = [
	{ no: 1, sql: sql001 },
	{ no: 2, sql: sql002 },
	{ no: 3, sql: sql003 },
	{ no: 4, sql: sql004 },
	{ no: 5, sql: sql005 },
	{ no: 6, sql: sql006 },
	{ no: 7, sql: sql007 },
	{ no: 8, sql: sql008 },
];

const LOCK = 7_301_964;

/**
 * Brings the store to the newest schema in one transaction, and gives a new store its epoch. `now` is UTC.
 * Throws when the store is newer than this program, or when a recorded migration is not the one in this program.
 */
export async function migrate(db: Kysely<Tables>, now: Date, list = migrations): Promise<void> {
	await db.transaction().execute((trx) => migrateWithin(trx, now, list));
}

/** The same as a part of the caller's transaction. */
export async function migrateWithin(trx: Trx, now: Date, list: readonly Migration[]): Promise<void> {
	await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(trx);
	await sql`create table if not exists schema_migration (no int primary key, hash text not null, applied_at text not null)`.execute(
		trx,
	);
	const done = await trx.selectFrom('schema_migration').selectAll().orderBy('no').execute();
	for (const row of done) checkRecorded(row, list);
	for (const migration of list.filter(({ no }) => !done.some((row) => row.no === no))) {
		await runScript(trx, migration.sql);
		await trx
			.insertInto('schema_migration')
			.values({ no: migration.no, hash: hashOf(migration.sql), applied_at: now.toISOString() })
			.execute();
	}
	await trx
		.insertInto('meta')
		.values({
			id: 1,
			server_epoch: randomUUID(),
			cursor_key: randomBytes(32).toString('hex'),
			created_at: now.toISOString(),
		})
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}

/** Throws a plain message unless the store has exactly this program's migrations. Changes nothing. */
export async function checkMigrated(db: Kysely<Tables>, list = migrations): Promise<void> {
	const { rows } = await sql<{ found: string | null }>`select to_regclass('schema_migration')::text as found`.execute(
		db,
	);
	const done = rows[0]?.found ? await db.selectFrom('schema_migration').selectAll().orderBy('no').execute() : [];
	for (const row of done) checkRecorded(row, list);
	if (done.length < list.length)
		throw new Error('The store is older than this program. Run --migrate as its owner before serving.');
}

function checkRecorded(row: { no: number; hash: string }, list: readonly Migration[]): void {
	const known = list.find(({ no }) => no === row.no);
	if (!known)
		throw new Error(`The store has migration ${row.no}, which this program does not know: it is older than the store.`);
	if (hashOf(known.sql) !== row.hash) throw new Error(`Migration ${row.no} is not the one this store was made with.`);
}

/** SHA-256 of a migration's text, as recorded in the store. */
export function hashOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** Runs statements one by one: a prepared query may hold only one. Statements end with ";" at the end of a line; function bodies are kept whole. */
async function runScript(trx: Trx, script: string): Promise<void> {
	let statement = '';
	for (const line of script.split('\n')) {
		statement += `${line}\n`;
		const insideBody = statement.split('$$').length % 2 === 0;
		if (insideBody || !line.trimEnd().endsWith(';')) continue;
		await sql.raw(statement).execute(trx);
		statement = '';
	}
}
