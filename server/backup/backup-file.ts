import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { AtCrashPoint } from '../crash-points.ts';
import { readByCursor } from '../store/read-by-cursor.ts';
import type { Tables } from '../store/tables.ts';
import { type Trx, topSeq } from '../store/transaction.ts';
import { listTables } from './list-tables.ts';

/**
 * A backup is a gzip file of JSON lines: first a head, then for each table a line with its name and columns followed by
 * its rows (every value as PostgreSQL writes it as text, so that both kinds of store read it back bit by bit), at last a
 * line with the number of rows, without which the file is not whole.
 */
const backupHead = z.object({
	fieldbook: z.literal('backup'),
	form: z.literal(1),
	/** When it was made, UTC. */
	at: z.string(),
	epoch: z.string(),
	/** The newest commit in it. */
	seq: z.int(),
	/** Equal to the store's (readState) as long as nothing has changed since. */
	state: z.string(),
	/** The migrations the store had. */
	migrations: z.array(z.int()),
});
export type BackupHead = z.infer<typeof backupHead>;

const tableLine = z.object({ table: z.string(), columns: z.array(z.string()) });
const rowLine = z.array(z.string().nullable());
const endLine = z.object({ end: z.literal(true), rows: z.int() });
const line = z.union([rowLine, tableLine, endLine]);

/** A line of a backup after its head. */
export type BackupLine = z.infer<typeof rowLine> | z.infer<typeof tableLine>;

/**
 * Writes all of the store, as it is at one moment, to `file`; it is there whole and flushed to disk, or not at all.
 * `now` is UTC. Throws what the file system or the store throws.
 */
export async function writeBackup(
	db: Kysely<Tables>,
	file: string,
	{ now, crashPoint }: { now: Date; crashPoint?: AtCrashPoint | undefined },
): Promise<BackupHead> {
	const part = `${file}.part`;
	const head = await db
		.transaction()
		.setIsolationLevel('repeatable read')
		.setAccessMode('read only')
		.execute(async (trx) => {
			const written = await readHead(trx, now);
			const lines = Readable.from(withNewlines(linesOf(trx, written)));
			await pipeline(lines, createGzip({ level: 1 }), createWriteStream(part, { mode: 0o600, flush: true }));
			return written;
		});
	crashPoint?.('backup:before-rename');
	await rename(part, file);
	await flushFolder(dirname(file));
	crashPoint?.('backup:after-rename');
	return head;
}

/** Flushes a folder's list of names, so that a file made or renamed in it is found after a power cut. */
export async function flushFolder(path: string): Promise<void> {
	// Windows knows no such thing and keeps the order itself.
	if (process.platform === 'win32') return;
	const folder = await open(path, 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

/** Tables that are only ever written together with a new commit, or that hold nothing a restore would miss. */
export const WRITTEN_BY_COMMIT: ReadonlySet<string> = new Set([
	'assignment',
	'audit_head',
	'commit_tag',
	'counter',
	'field_history',
	'held_op',
	'meta',
	'push_group',
	'quarantine',
	'record',
	'record_move',
	'scope_version',
	'text_update',
	// How far a file has come is asked of the folder of files; whose it is stands in blob_account.
	'blob',
	'blob_upload',
]);

/** What is written without a commit, and what of it counts: when a laptop was last seen does not. */
export const WRITTEN_BESIDE: Readonly<Record<string, string>> = {
	blob_account: 'count(*)::text',
	departure: "string_agg(concat_ws(' ', device, asked_at, told_at, unsent, wiped_at), ',' order by device)",
	device: "string_agg(concat_ws(' ', id, last_group, name), ',' order by id)",
	device_session: "string_agg(concat_ws(' ', sid, device), ',' order by sid)",
	identity: "string_agg(concat_ws(' ', issuer, subject, user_id), ',' order by issuer, subject)",
	reporting_line: "string_agg(concat_ws(' ', user_id, manager_id), ',' order by user_id)",
	revoked_device: "string_agg(concat_ws(' ', device, at), ',' order by device)",
	revoked_user: "string_agg(concat_ws(' ', user_id, at), ',' order by user_id)",
	user_token: "string_agg(concat_ws(' ', hash, user_id), ',' order by hash)",
};

/** A text that changes with everything that a backup is worth making for: each commit, each login, each file, each laptop put out. */
export async function readState(db: Kysely<Tables> | Trx): Promise<string> {
	const beside = Object.entries(WRITTEN_BESIDE).map(
		([table, counted]) => sql`coalesce((select md5(${sql.raw(counted)}) from ${sql.table(table)}), '')`,
	);
	const { rows } = await sql<{ state: string }>`
		select concat_ws(' ', (select server_epoch from meta), (select tag from commit_tag order by seq desc limit 1),
			${sql.join(beside)}) as state`.execute(db);
	return rows[0]?.state ?? '';
}

async function readHead(trx: Trx, now: Date): Promise<BackupHead> {
	const { server_epoch } = await trx.selectFrom('meta').select('server_epoch').executeTakeFirstOrThrow();
	const done = await trx.selectFrom('schema_migration').select('no').orderBy('no').execute();
	return {
		fieldbook: 'backup',
		form: 1,
		at: now.toISOString(),
		epoch: server_epoch,
		seq: await topSeq(trx),
		state: await readState(trx),
		migrations: done.map(({ no }) => Number(no)),
	};
}

async function* linesOf(trx: Trx, head: BackupHead): AsyncGenerator<object> {
	yield head;
	let count = 0;
	for (const { name, columns } of await listTables(trx)) {
		yield { table: name, columns: columns.map((column) => column.name) };
		// Numbered names come in their order whatever they are called in the table.
		const values = columns.map((column, index) => sql`${sql.ref(column.name)}::text as ${sql.ref(`c${index}`)}`);
		const rows = sql<Record<string, string | null>>`select ${sql.join(values)} from ${sql.table(name)}`;
		for await (const row of readByCursor(trx, rows)) {
			count += 1;
			yield columns.map((_, index) => row[`c${index}`] ?? null);
		}
	}
	yield { end: true, rows: count };
}

/** Joined by the hundred: one write a row would take several times as long. */
async function* withNewlines(lines: AsyncGenerator<object>): AsyncGenerator<string> {
	let text = '';
	for await (const item of lines) {
		text += `${JSON.stringify(item)}\n`;
		if (text.length < 65_536) continue;
		yield text;
		text = '';
	}
	yield text;
}

/** Reads only the head of a backup. Throws a plain message when the file is none. */
export async function readBackupHead(file: string): Promise<BackupHead> {
	const lines = readLines(file);
	const { value } = await lines.next();
	await lines.return(undefined);
	return parseHead(file, value);
}

/** Reads all of a backup without keeping any, and returns its head. Throws a plain message when it is cut short or damaged. */
export async function checkBackup(file: string): Promise<BackupHead> {
	for await (const _ of readBackup(file));
	return readBackupHead(file);
}

/** The tables and rows of a backup. Throws a plain message, at the latest after the last row, when it is not whole. */
export async function* readBackup(file: string): AsyncGenerator<BackupLine> {
	const lines = readLines(file);
	parseHead(file, (await lines.next()).value);
	let rows = 0;
	for await (const text of lines) {
		const parsed = line.safeParse(readJson(text));
		if (!parsed.success) break;
		if ('end' in parsed.data) {
			if (parsed.data.rows === rows && (await lines.next()).done) return;
			break;
		}
		if (Array.isArray(parsed.data)) rows += 1;
		yield parsed.data;
	}
	throw new Error(`${file} is cut short or damaged; it cannot be restored from.`);
}

async function* readLines(file: string): AsyncGenerator<string, undefined> {
	const source = createReadStream(file);
	const unzipped = createGunzip();
	source.on('error', (error) => unzipped.destroy(error));
	try {
		yield* createInterface({ input: source.pipe(unzipped), crlfDelay: Number.POSITIVE_INFINITY });
	} finally {
		source.destroy();
	}
}

function parseHead(file: string, text: string | undefined): BackupHead {
	const parsed = backupHead.safeParse(readJson(text ?? ''));
	if (!parsed.success) throw new Error(`${file} is not a backup of this server.`);
	return parsed.data;
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
