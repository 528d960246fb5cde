import type { Field } from '../shared/entities/define.ts';
import { type EntityName, getEntity } from '../shared/entities/registry.ts';
import type { PullRow } from '../shared/sync/protocol.ts';
import { toStored } from './codec.ts';
import { isCounted, noteAssets, noteFigures } from './figures.ts';
import type { Store } from './open-store.ts';
import { indexRow, queueReceived } from './search-index.ts';
import { readTextDoc } from './text-doc.ts';
import type { Unit } from './unit.ts';

/**
 * Many lines that are applied one after the other. New records are written some dozens to a statement; search and figures
 * are brought up to date afterwards: what is still to be done is kept in the same transaction.
 */
export interface Bulk {
	/** By entity: lines that are most likely new, on their way in. */
	lanes: Map<EntityName, Lane>;
	/** By entity: the run of rows added since the last note. */
	added: Map<EntityName, { from: number; to: number }>;
	accounts: Set<string>;
	/** Entities whose last line was new here: the next one most likely is, too. */
	likelyNew: Set<EntityName>;
}

interface Lane {
	lines: PullRow[];
	cells: Cell[];
}

/** Rows written by one statement. */
const ROWS = 40;

/** Begins to take in many received records at once; what is left to do for them is noted by `noteBulk`. */
export function beginBulk(): Bulk {
	return { lanes: new Map(), added: new Map(), accounts: new Set(), likelyNew: new Set() };
}

/** Notes what is left to do for the rows added so far, in the caller's transaction. To be called when no lane has lines any more. */
export function noteBulk({ store }: Unit, bulk: Bulk): void {
	for (const [entity, run] of bulk.added) queueReceived(store, entity, run);
	const stale = store.statement('INSERT OR IGNORE INTO figure_stale (account_id) VALUES (?)');
	for (const account of bulk.accounts) stale.run(account);
	bulk.added.clear();
	bulk.accounts.clear();
}

/** Puts a line on its way in; true when its lane is full. */
export function enterLane(unit: Unit, bulk: Bulk, line: PullRow): boolean {
	const name = line.t as EntityName;
	const lane = bulk.lanes.get(name) ?? { lines: [], cells: [] };
	bulk.lanes.set(name, lane);
	lane.lines.push(line);
	addCells(unit, line, { shape: shapeOf(name), cells: lane.cells });
	return lane.lines.length >= ROWS;
}

/** Writes the lines of one lane; returns those of records that may have been here already, of which none must be lost. */
export function emptyLane(unit: Unit, bulk: Bulk, name: EntityName): readonly PullRow[] {
	const lane = bulk.lanes.get(name);
	if (!lane || lane.lines.length === 0) return [];
	bulk.lanes.delete(name);
	const { changes, lastInsertRowid } = unit.store.statement(insertSql(name, lane.lines.length)).run(lane.cells);
	if (changes > 0)
		noteAdded(unit, bulk, { name, from: Number(lastInsertRowid) - changes + 1, to: Number(lastInsertRowid) });
	if (!shapeOf(name).isCounted) return changes === lane.lines.length ? [] : lane.lines;
	for (const { v } of lane.lines) if (typeof v.account_id === 'string') bulk.accounts.add(v.account_id);
	return changes === lane.lines.length ? [] : lane.lines;
}

/** Rows that were added one after the other. */
function noteAdded(unit: Unit, bulk: Bulk, { name, from, to }: { name: EntityName; from: number; to: number }): void {
	unit.touched.add(name);
	const run = bulk.added.get(name);
	if (run) run.to = to;
	else bulk.added.set(name, { from, to });
	if (name !== 'patent_asset') return;
	const live =
		'SELECT account_id, count(*) AS n FROM patent_asset WHERE rowid BETWEEN ? AND ? AND deleted_at IS NULL GROUP BY account_id';
	const rows = unit.store.statement(live).all(from, to) as { account_id: string; n: number }[];
	for (const { account_id, n } of rows) noteAssets(unit, account_id, n);
}

/** How a received line becomes a row of one table. */
interface Shape {
	names: readonly string[];
	fields: readonly Field[];
	/** Names of text documents: never received as a value. */
	docs: readonly string[];
	isCounted: boolean;
}

const BASE = ['id', 'created_at', 'created_by', 'updated_at', 'deleted_at', 'fv', 'x'] as const;
const shapes = new Map<EntityName, Shape>();

function shapeOf(name: EntityName): Shape {
	const known = shapes.get(name);
	if (known) return known;
	const entity = getEntity(name);
	const names = Object.keys(entity.fields);
	const fields = Object.values(entity.fields);
	const shape: Shape = {
		names,
		fields,
		docs: names.filter((_, index) => fields[index]?.kind === 'text-doc'),
		isCounted: isCounted(name, names),
	};
	shapes.set(name, shape);
	return shape;
}

const inserts = new Map<string, string>();

function insertSql(name: EntityName, rows: number): string {
	const key = `${rows} ${name}`;
	const known = inserts.get(key);
	if (known) return known;
	const columns = [...BASE, ...shapeOf(name).names];
	const places = `(${columns.map(() => '?').join(', ')})`;
	// Only an id that is here already is passed over; a row that the table refuses must not vanish unnoticed.
	const sql = `INSERT INTO ${getEntity(name).table} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => places).join(', ')} ON CONFLICT (id) DO NOTHING`;
	inserts.set(key, sql);
	return sql;
}

/** Adds the row of a received line and what follows from it; false when there is one with its id. */
export function insertReceived(unit: Unit, line: PullRow): boolean {
	const name = line.t as EntityName;
	const shape = shapeOf(name);
	const cells: Cell[] = [];
	addCells(unit, line, { shape, cells });
	if (unit.store.statement(insertSql(name, 1)).run(cells).changes === 0) return false;
	unit.touched.add(name);
	const account = line.v.account_id;
	if (name === 'patent_asset' && !line.del) noteAssets(unit, account, 1);
	noteFigures(unit, name, account);
	indexRow(unit.store, name, rowOf(shape, cells));
	return true;
}

type Cell = string | number | null;

/** Writes a line's row behind the cells of others. */
function addCells(unit: Unit, line: PullRow, { shape, cells }: { shape: Shape; cells: Cell[] }): void {
	const { names, fields, docs } = shape;
	const from = cells.length;
	cells.push(line.id, line.created_at, line.by, unit.at, line.del, line.fv, null);
	let met = 0;
	for (let at = 0; at < names.length; at += 1) {
		const field = fields[at] as Field;
		const value = line.v[names[at] as string];
		if (value !== undefined) met += 1;
		cells.push(field.kind === 'text-doc' ? null : toStored(field, value));
	}
	if (met < Object.keys(line.v).length) cells[from + BASE.length - 1] = unknownFields(line, names);
	for (const doc of docs) cells[from + BASE.length + names.indexOf(doc)] = textSoFar(unit.store, line.id, doc);
}

/** Fields of a newer version as JSON, to be kept untouched; null when there are none. */
export function unknownFields(line: PullRow, names: readonly string[]): string | null {
	const rest = Object.entries(line.v).filter(([name]) => !names.includes(name));
	return rest.length > 0 ? JSON.stringify(Object.fromEntries(rest)) : null;
}

/** Typing can arrive before the record it belongs to: the newest state of a record comes late when it was edited late. */
function textSoFar(store: Store, rowId: string, field: string): string {
	const any = store.statement('SELECT 1 FROM text_update WHERE row_id = ? LIMIT 1').get(rowId);
	return any ? readTextDoc(store, rowId, field).text : '';
}

function rowOf({ names }: Shape, cells: readonly Cell[]): Record<string, Cell> {
	return Object.fromEntries([...BASE, ...names].map((name, index) => [name, cells[index] ?? null]));
}
