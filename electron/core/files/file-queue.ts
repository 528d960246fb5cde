import { isRefusedFile } from '../../../db/drop-account-files.ts';
import type { Store } from '../../../db/open-store.ts';
import type { Unit } from '../../../db/unit.ts';
import { keptFiles } from '../kept-files.ts';
import { type FileProblem, OF_THE_WAY } from './file-transport.ts';

/** One file on its way, for one account. */
export interface FileJob {
	sha256: string;
	direction: 'up' | 'down';
	account_id: string;
	upload_url: string | null;
	attempts: number;
	/** Bytes. */
	size: number;
}

type JobKey = Pick<FileJob, 'sha256' | 'direction' | 'account_id'>;

/** The record that says so has been taken by the server: before that it knows of no such file. */
const acknowledged = `NOT EXISTS (SELECT 1 FROM outbox_op o WHERE o.row_id = a.id AND o.pending = 1 AND o.kind = 'create')
	AND NOT ${isRefusedFile('a')}`;

/** Files that can go now, what is sent before what is fetched, small ones first. `at` is UTC. */
export function dueJobs(store: Store, at: string): FileJob[] {
	return store
		.statement(
			`SELECT q.sha256, q.direction, q.account_id, q.upload_url, q.attempts, min(a.size) AS size
			FROM blob_queue q JOIN attachment a ON a.sha256 = q.sha256 AND a.account_id = q.account_id
			WHERE a.deleted_at IS NULL AND (q.next_at IS NULL OR q.next_at <= ?) AND (q.direction = 'down' OR ${acknowledged})
			GROUP BY q.sha256, q.direction, q.account_id ORDER BY q.direction DESC, size`,
		)
		.all(at) as FileJob[];
}

/** When the next file that waits may be tried, UTC; undefined when none waits. */
export function nextDue(store: Store): string | undefined {
	const row = store
		.statement(
			`SELECT min(coalesce(q.next_at, '')) AS at FROM blob_queue q
			JOIN attachment a ON a.sha256 = q.sha256 AND a.account_id = q.account_id
			WHERE a.deleted_at IS NULL AND (q.direction = 'down' OR ${acknowledged})`,
		)
		.get() as { at: string | null };
	return row.at ?? undefined;
}

/** The bytes behind a file's name are here, whole and checked. */
export function noteHere(unit: Unit, file: { sha256: string; size: number }): void {
	unit.store
		.statement(
			`INSERT INTO blob (sha256, size, state, bytes_here, used_at) VALUES (@sha256, @size, 'here', @size, @at)
			ON CONFLICT (sha256) DO UPDATE SET size = @size, state = 'here', bytes_here = @size, used_at = @at`,
		)
		.run({ ...file, at: unit.at });
	unit.store.statement("DELETE FROM blob_queue WHERE sha256 = ? AND direction = 'down'").run(file.sha256);
	unit.touched.add('blob');
}

/** How much of a file has come; `damaged` and `absent` say that none of it can be used. */
export function noteState(
	unit: Unit,
	file: { sha256: string; size: number; state: 'partial' | 'absent' | 'damaged'; bytesHere: number },
): void {
	unit.store
		.statement(
			`INSERT INTO blob (sha256, size, state, bytes_here, used_at) VALUES (@sha256, @size, @state, @bytesHere, @at)
			ON CONFLICT (sha256) DO UPDATE SET state = @state, bytes_here = @bytesHere`,
		)
		.run({ ...file, at: unit.at });
	unit.touched.add('blob');
}

/** Somebody looked at it: it is among the last to go when room is needed. */
export function noteUsed(unit: Unit, sha256: string): void {
	unit.store.statement('UPDATE blob SET used_at = ? WHERE sha256 = ?').run(unit.at, sha256);
}

/** Puts a file in the queue; one that is there already is tried now. */
export function enqueue(unit: Unit, { sha256, direction, account_id }: JobKey): void {
	unit.store
		.statement(
			`INSERT INTO blob_queue (sha256, direction, account_id, attempts) VALUES (?, ?, ?, 0)
			ON CONFLICT (sha256, direction, account_id) DO UPDATE SET next_at = NULL`,
		)
		.run(sha256, direction, account_id);
	unit.touched.add('blob');
}

export function dequeue(unit: Unit, { sha256, direction, account_id }: JobKey): void {
	unit.store
		.statement('DELETE FROM blob_queue WHERE sha256 = ? AND direction = ? AND account_id = ?')
		.run(sha256, direction, account_id);
	unit.touched.add('blob');
}

/** What the server has said of an upload. */
export function noteUpload(unit: Unit, job: FileJob, said: { url: string | null; bytes: number }): void {
	unit.store
		.statement(
			`UPDATE blob_queue SET upload_url = ?, bytes_done = ?, attempts = 0, problem = NULL
			WHERE sha256 = ? AND direction = 'up' AND account_id = ?`,
		)
		.run(said.url, said.bytes, job.sha256, job.account_id);
	unit.touched.add('blob');
}

/** A file did not get through: why, and when it is tried again (UTC). */
export function postpone(unit: Unit, job: JobKey, { problem, nextAt }: { problem: FileProblem; nextAt: string }): void {
	unit.store
		.statement(
			`UPDATE blob_queue SET attempts = attempts + 1, problem = ?, next_at = ?
			WHERE sha256 = ? AND direction = ? AND account_id = ?`,
		)
		.run(problem, nextAt, job.sha256, job.direction, job.account_id);
	unit.touched.add('blob');
}

/** The network or the server is back: what waited for it need not wait out its time. */
export function tryAllNow(unit: Unit): void {
	const { changes } = unit.store.statement('UPDATE blob_queue SET next_at = NULL WHERE next_at IS NOT NULL').run();
	if (changes > 0) unit.touched.add('blob');
}

const heldUp = 'next_at > ? AND problem IN (SELECT value FROM json_each(?))';

/** True when a file waits for a later time only because the way was not open. `at` is UTC. */
export function isAnyHeldUp(store: Store, at: string): boolean {
	const found = store.statement(`SELECT 1 FROM blob_queue WHERE ${heldUp} LIMIT 1`);
	return found.get(at, JSON.stringify(OF_THE_WAY)) !== undefined;
}

/** Those need not wait out their time. */
export function tryHeldUpNow(unit: Unit): void {
	unit.store.statement(`UPDATE blob_queue SET next_at = NULL WHERE ${heldUp}`).run(unit.at, JSON.stringify(OF_THE_WAY));
	unit.touched.add('blob');
}

interface Wanted {
	sha256: string;
	account_id: string;
}

/** Attachments of what was chosen for offline use whose bytes are neither here nor in the queue. */
export function missingChosen(store: Store): Wanted[] {
	return store
		.statement(
			`SELECT DISTINCT a.sha256, min(a.account_id) AS account_id FROM attachment a
			LEFT JOIN blob b ON b.sha256 = a.sha256
			WHERE a.deleted_at IS NULL AND ${chosen('a')} AND coalesce(b.state, 'absent') <> 'here'
				AND NOT EXISTS (SELECT 1 FROM blob_queue q WHERE q.sha256 = a.sha256 AND q.direction = 'down')
			GROUP BY a.sha256`,
		)
		.all() as Wanted[];
}

/** Holds for an attachment (by its table's name in the query) that belongs to a chosen account or visit, notes of the visit included. */
export function chosen(table: string): string {
	return `EXISTS (SELECT 1 FROM offline_choice c WHERE (c.kind = 'account' AND c.id = ${table}.account_id)
		OR (c.kind = 'visit' AND c.id = ${table}.parent_id)
		OR (c.kind = 'visit' AND ${table}.parent_type = 'note' AND c.id = (SELECT n.parent_id FROM note n WHERE n.id = ${table}.parent_id)))`;
}

/** Files that are here and stand in a record, for a server that may have lost them. */
export function heldFiles(store: Store): Wanted[] {
	return store
		.statement(
			`SELECT DISTINCT a.sha256, a.account_id FROM attachment a JOIN blob b ON b.sha256 = a.sha256
			WHERE b.state = 'here' AND a.deleted_at IS NULL`,
		)
		.all() as Wanted[];
}

/** Files that no record of this laptop speaks of any more, and no backup will before long. */
export function unreferenced(store: Store): string[] {
	const rows = store
		.statement('SELECT sha256 FROM blob b WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = b.sha256)')
		.all() as { sha256: string }[];
	const kept = keptFiles(store);
	return rows.map(({ sha256 }) => sha256).filter((sha256) => !kept.has(sha256));
}

export function forget(unit: Unit, sha256: string): void {
	unit.store.statement('DELETE FROM blob_queue WHERE sha256 = ?').run(sha256);
	unit.store.statement('DELETE FROM blob WHERE sha256 = ?').run(sha256);
	unit.touched.add('blob');
}
