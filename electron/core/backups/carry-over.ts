import type SqliteDatabase from 'better-sqlite3';
import { writeMeta } from '../../../db/meta.ts';
import type { Store } from '../../../db/open-store.ts';
import { type RangeOp, renumber } from '../../../db/outbox.ts';
import { queueIndexing } from '../../../db/search-index.ts';
import { type EntityName, entityByName } from '../../../shared/entities/registry.ts';
import { keepFiles } from '../kept-files.ts';
import { CopiedRows } from './copied-rows.ts';
import { readable } from './unreadable.ts';

type Raw = SqliteDatabase.Database;
type Row = Record<string, string | number | null | Uint8Array>;

interface Group extends Row {
	group_no: number;
	hlc: string;
	unit: string;
	at: string;
	label: string;
	sent_at: string | null;
	wire_no: number | null;
}

interface Op extends Row {
	group_no: number;
	entity: string;
	row_id: string;
	kind: string;
	op: string;
	refused: string | null;
}

export interface Carrying {
	/** The store as it is now. It is only read. */
	from: Raw;
	/** The backup that takes its place, on its way there. */
	to: Store;
	/** Take over what the office does not have yet. What may be on its way there is taken over in any case. */
	keepUnsent: boolean;
}

export interface Carried {
	/** Changes as a person counts them. */
	taken: number;
	left: number;
	/** Groups whose operations, and records of theirs, that could not be read. */
	unread: number;
}

/** Of the backup, because they say how far *its* records are in step with the server. All else is the laptop's, as it is now. */
const OF_THE_BACKUP = new Set([
	'cursor',
	'server_epoch',
	'staging',
	'pulled_schema',
	'pulled_at',
	'brake',
	'homeless',
	'digest',
	'sample',
]);

/**
 * Gives a backup the laptop's present queue, name and place with the server, so that it goes on where the laptop is: what
 * the server has acknowledged since comes back with the next fetch, from the backup's own cursor; what it has not is taken
 * over with the records it is about, as they are now. In one transaction of `to`.
 */
export function carryOver({ from, to, keepUnsent }: Carrying): Carried {
	return to.raw.transaction(() => {
		const now = readQueue(from);
		const then = readQueue(to.raw);
		const { taken, left } = chooseGroups(now, then, keepUnsent);
		const lone = [...then.groups.values()].filter(
			({ group_no, hlc, sent_at }) => sent_at === null && now.groups.get(group_no)?.hlc !== hlc,
		);
		replaceQueue(to, now, left);
		addLone(to, then, lone);
		const unread = now.unread + copyRecords({ from, to }, now, { taken, left });
		const isWhole = copyState(from, to) && unread === 0;
		// Something is missing that the server may have from this laptop: it goes on as another one, which is told all.
		if (!isWhole) becomeAnother(to);
		return { taken: countUnits(now, taken), left: countUnits(now, left), unread };
	})();
}

interface Queue {
	groups: Map<number, Group>;
	ops: Map<number, Op[]>;
	unread: number;
}

/** A group whose operations cannot be read any more is counted, and left behind. */
function readQueue(raw: Raw): Queue {
	const groups = new Map<number, Group>();
	const ops = new Map<number, Op[]>();
	let unread = 0;
	const opsOf = raw.prepare('SELECT * FROM outbox_op WHERE group_no = ? ORDER BY op_no');
	for (const group of raw.prepare('SELECT * FROM outbox ORDER BY group_no').all() as Group[]) {
		try {
			ops.set(group.group_no, opsOf.all(group.group_no) as Op[]);
			groups.set(group.group_no, group);
		} catch {
			unread += 1;
		}
	}
	return { groups, ops, unread };
}

/** True when the other queue has the group as well, with the same operations. */
function isSame(one: Queue, other: Queue, { group_no }: Group): boolean {
	const [a, b] = [one.groups.get(group_no), other.groups.get(group_no)];
	if (!a || !b || a.hlc !== b.hlc) return false;
	const bodies = (queue: Queue) => (queue.ops.get(group_no) ?? []).map(({ op }) => op).join('\n');
	return bodies(one) === bodies(other);
}

/** Which unsent groups that the backup does not have go along, and which are left behind. */
function chooseGroups(now: Queue, then: Queue, keepUnsent: boolean): { taken: Set<number>; left: Set<number> } {
	const fresh = [...now.groups.values()].filter((group) => group.sent_at === null && !isSame(now, then, group));
	const taken = new Set(fresh.filter(({ wire_no }) => keepUnsent || wire_no !== null).map(({ group_no }) => group_no));
	// A record that goes along goes as it is now, so every change of it does.
	for (let size = -1; size !== taken.size; ) {
		size = taken.size;
		const rows = new Set([...taken].flatMap((no) => rowsOf(now, no)));
		for (const { group_no } of fresh) if (rowsOf(now, group_no).some((row) => rows.has(row))) taken.add(group_no);
	}
	return { taken, left: new Set(fresh.map(({ group_no }) => group_no).filter((no) => !taken.has(no))) };
}

function rowsOf(queue: Queue, no: number): string[] {
	return (queue.ops.get(no) ?? []).map(({ row_id, kind, op }) =>
		kind === 'range' ? (JSON.parse(op) as RangeOp).batch : row_id,
	);
}

function countUnits(queue: Queue, numbers: ReadonlySet<number>): number {
	const units = [...numbers].map((no) => queue.groups.get(no)?.unit ?? '');
	return new Set(units.filter((unit) => !unit.startsWith('taken-back:'))).size;
}

function replaceQueue({ raw }: Store, now: Queue, left: ReadonlySet<number>): void {
	raw.prepare('DELETE FROM outbox_op').run();
	raw.prepare('DELETE FROM outbox').run();
	for (const [no, group] of now.groups) {
		if (left.has(no)) continue;
		insert(raw, 'outbox', group);
		for (const op of now.ops.get(no) ?? []) insert(raw, 'outbox_op', op);
	}
}

/** What the backup still has to send and the laptop no longer knows: it was taken back since, and stands again. */
function addLone({ raw }: Store, then: Queue, lone: Group[]): void {
	let last = Number(raw.prepare('SELECT max(group_no) FROM outbox').pluck().get() ?? 0);
	for (const group of lone) {
		last = Math.max(last, 0) + 1;
		insert(raw, 'outbox', { ...group, group_no: last, wire_no: null, seq: null });
		for (const op of then.ops.get(group.group_no) ?? []) insert(raw, 'outbox_op', { ...op, group_no: last });
	}
}

function insert(raw: Raw, table: string, row: Row): void {
	const columns = Object.keys(row);
	raw
		.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
		.run(Object.values(row));
}

/** Records of the groups taken over, and of refused changes that wait for the person. Answers how many cannot be read. */
function copyRecords(
	{ from, to }: { from: Raw; to: Store },
	now: Queue,
	{ taken, left }: { taken: ReadonlySet<number>; left: ReadonlySet<number> },
): number {
	const copied = new CopiedRows(from, to);
	let unread = 0;
	// A record with a change that is left behind would bring that change along.
	const leftRows = new Set([...left].flatMap((no) => rowsOf(now, no)));
	for (const [no, ops] of now.ops) {
		for (const op of ops) {
			const isRefused = op.refused !== null && !leftRows.has(op.row_id);
			if ((!taken.has(no) && !isRefused) || !entityByName(op.entity)) continue;
			const isRead = readable(() => {
				takeRows(copied, to, op);
				return true;
			});
			if (!isRead) unread += 1;
		}
	}
	copied.finish();
	return unread;
}

function takeRows(copied: CopiedRows, to: Store, { kind, entity, row_id, op }: Op): void {
	if (kind === 'range') {
		const range = JSON.parse(op) as RangeOp;
		copied.takeRange(entity as EntityName, range);
		queueIndexing(to, entity as EntityName, range);
	} else copied.take(entity as EntityName, row_id);
}

/** What the laptop knows of itself, of its files and of what it has received and sent. False when of itself it knows nothing any more. */
function copyState(from: Raw, to: Store): boolean {
	const { raw } = to;
	const meta = readable(() => from.prepare('SELECT * FROM meta').all() as Row[]);
	if (meta) {
		for (const { key } of raw.prepare('SELECT key FROM meta').all() as { key: string }[])
			if (!OF_THE_BACKUP.has(key)) raw.prepare('DELETE FROM meta WHERE key = ?').run(key);
		for (const row of meta) if (!OF_THE_BACKUP.has(String(row.key))) insert(raw, 'meta', row);
	}
	for (const table of ['receipt', 'receipt_line']) {
		const last = raw.prepare(`SELECT max(id) FROM ${table}`).pluck().get() ?? 0;
		const later = from.prepare(`SELECT * FROM ${table} WHERE id > ?`);
		for (const row of readable(() => later.all(last) as Row[]) ?? []) insert(raw, table, row);
	}
	copyFiles(from, to);
	const pending = 'SELECT row_id FROM outbox_op WHERE pending = 1';
	raw.prepare(`DELETE FROM standing WHERE row_id NOT IN (${pending})`).run();
	return meta !== undefined;
}

/**
 * What lies here of files, as it is now. What a backup still had to send and is here goes to the office (again, where it
 * has it already); the bytes of what is left behind stay, for they are nowhere else.
 */
function copyFiles(from: Raw, to: Store): void {
	const { raw } = to;
	const waiting = raw.prepare("SELECT * FROM blob_queue WHERE direction = 'up'").all() as Row[];
	for (const table of ['blob', 'blob_queue', 'offline_choice']) {
		const rows = readable(() => from.prepare(`SELECT * FROM ${table}`).all() as Row[]);
		if (!rows) continue;
		raw.prepare(`DELETE FROM ${table}`).run();
		for (const row of rows) insert(raw, table, row);
	}
	const isHere = raw.prepare("SELECT 1 FROM blob WHERE sha256 = ? AND state = 'here'");
	const isQueued = raw.prepare("SELECT 1 FROM blob_queue WHERE sha256 = ? AND direction = 'up' AND account_id = ?");
	for (const row of waiting)
		if (isHere.get(row.sha256) && !isQueued.get(row.sha256, row.account_id))
			insert(raw, 'blob_queue', { ...row, upload_url: null, bytes_done: 0, attempts: 0, next_at: null, problem: null });
	const left = "FROM blob_queue WHERE direction = 'up' AND sha256 NOT IN (SELECT sha256 FROM attachment)";
	keepFiles(to, raw.prepare(`SELECT DISTINCT sha256 ${left}`).pluck().all() as string[]);
	raw.prepare(`DELETE ${left}`).run();
}

/** The laptop under a name of its own: the server has heard more from the old one than this store knows. */
export function becomeAnother(store: Store): void {
	for (const key of ['device_id', 'device_short', 'nonce'] as const) writeMeta(store, key, null);
	renumber(store);
}
