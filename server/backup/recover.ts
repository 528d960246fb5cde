import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { type LastEnd, lastEndIn } from '../store/folder-lock.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { readByCursor } from '../store/read-by-cursor.ts';
import type { Tables } from '../store/tables.ts';
import { type Trx, topSeq } from '../store/transaction.ts';
import { readBackupHead } from './backup-file.ts';
import { newestBackup } from './keep-backups.ts';
import { listTables } from './list-tables.ts';
import { type Restored, restorePglite } from './restore.ts';

/** What was found and done when the embedded store was opened. */
export interface Recovery {
	lastEnd: LastEnd;
	/** Why the store could not be used as it was; undefined when it could. */
	damage: string | undefined;
	restored: (Restored & { file: string }) | undefined;
}

/** The folder of the embedded store's backups. */
export function backupFolder(dir: string): string {
	return join(dir, 'backups');
}

/**
 * Opens the embedded store in `dir`. The store never flushes to disk itself, so after an end of the whole machine all of it
 * is read and checked; if it is damaged, the newest backup takes its place and the laptops send again what came after it.
 * `now` is UTC. Throws a plain message when it is damaged and there is no backup.
 */
export async function openChecked(dir: string, now: Date): Promise<{ store: Store; recovery: Recovery }> {
	const lastEnd = lastEndIn(dir);
	if (lastEnd !== 'with the machine' || !existsSync(join(dir, 'pglite'))) {
		const store = await openStore({ dir }, now);
		return {
			store,
			recovery: { lastEnd: lastEnd === 'at work' ? 'clean' : lastEnd, damage: undefined, restored: undefined },
		};
	}
	const opened = await tryStore(dir, now);
	if ('store' in opened) return { store: opened.store, recovery: { lastEnd, damage: undefined, restored: undefined } };
	const file = await newestBackup(backupFolder(dir));
	if (!file)
		throw new Error(
			`The store in ${dir} was damaged when the machine went down (${opened.damage}), and there is no backup in ${backupFolder(dir)}. Nothing was changed.`,
		);
	const restored = { ...(await restorePglite(dir, file, now)), file };
	const store = await openStore({ dir }, now);
	return { store, recovery: { lastEnd, damage: opened.damage, restored } };
}

async function tryStore(dir: string, now: Date): Promise<{ store: Store } | { damage: string }> {
	let store: Store | undefined;
	try {
		store = await openStore({ dir }, now);
		await checkStore(store.db);
		await checkAge(store.db, backupFolder(dir));
		return { store };
	} catch (error) {
		await store?.close().catch(() => undefined);
		return { damage: error instanceof Error ? error.message : String(error) };
	}
}

/** Reads every row, makes every index anew and looks whether the log is whole. Throws at the first thing that is wrong. */
async function checkStore(db: Kysely<Tables>): Promise<void> {
	await db.transaction().execute(async (trx) => {
		for (const { name } of await listTables(trx)) {
			// Every page has a checksum, which is looked at when it is read.
			for await (const _ of readByCursor(trx, sql`select t::text from ${sql.table(name)} t`));
			await sql`reindex table ${sql.table(name)}`.execute(trx);
		}
		await checkLog(trx);
	});
}

/** A whole store can still be an old one: laptops have been told that what is in the backup is safe. */
async function checkAge(db: Kysely<Tables>, folder: string): Promise<void> {
	const file = await newestBackup(folder);
	const head = file && (await readBackupHead(file));
	const { server_epoch } = await db.selectFrom('meta').select('server_epoch').executeTakeFirstOrThrow();
	if (head && head.epoch === server_epoch && head.seq > (await topSeq(db)))
		throw new Error('the store is older than its newest backup');
}

async function checkLog(trx: Trx): Promise<void> {
	const { rows } = await sql<{ ahead: number; unnamed: number }>`
		select (select count(*)::int from record where seq > (select seq from counter)) as ahead,
			(select count(*)::int from counter c where seq > 0 and not exists (select 1 from commit_tag t where t.seq = c.seq)) as unnamed`.execute(
		trx,
	);
	if (rows[0]?.ahead !== 0 || rows[0].unnamed !== 0) throw new Error('the log of commits has a hole');
}
