import { CoreError } from '../shared/contract/errors.ts';
import type { Entity } from '../shared/entities/define.ts';
import { type EntityName, getEntity } from '../shared/entities/registry.ts';
import { isSameValue, newestVersion } from '../shared/sync/merge.ts';
import type { Op } from '../shared/sync/protocol.ts';
import { readVersions, timeOfVersion, type Version, writeVersions } from '../shared/sync/version.ts';
import type { Change } from './change.ts';
import { fromStored, type StoredRow, toStored, wholeText } from './codec.ts';
import { isCounted, noteAssets, noteFigures } from './figures.ts';
import { joinHistory, noteTyped, recordHistory } from './history.ts';
import type { Store } from './open-store.ts';
import { appendOp, appendRange } from './outbox.ts';
import { indexRow, isSearchable, queueIndexing } from './search-index.ts';
import { baseOf, type EditBase } from './seen-version.ts';
import { addToTextDoc } from './text-doc.ts';
import { takeVersion, type Unit } from './unit.ts';

/** A new record for `applyCreates`. Values in record form. */
export interface Created {
	id: string;
	values: Record<string, unknown>;
}

/** Rows of one outbox range: a group the server takes whole. */
const RANGE = 500;

/**
 * Applies one local change: row, field versions, outbox and history together, inside the caller's transaction.
 * Throws CoreError `not_found` when the record is not there, `bad_input` for bytes that are no text update.
 */
export function applyChange(unit: Unit, change: Change): void {
	if (change.kind === 'create') createRecord(unit, change);
	else if (change.kind === 'text') appendText(unit, change);
	else changeRecord(unit, change);
}

function changeRecord(unit: Unit, change: Of<'set'> | Of<'delete'> | Of<'undelete'>): void {
	const row = readStored(unit.store, change.entity, change.id);
	if (!row) throw new CoreError('not_found', `There is no ${change.entity} ${change.id}.`);
	if (change.kind === 'set') setFields(unit, change, row);
	else if ((change.kind === 'delete') === (row.deleted_at === null)) setDeleted(unit, change, row);
}

/** The stored row of a record, deleted or not. */
export function readStored(store: Store, entity: EntityName, id: string): StoredRow | undefined {
	return store.statement(`SELECT * FROM ${getEntity(entity).table} WHERE id = ?`).get(id) as StoredRow | undefined;
}

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

function createRecord(unit: Unit, change: Of<'create'>): void {
	const hlc = takeVersion(unit);
	const values = mapValues(change.values, wholeText);
	insertRecord(unit, {
		entity: change.entity,
		id: change.id,
		values,
		fv: hlc,
		createdAt: createdAt(unit, hlc),
	});
	const v = Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
	appendOp(unit, { k: 'create', t: change.entity, id: change.id, hlc, v } as Op);
	recordHistory(unit, {
		entity: change.entity,
		rowId: change.id,
		field: 'created',
		before: null,
		after: null,
		version: hlc,
	});
}

/** When a record was made, told by its version as on every other device, so that all hold the same. */
function createdAt(unit: Unit, hlc: Version): string {
	return timeOfVersion(hlc) ?? unit.at;
}

interface Insert {
	entity: EntityName;
	id: string;
	values: Record<string, unknown>;
	fv: string;
	createdAt?: string;
	createdBy?: string | null;
	deletedAt?: string | null;
	x?: string | null;
}

/** Inserts a whole row and what follows from it (search, figures). Shared by local and remote writes. */
export function insertRecord(unit: Unit, insert: Insert): void {
	const entity = getEntity(insert.entity);
	const row = storedRow(unit, entity, insert);
	unit.store.statement(insertSql(entity)).run(Object.values(row));
	unit.touched.add(insert.entity);
	if (insert.entity === 'patent_asset' && !insert.deletedAt) noteAssets(unit, insert.values.account_id, 1);
	noteFigures(unit, insert.entity, insert.values.account_id);
	indexRow(unit.store, insert.entity, row);
}

function storedRow(unit: Unit, entity: Entity, insert: Insert): StoredRow {
	const row: StoredRow = {
		id: insert.id,
		created_at: insert.createdAt ?? unit.at,
		created_by: insert.createdBy === undefined ? unit.userId : insert.createdBy,
		updated_at: unit.at,
		deleted_at: insert.deletedAt ?? null,
		fv: insert.fv,
		x: insert.x ?? null,
	};
	for (const [name, field] of Object.entries(entity.fields)) row[name] = toStored(field, insert.values[name]);
	return row;
}

const inserts = new Map<string, string>();

function insertSql(entity: Entity): string {
	let sql = inserts.get(entity.table);
	if (!sql) {
		const columns = [
			'id',
			'created_at',
			'created_by',
			'updated_at',
			'deleted_at',
			'fv',
			'x',
			...Object.keys(entity.fields),
		];
		sql = `INSERT INTO ${entity.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
		inserts.set(entity.table, sql);
	}
	return sql;
}

function setFields(unit: Unit, change: Of<'set'>, row: StoredRow): void {
	const entity = getEntity(change.entity);
	const versions = readVersions(row.fv as string);
	const hlc = takeVersion(unit);
	const edits: Record<string, { v: unknown } & EditBase> = {};
	const stood: Record<string, unknown> = {};
	for (const [name, given] of Object.entries(change.patch)) {
		const value = wholeText(given);
		const field = entity.fields[name];
		if (!field) throw new CoreError('bad_input', `${entity.label} has no field ${name}.`);
		const was = fromStored(field, row[name]);
		if (isSameValue(was, value ?? null)) continue;
		const standing = { rowId: change.id, field: name, value: was, versions };
		edits[name] = { v: value ?? null, ...baseOf(unit, standing, change.seen) };
		stood[name] = was;
		versions[name] = hlc;
	}
	const names = Object.keys(edits);
	if (names.length === 0) return;
	appendOp(unit, { k: 'set', t: change.entity, id: change.id, hlc, f: edits } as Op);
	updateRow(unit, {
		entity: change.entity,
		row,
		patch: mapValues(edits, (edit) => edit.v),
		fv: writeVersions(versions),
	});
	for (const name of names) {
		const after = edits[name]?.v;
		const entry = { entity: change.entity, rowId: change.id, field: name, before: stood[name], after, version: hlc };
		const isText = entity.fields[name]?.kind === 'text' || entity.fields[name]?.kind === 'long-text';
		const isTyping = isText && change.joins === true && unit.origin === 'local' && names.length === 1;
		if (!(isTyping && joinHistory(unit, entry))) recordHistory(unit, entry);
		if (isTyping) noteTyped(unit, entry);
	}
}

interface RowUpdate {
	entity: EntityName;
	row: StoredRow;
	patch: Record<string, unknown>;
	fv: string;
	deletedAt?: string | null;
	x?: string | null;
}

/** Updates a row that exists and what follows from it. Shared by local and remote writes. */
export function updateRow(unit: Unit, update: RowUpdate): void {
	const entity = getEntity(update.entity);
	const after: StoredRow = { ...update.row, updated_at: unit.at, fv: update.fv };
	const columns = ['updated_at', 'fv'];
	if (update.deletedAt !== undefined) {
		after.deleted_at = update.deletedAt;
		columns.push('deleted_at');
	}
	if (update.x !== undefined) {
		after.x = update.x;
		columns.push('x');
	}
	for (const [name, value] of Object.entries(update.patch)) {
		const field = entity.fields[name];
		if (!field) continue;
		after[name] = toStored(field, value);
		columns.push(name);
	}
	unit.store
		.statement(`UPDATE ${entity.table} SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`)
		.run([...columns.map((name) => after[name]), after.id]);
	unit.touched.add(update.entity);
	follow(unit, update, after);
}

function follow(unit: Unit, update: RowUpdate, after: StoredRow): void {
	const wasDeleted = update.row.deleted_at !== null;
	const isDeleted = after.deleted_at !== null;
	if (wasDeleted !== isDeleted || isCounted(update.entity, Object.keys(update.patch))) {
		noteFigures(unit, update.entity, after.account_id);
		noteFigures(unit, update.entity, update.row.account_id);
	}
	if (update.entity === 'patent_asset' && wasDeleted !== isDeleted)
		noteAssets(unit, after.account_id, isDeleted ? -1 : 1);
	if (wasDeleted !== isDeleted || isSearchable(update.entity, Object.keys(update.patch))) {
		indexRow(unit.store, update.entity, after);
	}
}

function setDeleted(unit: Unit, change: Of<'delete'> | Of<'undelete'>, row: StoredRow): void {
	const hlc = takeVersion(unit);
	const fv = row.fv as string;
	const seen = readVersions(fv);
	const base = newestVersion(seen) ?? null;
	const op =
		change.kind === 'delete'
			? { k: 'delete', t: change.entity, id: change.id, hlc, base, seen }
			: { k: 'undelete', t: change.entity, id: change.id, hlc };
	appendOp(unit, op as Op);
	updateRow(unit, { entity: change.entity, row, patch: {}, fv, deletedAt: change.kind === 'delete' ? unit.at : null });
	recordHistory(unit, {
		entity: change.entity,
		rowId: change.id,
		field: change.kind === 'delete' ? 'deleted' : 'restored',
		before: null,
		after: null,
		version: hlc,
	});
}

function appendText(unit: Unit, change: Of<'text'>): void {
	const row = readStored(unit.store, change.entity, change.id);
	if (!row) throw new CoreError('not_found', `There is no ${change.entity} ${change.id}.`);
	const text = addToTextDoc(unit.store, { rowId: change.id, field: change.field }, change.update);
	if (text === undefined) throw new CoreError('bad_input', 'The text could not be read; nothing was written.');
	const hlc = takeVersion(unit);
	storeTextUpdate(unit, {
		entity: change.entity,
		id: change.id,
		field: change.field,
		bytes: change.update,
		hlc,
		bad: false,
	});
	appendOp(unit, {
		k: 'text',
		t: change.entity,
		id: change.id,
		hlc,
		field: change.field,
		u: Buffer.from(change.update).toString('base64'),
	});
	updateRow(unit, { entity: change.entity, row, patch: { [change.field]: text }, fv: row.fv as string });
}

interface TextUpdate {
	entity: EntityName;
	id: string;
	field: string;
	bytes: Uint8Array;
	hlc: string;
	bad: boolean;
}

/** Keeps an update of a text document; one that is there already is left as it is. Returns whether it is new. */
export function storeTextUpdate(unit: Unit, update: TextUpdate): boolean {
	const result = unit.store
		.statement('INSERT OR IGNORE INTO text_update (entity, row_id, field, bytes, hlc, bad) VALUES (?, ?, ?, ?, ?, ?)')
		.run(update.entity, update.id, update.field, Buffer.from(update.bytes), update.hlc, update.bad ? 1 : 0);
	unit.touched.add('text_update');
	return result.changes === 1;
}

/**
 * Creates many records of one entity at once. They carry no history line each (their import is their history), are
 * queued for sending as ranges of 500, and are indexed for search afterwards.
 */
export function applyCreates(unit: Unit, entityName: EntityName, records: Created[]): void {
	const entity = getEntity(entityName);
	const insert = unit.store.statement(insertSql(entity));
	for (let start = 0; start < records.length; start += RANGE) {
		const chunk = records.slice(start, start + RANGE);
		const hlc = takeVersion(unit);
		const made = createdAt(unit, hlc);
		for (const { id, values } of chunk)
			insert.run(Object.values(storedRow(unit, entity, { entity: entityName, id, values, fv: hlc, createdAt: made })));
		const ids = chunk.map((record) => record.id).sort();
		const range = { batch: unit.batchId ?? '', fromId: ids[0] as string, toId: ids.at(-1) as string, hlc };
		appendRange(unit, entityName, range);
		queueIndexing(unit.store, entityName, range);
	}
	unit.touched.add(entityName);
	for (const { values } of records) {
		if (entityName === 'patent_asset') noteAssets(unit, values.account_id, 1);
		noteFigures(unit, entityName, values.account_id);
	}
}

function mapValues<A, B>(source: Record<string, A>, map: (value: A) => B): Record<string, B> {
	return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, map(value)]));
}
