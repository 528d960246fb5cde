import type { Entity } from '../shared/entities/define.ts';
import { type EntityName, entityByName } from '../shared/entities/registry.ts';
import { isSameValue } from '../shared/sync/merge.ts';
import type { PullRow, PullText } from '../shared/sync/protocol.ts';
import { readVersions, type Version, versionOf, writeVersions } from '../shared/sync/version.ts';
import { readStored, storeTextUpdate, updateRow } from './apply-change.ts';
import { fromStored, type StoredRow } from './codec.ts';
import { type Bulk, emptyLane, enterLane, insertReceived, unknownFields } from './insert-received.ts';
import { pendingFields } from './outbox.ts';
import { LIFE, recordRemote } from './remote-history.ts';
import { keepStanding } from './standing.ts';
import { addToTextDoc } from './text-doc.ts';
import type { Unit } from './unit.ts';

export interface Applying {
	/** Many lines at once: what follows from new rows is noted here and done later. */
	bulk?: Bulk | undefined;
	/** Also looks into records whose versions say that nothing has changed: what an older version could not read may be missing. */
	isThorough?: boolean;
}

/**
 * Applies the server's newest state of one record. Fields with edits that the server has not answered keep the local
 * value and its version, so that the answer to those edits still meets the base they were made on.
 * Lines of an entity this version does not know are skipped; unknown fields are kept in `x`.
 */
export function applyRemoteRow(unit: Unit, line: PullRow, how: Applying = {}): void {
	const entity = entityByName(line.t);
	if (!entity) return;
	const name = line.t as EntityName;
	const { bulk } = how;
	if (bulk?.likelyNew.has(name)) {
		if (enterLane(unit, bulk, line)) finishLane(unit, name, how);
		return;
	}
	const row = readStored(unit.store, name, line.id);
	if (row) updateRemote(unit, line, { name, entity, row, isThorough: how.isThorough ?? false });
	else if (bulk) {
		bulk.likelyNew.add(name);
		enterLane(unit, bulk, line);
	} else insertReceived(unit, line);
}

/** Writes what is still on its way in. To be called before anything looks at the records, at the latest when the stretch ends. */
export function finishLanes(unit: Unit, how: Applying): void {
	for (const name of [...(how.bulk?.lanes.keys() ?? [])]) finishLane(unit, name, how);
}

/** Some may have been here already after all: those are compared, and what was just added is seen to be the same. */
function finishLane(unit: Unit, name: EntityName, how: Applying): void {
	const entity = entityByName(name);
	if (!how.bulk || !entity) return;
	const doubtful = emptyLane(unit, how.bulk, name);
	if (doubtful.length > 0) how.bulk.likelyNew.delete(name);
	for (const line of doubtful) {
		const row = readStored(unit.store, name, line.id);
		if (row) updateRemote(unit, line, { name, entity, row, isThorough: how.isThorough ?? false });
	}
}

interface Known {
	name: EntityName;
	entity: Entity;
	row: StoredRow;
	isThorough: boolean;
}

function updateRemote(unit: Unit, line: PullRow, { name, entity, row, isThorough }: Known): void {
	const unknown = unknownFields(line, Object.keys(entity.fields));
	const isSame = row.fv === line.fv && row.deleted_at === line.del && row.x === unknown;
	if (isSame && !isThorough) return;
	const pending = pendingFields(unit, line.id);
	const known = valuesOf(entity, line);
	const patch = Object.fromEntries(
		Object.entries(known).filter(
			([field, value]) => !pending.has(field) && !isSameValue(value, stored(entity, row, field)),
		),
	);
	if (isSame && Object.keys(patch).length === 0) return;
	keepOffice(unit, line, { pending, known });
	const deletedAt = pending.has('*') ? (row.deleted_at as string | null) : line.del;
	updateRow(unit, { entity: name, row, patch, fv: keepPending(row, line.fv, pending), deletedAt, x: unknown });
	recordRemote(unit, { line, entity, row, patch, deletedAt });
}

/** A line is the record's whole state: a field it does not have is empty there, whatever a refused edit left here. A text document's own field is never synced as a value. */
function valuesOf(entity: Entity, line: PullRow): Record<string, unknown> {
	const known: Record<string, unknown> = {};
	for (const [field, definition] of Object.entries(entity.fields)) {
		if (definition.kind === 'text-doc') continue;
		const value = line.v[field];
		if (value !== undefined) known[field] = value;
		else if (!definition.required) known[field] = null;
	}
	return known;
}

/** What the office says of a field whose own edit is still unanswered is not shown, but stands if that edit is taken back. */
function keepOffice(
	{ store }: Unit,
	line: PullRow,
	{ pending, known }: { pending: ReadonlySet<string>; known: Record<string, unknown> },
): void {
	if (pending.size === 0) return;
	const versions = readVersions(line.fv);
	for (const field of pending) {
		const value = field === '*' ? line.del : (known[field] ?? null);
		const version = (field === '*' ? versions[LIFE] : versionOf(versions, field)) ?? null;
		keepStanding(store, { rowId: line.id, field }, { value: value === null ? null : JSON.stringify(value), version });
	}
}

function stored(entity: Entity, row: StoredRow, field: string): unknown {
	const definition = entity.fields[field];
	return definition ? fromStored(definition, row[field]) : undefined;
}

/** The server's versions, except of fields with unanswered edits here. */
function keepPending(row: StoredRow, remote: string, pending: ReadonlySet<string>): string {
	if (pending.size === 0) return remote;
	const local = readVersions(row.fv as string);
	const versions: Record<string, Version> = readVersions(remote);
	for (const field of pending) {
		const version = versionOf(local, field);
		if (field !== '*' && version) versions[field] = version;
	}
	return writeVersions(versions);
}

/** Adds another device's typing. Bytes that are no Yjs update are set aside and the text is left as it was. */
export function applyRemoteText(unit: Unit, line: PullText): void {
	const entity = entityByName(line.t);
	if (entity?.fields[line.field]?.kind !== 'text-doc') return;
	const name = line.t as EntityName;
	const bytes = Buffer.from(line.y, 'base64');
	const known = unit.store
		.statement('SELECT 1 FROM text_update WHERE row_id = ? AND field = ? AND hlc = ?')
		.get(line.id, line.field, line.hlc);
	if (known) return;
	const text = addToTextDoc(unit.store, { rowId: line.id, field: line.field }, bytes);
	storeTextUpdate(unit, {
		entity: name,
		id: line.id,
		field: line.field,
		bytes,
		hlc: line.hlc,
		bad: text === undefined,
	});
	const row = readStored(unit.store, name, line.id);
	if (row && text !== undefined)
		updateRow(unit, { entity: name, row, patch: { [line.field]: text }, fv: row.fv as string });
}
