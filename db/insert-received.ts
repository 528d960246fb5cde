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
 * Many lines that are applied one after the other. Search and figures of their new rows are brought up to date
 * afterwards: what is still to be done is kept in the same transaction.
 */
export interface Bulk {
	/** By entity: the run of rows added since the last note. */
	added: Map<EntityName, { from: number; to: number }>;
	accounts: Set<string>;
	/** Entities whose last line was new here: the next one most likely is, too. */
	likelyNew: Set<EntityName>;
}

export function beginBulk(): Bulk {
	return { added: new Map(), accounts: new Set(), likelyNew: new Set() };
}

/** Notes what is left to do for the rows added so far, in the caller's transaction. */
export function noteBulk({ store }: Unit, bulk: Bulk): void {
	for (const [entity, run] of bulk.added) queueReceived(store, entity, run);
	const stale = store.statement('INSERT OR IGNORE INTO figure_stale (account_id) VALUES (?)');
	for (const account of bulk.accounts) stale.run(account);
	bulk.added.clear();
	bulk.accounts.clear();
}

/** How a received line becomes a row of one table. */
interface Shape {
	names: readonly string[];
	fields: readonly Field[];
	/** Names of text documents: never received as a value. */
	docs: readonly string[];
	sql: string;
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
	const columns = [...BASE, ...names];
	const shape: Shape = {
		names,
		fields,
		docs: names.filter((_, index) => fields[index]?.kind === 'text-doc'),
		// Only an id that is here already is passed over; a row that the table refuses must not vanish unnoticed.
		sql: `INSERT INTO ${entity.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`,
		isCounted: isCounted(name, names),
	};
	shapes.set(name, shape);
	return shape;
}

/** Adds the row of a received line; false when there is one with its id. */
export function insertReceived(unit: Unit, line: PullRow, bulk?: Bulk): boolean {
	const name = line.t as EntityName;
	const shape = shapeOf(name);
	const cells = cellsOf(unit, line, shape);
	const { changes, lastInsertRowid } = unit.store.statement(shape.sql).run(cells);
	if (changes === 0) return false;
	unit.touched.add(name);
	const account = line.v.account_id;
	if (name === 'patent_asset' && !line.del) noteAssets(unit, account, 1);
	if (!bulk) {
		noteFigures(unit, name, account);
		indexRow(unit.store, name, rowOf(shape, cells));
		return true;
	}
	if (shape.isCounted && typeof account === 'string') bulk.accounts.add(account);
	const row = Number(lastInsertRowid);
	const run = bulk.added.get(name);
	if (run) run.to = row;
	else bulk.added.set(name, { from: row, to: row });
	return true;
}

type Cell = string | number | null;

function cellsOf(unit: Unit, line: PullRow, { names, fields, docs }: Shape): Cell[] {
	const cells: Cell[] = [line.id, line.created_at, line.by, unit.at, line.del, line.fv, null];
	let met = 0;
	for (let at = 0; at < names.length; at += 1) {
		const field = fields[at] as Field;
		const value = line.v[names[at] as string];
		if (value !== undefined) met += 1;
		cells.push(field.kind === 'text-doc' ? null : toStored(field, value));
	}
	if (met < Object.keys(line.v).length) cells[BASE.length - 1] = unknownFields(line, names);
	for (const doc of docs) cells[BASE.length + names.indexOf(doc)] = textSoFar(unit.store, line.id, doc);
	return cells;
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
