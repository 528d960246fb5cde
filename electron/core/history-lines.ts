import { decodeRow, fromStored } from '../../db/codec.ts';
import { LIFE } from '../../db/remote-history.ts';
import type { HistoryLine } from '../../shared/contract/models.ts';
import { type Conflict, conflict as conflictEntity } from '../../shared/entities/conflict.ts';
import type { Entity } from '../../shared/entities/define.ts';
import { type EntityName, entityByName } from '../../shared/entities/registry.ts';
import { isSameValue } from '../../shared/sync/merge.ts';
import { parseVersion, readVersions } from '../../shared/sync/version.ts';
import { readRights } from './accounts/account-rights.ts';
import type { QueryContext } from './handler.ts';
import { markLines } from './history-marks.ts';
import type { RestoringMark } from './notes/versions.ts';
import { inWords, type People, peopleByDevice, personNames } from './words.ts';

/** The instants of a visit follow its wall times, which have lines of their own. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = { visit: ['starts_at', 'ends_at'] };

/** Values longer than this are shown with their words marked. */
const LONG = 60;

type StoredRecord = Record<string, string | number | null>;

interface Teller {
	entity: Entity;
	/** The record as it is now; undefined when it is not on this laptop. */
	row: StoredRecord | undefined;
	names: Map<string, string>;
	people: People;
}

interface StoredLine {
	id: number;
	at: string;
	by: string | null;
	by_name: string | null;
	group_no: number | null;
	entity: string;
	row_id: string;
	field: string;
	before: string | null;
	after: string | null;
	origin: HistoryLine['origin'];
	sent_at: string | null;
}

/** Every change of a record that this laptop knows of, the newest first: its own lines, and what conflicts keep beside them. */
export async function historyLines(
	context: QueryContext,
	{ entity: name, id, limit }: { entity: string; id: string; limit: number },
): Promise<HistoryLine[]> {
	const entity = entityByName(name);
	if (!entity) return [];
	const stored = await storedLines(context, { name, id, limit });
	const row = (await context.db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', id)
		.executeTakeFirst()) as StoredRecord | undefined;
	const teller = { entity, row, names: await personNames(context), people: await peopleByDevice(context) };
	const isOwnLine = (line: StoredLine) => !FOLLOWS[name]?.includes(line.field);
	const lines = stored.filter(isOwnLine).map((line) => tell(line, teller));
	tellDeleter(lines, teller);
	const conflicts = await context.db
		.selectFrom('conflict')
		.selectAll()
		.where('row_id', '=', id)
		.where('entity', '=', name)
		.where('deleted_at', 'is', null)
		.execute();
	const known = conflicts.map((conflict) => decodeRow<Conflict>(conflictEntity, conflict));
	for (const conflict of known) addLosers(lines, conflict, teller);
	markLines(lines, known);
	const all = stored.length < limit ? withBeginning(lines, teller) : lines;
	return (await isOnlyRead(context, name, row)) ? all.map(asOnlyRead) : all;
}

/** True when this person reads the record and does not change it. */
async function isOnlyRead(context: QueryContext, name: string, row: StoredRecord | undefined): Promise<boolean> {
	const account = name === 'account' ? row?.id : row?.account_id;
	return typeof account === 'string' && (await readRights(context, account)).onlyRead.includes(name);
}

function asOnlyRead(line: HistoryLine): HistoryLine {
	return { ...line, restorable: { before: false, after: false } };
}

function storedLines({ db }: QueryContext, { name, id, limit }: { name: string; id: string; limit: number }) {
	return db
		.selectFrom('history')
		.leftJoin('app_user', 'app_user.id', 'history.by')
		.leftJoin('outbox', 'outbox.group_no', 'history.group_no')
		.selectAll('history')
		.select(['app_user.name as by_name', 'outbox.sent_at'])
		.where('history.row_id', '=', id)
		.where('history.entity', '=', name)
		.orderBy('history.id', 'desc')
		.limit(limit)
		.execute();
}

function tell(line: StoredLine, teller: Teller): HistoryLine {
	const field = teller.entity.fields[line.field];
	const told = {
		id: String(line.id),
		at: line.at,
		by: line.by,
		by_name: line.by_name,
		entity: line.entity,
		row_id: line.row_id,
		field: line.field,
		origin: line.origin,
		sent: line.origin === 'remote' || line.group_no === null || line.sent_at !== null,
		conflict: null,
		how: null,
	};
	if (field?.kind === 'text-doc') {
		const { at = null } = JSON.parse(line.after ?? '{}') as Partial<RestoringMark>;
		const label = `${field.label} put back to`;
		return { ...told, label, before: null, after: at, long: false, restorable: { before: false, after: false } };
	}
	return { ...told, ...tellValues(line, teller) };
}

/** The two values of a change in words, and which of them could be given to the field again. */
function tellValues(change: { field: string; before: string | null; after: string | null }, teller: Teller) {
	const field = teller.entity.fields[change.field];
	const before = inWords(field, change.before, teller.names);
	const after = inWords(field, change.after, teller.names);
	const isLong = (text: string | null) => text !== null && (text.length > LONG || text.includes('\n'));
	return {
		label: field?.label ?? change.field,
		before,
		after,
		long: (field?.kind === 'text' || field?.kind === 'long-text') && (isLong(before) || isLong(after)),
		restorable: {
			before: canStand(change.before, change.field, teller),
			after: canStand(change.after, change.field, teller),
		},
	};
}

function canStand(json: string | null, name: string, { entity, row }: Teller): boolean {
	const field = entity.fields[name];
	if (!field || field.office || field.kind === 'text-doc' || entity.sync === 'pull') return false;
	if (json === null || !row || row.deleted_at !== null) return false;
	return !isSameValue(JSON.parse(json), fromStored(field, row[name]));
}

/** A deletion that came from elsewhere: the record's own version of it names the laptop, and that its user. */
function tellDeleter(lines: HistoryLine[], { row, people }: Teller): void {
	const newest = lines.find((line) => line.field === 'deleted' || line.field === 'restored');
	const version = readVersions(String(row?.fv ?? ''))[LIFE];
	const person = version ? people.get(parseVersion(version)?.device ?? '') : undefined;
	if (newest?.origin === 'remote' && person) Object.assign(newest, { by: person.id, by_name: person.name });
}

type Side = 'mine' | 'theirs';

/**
 * Sees that both values of a conflict are in the history, and says of the one not chosen that it was not. A laptop that
 * made neither of them may have seen none: it was only sent what stood in the end.
 */
function addLosers(lines: HistoryLine[], conflict: Conflict, teller: Teller): void {
	for (const side of ['mine', 'theirs'] as const) {
		const value = conflict[`${side}_value`];
		if (value === null || value === undefined) continue;
		const fate = fateOf(conflict, side);
		const line = loserLine(conflict, side, teller);
		const own = lines.find(
			(other) => other.field === conflict.field && other.after === line.after && other.by === line.by,
		);
		if (own) own.conflict = fate;
		else if (fate || line.restorable.after) insertByTime(lines, { ...line, conflict: fate });
	}
}

/** What has become of a side's value. Until somebody decides, theirs stands in the field and mine waits. */
function fateOf(conflict: Conflict, side: Side): HistoryLine['conflict'] {
	if (conflict.decided_at === null) return side === 'mine' ? 'waiting' : null;
	return conflict.choice === side ? null : 'not_chosen';
}

function loserLine(conflict: Conflict, side: Side, teller: Teller): HistoryLine {
	const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
	const by = conflict[`${side}_by`];
	const change = {
		field: conflict.field,
		before: json(conflict.base_value),
		after: json(conflict[`${side}_value`]),
	};
	return {
		id: `conflict:${conflict.id}:${side}`,
		at: conflict[`${side}_at`] ?? conflict.created_at,
		by,
		by_name: teller.names.get(by ?? '') ?? null,
		entity: conflict.entity,
		row_id: conflict.row_id,
		field: conflict.field,
		origin: 'remote',
		sent: true,
		conflict: null,
		how: null,
		...tellValues(change, teller),
	};
}

function insertByTime(lines: HistoryLine[], line: HistoryLine): void {
	const place = lines.findIndex((other) => other.at <= line.at);
	lines.splice(place === -1 ? lines.length : place, 0, line);
}

/** A record that came from elsewhere has no line of its own making; the record itself tells it. */
function withBeginning(lines: HistoryLine[], { entity, row, names }: Teller): HistoryLine[] {
	if (!row || lines.some((line) => line.field === 'created')) return lines;
	const by = row.created_by as string | null;
	return [
		...lines,
		{
			id: 'created',
			at: String(row.created_at),
			by,
			by_name: names.get(by ?? '') ?? null,
			entity: entity.name,
			row_id: String(row.id),
			field: 'created',
			label: 'created',
			before: null,
			after: null,
			origin: row.import_batch_id ? 'import' : 'remote',
			sent: true,
			conflict: null,
			how: null,
			long: false,
			restorable: { before: false, after: false },
		},
	];
}
