import type { Store } from '../../../../db/open-store.ts';
import type { Unit } from '../../../../db/unit.ts';
import type { ReceiptLine } from '../../../../shared/contract/sync-models.ts';
import { type EntityName, entityByName, getEntity } from '../../../../shared/entities/registry.ts';
import type { PullRow, PullText } from '../../../../shared/sync/protocol.ts';
import { parseVersion, readVersions } from '../../../../shared/sync/version.ts';
import type { PagePart } from '../fetching/pull.ts';
import { accountName, fieldWord, nameRecord, personName, setWords } from './receipt-words.ts';
import type { Entries } from './receipts.ts';

interface HistoryRow {
	by: string | null;
	entity: string;
	row_id: string;
	field: string;
	after: string | null;
}

interface About {
	page: PagePart;
	/** The round's receipt so far. */
	receipt: number | undefined;
	/** Records that it still has room to describe. */
	room: number;
	/** Records with typing of ours that went out in this round. */
	typedIn: ReadonlySet<string>;
}

/** Received as the server's own bookkeeping: nobody reads of them. */
const unmentioned = new Set(['conflict', 'device', 'app_user', 'mapping_profile']);

/** Applies a page and says what changed by it. What the page only repeats of our own is not mentioned. */
export function linesOfPage(unit: Unit, about: About, apply: () => void): Entries {
	const { store } = unit;
	const lastLine = (store.statement('SELECT max(id) FROM history').pluck().get() as number | null) ?? 0;
	const lastRows = lastRowsOf(store, about.page);
	const texts = about.page.lines.filter((line): line is PullText => 'y' in line && isNewText(store, line));
	const conflicts = about.page.lines.filter(
		(line): line is PullRow => 'v' in line && line.t === 'conflict' && isNewConflict(store, line),
	);
	const left = about.page.lines.flatMap((line) => ('scope' in line && line.scope === 'leave' ? [line.account] : []));
	const lines = left.map((id) => scopeLine(accountName(store, id), id, 'has gone to somebody else'));
	apply();
	for (const line of about.page.lines)
		if ('scope' in line && line.scope === 'enter')
			lines.push(scopeLine(accountName(store, line.account), line.account, 'is yours now'));
	const entries = { lines, received: 0, merged: 0, toDecide: 0, further: {} };
	for (const [entity, last] of lastRows) noteNew(store, entries, { entity, last, room: about.room });
	noteEdits(store, about, { entries, edits: editsSince(store, lastLine) });
	noteTexts(store, about, { entries, texts });
	for (const line of conflicts) noteConflict(store, about, { entries, line });
	tellWhoKept(store, about);
	return entries;
}

/** The newest row of each table that the page touches: what is added by it comes after. */
function lastRowsOf(store: Store, page: PagePart): Map<EntityName, number> {
	const names = new Set(page.lines.flatMap((line) => ('v' in line && !unmentioned.has(line.t) ? [line.t] : [])));
	return new Map(
		[...names].flatMap((name): [EntityName, number][] => {
			const table = entityByName(name)?.table;
			if (!table) return [];
			const last = store.statement(`SELECT max(rowid) FROM ${table}`).pluck().get() as number | null;
			return [[name as EntityName, last ?? 0]];
		}),
	);
}

function noteNew(
	store: Store,
	entries: Entries & { received: number },
	{ entity, last, room }: { entity: EntityName; last: number; room: number },
): void {
	const { table } = getEntity(entity);
	const n = store.statement(`SELECT count(*) FROM ${table} WHERE rowid > ?`).pluck().get(last) as number;
	if (n === 0) return;
	const described = Math.max(0, Math.min(n, room - entries.received));
	const rows = store
		.statement(`SELECT id, created_by FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`)
		.all(last, described) as { id: string; created_by: string | null }[];
	for (const { id, created_by } of rows) {
		const { title, accountName } = nameRecord(store, entity, id);
		const byName = personName(store, created_by);
		entries.lines.push({ kind: 'received', entity, rowId: id, accountName, title, detail: 'new', byName });
	}
	entries.received += n;
	entries.further = { received: (entries.further?.received ?? 0) + n - rows.length };
}

interface Edits {
	entity: string;
	rowId: string;
	lines: HistoryRow[];
}

function editsSince(store: Store, lastLine: number): Edits[] {
	const rows = store
		.statement(
			"SELECT by, entity, row_id, field, after FROM history WHERE id > ? AND origin = 'remote' AND field <> 'created' ORDER BY id",
		)
		.all(lastLine) as HistoryRow[];
	const byRecord = new Map<string, Edits>();
	for (const row of rows) {
		const found = byRecord.get(row.row_id) ?? { entity: row.entity, rowId: row.row_id, lines: [] };
		found.lines.push(row);
		byRecord.set(row.row_id, found);
	}
	return [...byRecord.values()];
}

function noteEdits(
	store: Store,
	{ receipt, room }: About,
	{ entries, edits }: { entries: Entries & { received: number }; edits: Edits[] },
): void {
	for (const edit of edits) {
		if (receipt !== undefined && completeMerge(store, receipt, edit)) continue;
		entries.received += 1;
		if (entries.received <= room) entries.lines.push(receivedLine(store, edit));
		else entries.further = { received: (entries.further?.received ?? 0) + 1 };
	}
}

function receivedLine(store: Store, { entity, rowId, lines }: Edits): ReceiptLine {
	const { title, accountName } = nameRecord(store, entity, rowId);
	const names = new Set(lines.map((line) => personName(store, line.by)).filter((name) => name !== null));
	const byName = names.size > 0 ? [...names].join(', ') : null;
	const life = lines.find((line) => line.field === 'deleted' || line.field === 'restored');
	const word = life && (life.field === 'deleted' ? 'deleted' : 'brought back');
	const values = Object.fromEntries(
		lines
			.filter((line) => entityByName(entity)?.fields[line.field])
			.map((line) => [line.field, line.after === null ? null : JSON.parse(line.after)]),
	);
	const detail = [word, setWords(store, entity, values)].filter((part) => part).join(', ');
	return { kind: 'received', entity, rowId, accountName, title, detail, byName };
}

/** The server has said which of our fields were merged beside somebody else's; the page says whose, and which. */
function completeMerge(store: Store, receipt: number, { entity, rowId, lines }: Edits): boolean {
	const merged = store
		.statement("SELECT id, detail FROM receipt_line WHERE receipt_id = ? AND kind = 'merged' AND row_id = ?")
		.get(receipt, rowId) as { id: number; detail: string } | undefined;
	if (!merged?.detail.endsWith(' yours')) return false;
	const theirs = new Map<string, string[]>();
	for (const line of lines) {
		const name = personName(store, line.by) ?? 'somebody else';
		theirs.set(name, [...(theirs.get(name) ?? []), fieldWord(entity, line.field)]);
	}
	const words = [...theirs].map(([name, fields]) => `${fields.join(', ')} ${name}’s`);
	store
		.statement('UPDATE receipt_line SET detail = ?, by_name = ? WHERE id = ?')
		.run([merged.detail, ...words].join(', '), [...theirs.keys()].join(', '), merged.id);
	return true;
}

function isNewText(store: Store, line: PullText): boolean {
	const known = store.statement('SELECT 1 FROM text_update WHERE row_id = ? AND field = ? AND hlc = ?');
	return known.get(line.id, line.field, line.hlc) === undefined;
}

function noteTexts(
	store: Store,
	{ typedIn }: About,
	{ entries, texts }: { entries: { lines: ReceiptLine[]; received: number; merged: number }; texts: PullText[] },
): void {
	const authors = new Map<string, { line: PullText; names: Set<string> }>();
	for (const line of texts) {
		const found = authors.get(line.id) ?? { line, names: new Set() };
		const name = personName(store, line.by);
		if (name) found.names.add(name);
		authors.set(line.id, found);
	}
	for (const [rowId, { line, names }] of authors) {
		const { title, accountName } = nameRecord(store, line.t, rowId);
		const byName = [...names].join(', ') || null;
		const isMerged = typedIn.has(rowId);
		if (isMerged) entries.merged += 1;
		else entries.received += 1;
		const detail = isMerged ? `your words and ${byName ?? 'somebody else'}’s stand side by side` : 'written in';
		const kind = isMerged ? 'merged' : 'received';
		entries.lines.push({ kind, entity: line.t, rowId, accountName, title, detail, byName });
	}
}

function isNewConflict(store: Store, line: PullRow): boolean {
	if (line.v.decided_at || line.del) return false;
	return store.statement('SELECT 1 FROM conflict WHERE id = ?').get(line.id) === undefined;
}

/** Somebody has to decide. When our own push brought it about, the receipt has it already and learns who the other was. */
function noteConflict(
	store: Store,
	{ receipt }: About,
	{ entries, line }: { entries: { lines: ReceiptLine[]; toDecide: number }; line: PullRow },
): void {
	const { entity, row_id: rowId, field, theirs_by: by } = line.v as Record<string, string | undefined>;
	if (!entity || !rowId || !field) return;
	const word = fieldWord(entity, field);
	const byName = personName(store, by ?? null);
	const known = store
		.statement(
			"UPDATE receipt_line SET by_name = ? WHERE receipt_id = ? AND kind = 'decide' AND row_id = ? AND detail LIKE ? || ':%'",
		)
		.run(byName, receipt ?? 0, rowId, word);
	if (known.changes > 0) return;
	entries.toDecide += 1;
	const { title, accountName } = nameRecord(store, entity, rowId);
	entries.lines.push({ kind: 'decide', entity, rowId, accountName, title, detail: `${word}: both are kept`, byName });
}

/** Whose edit outlived our deletion: the author of the record's newest version. */
function tellWhoKept(store: Store, { page, receipt }: About): void {
	const nameless = new Set(
		store
			.statement("SELECT row_id FROM receipt_line WHERE receipt_id = ? AND kind = 'kept' AND by_name IS NULL")
			.pluck()
			.all(receipt ?? 0),
	);
	if (nameless.size === 0) return;
	for (const line of page.lines) {
		if (!('v' in line) || line.del || !nameless.has(line.id)) continue;
		const versions = Object.values(readVersions(line.fv)).sort();
		const short = parseVersion(versions.at(-1) ?? '')?.device;
		const by = short && store.statement('SELECT user_id FROM device WHERE short = ?').pluck().get(short);
		const name = typeof by === 'string' ? personName(store, by) : null;
		if (!name) continue;
		store
			.statement(
				"UPDATE receipt_line SET by_name = ?, detail = ? WHERE receipt_id = ? AND kind = 'kept' AND row_id = ? AND by_name IS NULL",
			)
			.run(name, `stays: ${name} edited it after you deleted it here`, receipt, line.id);
	}
}

function scopeLine(title: string | null, id: string, detail: string): ReceiptLine {
	const name = title ?? 'An account';
	return { kind: 'scope', entity: 'account', rowId: id, accountName: title, title: name, detail, byName: null };
}
