import type { Entity } from '../shared/entities/define.ts';
import { type EntityName, entityByName, getEntity } from '../shared/entities/registry.ts';
import { isSameValue } from '../shared/sync/merge.ts';
import type { PullRow, PullText } from '../shared/sync/protocol.ts';
import { parseVersion, readVersions, timeOfVersion, versionOf, writeVersions } from '../shared/sync/version.ts';
import { insertRecord, readStored, storeTextUpdate, updateRow } from './apply-change.ts';
import { fromStored, type StoredRow } from './codec.ts';
import { recordHistory } from './history.ts';
import { pendingFields } from './outbox.ts';
import { addToTextDoc, readTextDoc } from './text-doc.ts';
import type { Unit } from './unit.ts';

/** Office data arrives by the ten thousand and is explained by its import; a history line each would bury the rest. */
const withoutHistory = new Set<EntityName>([
	'patent_asset',
	'renewal_event',
	'app_user',
	'device',
	'conflict',
	'mapping_profile',
]);

/**
 * Applies the server's newest state of one record. Fields with edits that the server has not answered keep the local
 * value and its version, so that the answer to those edits still meets the base they were made on.
 * Lines of an entity this version does not know are skipped; unknown fields are kept in `x`.
 */
export function applyRemoteRow(unit: Unit, line: PullRow): void {
	const entity = entityByName(line.t);
	if (!entity) return;
	const name = line.t as EntityName;
	const row = readStored(unit.store, name, line.id);
	const { known, unknown } = splitValues(entity, line.v);
	// A line is the record's whole state: a field it does not have is empty there, whatever a refused edit left here.
	for (const [field, definition] of Object.entries(entity.fields))
		if (!definition.required && definition.kind !== 'text-doc') known[field] ??= null;
	if (!row) insertRemote(unit, line, { name, known, unknown });
	else if (row.fv !== line.fv || row.deleted_at !== line.del)
		updateRemote(unit, line, { name, entity, row, known, unknown });
}

function updateRemote(unit: Unit, line: PullRow, { name, entity, row, known, unknown }: KnownRemote): void {
	const pending = pendingFields(unit, line.id);
	const patch = Object.fromEntries(
		Object.entries(known).filter(
			([field, value]) => !pending.has(field) && !isSameValue(value, stored(entity, row, field)),
		),
	);
	const deletedAt = pending.has('*') ? (row.deleted_at as string | null) : line.del;
	updateRow(unit, { entity: name, row, patch, fv: keepPending(row, line.fv, pending), deletedAt, x: unknown });
	if (!withoutHistory.has(name)) recordRemote(unit, { line, entity, row, patch, deletedAt });
}

interface NewRemote {
	name: EntityName;
	known: Record<string, unknown>;
	unknown: string | null;
}

interface KnownRemote extends NewRemote {
	entity: Entity;
	row: StoredRow;
}

function insertRemote(unit: Unit, line: PullRow, { name, known, unknown }: NewRemote): void {
	insertRecord(unit, {
		entity: name,
		id: line.id,
		values: { ...known, ...textSoFar(unit, name, line.id) },
		fv: line.fv,
		createdAt: line.created_at,
		createdBy: line.by,
		deletedAt: line.del,
		x: unknown,
	});
	if (withoutHistory.has(name)) return;
	const version = readVersions(line.fv)['*'] ?? null;
	recordHistory(unit, {
		entity: name,
		rowId: line.id,
		field: 'created',
		before: null,
		after: null,
		by: line.by,
		at: line.created_at,
		version,
	});
}

/** Typing can arrive before the record it belongs to: the newest state of a record comes late when it was edited late. */
function textSoFar(unit: Unit, name: EntityName, id: string): Record<string, string> {
	const docs = Object.entries(getEntity(name).fields).filter(([, field]) => field.kind === 'text-doc');
	return Object.fromEntries(docs.map(([field]) => [field, readTextDoc(unit.store, id, field).text]));
}

/** Fields this version knows, and the rest as JSON to be kept untouched. A text document's own field is never synced as a value. */
function splitValues(entity: Entity, values: Record<string, unknown>) {
	const known: Record<string, unknown> = {};
	const rest: Record<string, unknown> = {};
	for (const [field, value] of Object.entries(values)) {
		const definition = entity.fields[field];
		if (!definition) rest[field] = value;
		else if (definition.kind !== 'text-doc') known[field] = value;
	}
	return { known, unknown: Object.keys(rest).length > 0 ? JSON.stringify(rest) : null };
}

function stored(entity: Entity, row: StoredRow, field: string): unknown {
	const definition = entity.fields[field];
	return definition ? fromStored(definition, row[field]) : undefined;
}

function keepPending(row: StoredRow, remote: string, pending: Set<string>): string {
	const local = readVersions(row.fv as string);
	const versions = readVersions(remote);
	for (const field of pending) {
		const version = versionOf(local, field);
		if (field !== '*' && version) versions[field] = version;
	}
	return writeVersions(versions);
}

interface RemoteEdit {
	line: PullRow;
	entity: Entity;
	row: StoredRow;
	patch: Record<string, unknown>;
	deletedAt: string | null;
}

/** Who changed what: the version of each field names the device, and the device its user. */
function recordRemote(unit: Unit, edit: RemoteEdit): void {
	const versions = readVersions(edit.line.fv);
	for (const [field, value] of Object.entries(edit.patch)) {
		const version = versionOf(versions, field) ?? null;
		const before = stored(edit.entity, edit.row, field);
		const at = (version && timeOfVersion(version)) || unit.at;
		recordHistory(unit, {
			entity: edit.line.t,
			rowId: edit.line.id,
			field,
			before,
			after: value,
			by: authorOf(unit, version),
			at,
			version,
		});
	}
	if ((edit.row.deleted_at === null) !== (edit.deletedAt === null)) {
		const field = edit.deletedAt ? 'deleted' : 'restored';
		recordHistory(unit, {
			entity: edit.line.t,
			rowId: edit.line.id,
			field,
			before: null,
			after: null,
			by: edit.line.by,
		});
	}
}

function authorOf(unit: Unit, version: string | null): string | null {
	const short = version ? parseVersion(version)?.device : undefined;
	if (!short) return null;
	const row = unit.store.statement('SELECT user_id FROM device WHERE short = ?').get(short) as
		| { user_id: string }
		| undefined;
	return row?.user_id ?? null;
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
