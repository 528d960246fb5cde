import { type EntityName, getEntity } from '../shared/entities/registry.ts';
import type { Version } from '../shared/sync/version.ts';
import { toStored } from './codec.ts';
import type { Store } from './open-store.ts';

/** A whole record to put into the store as it is: somebody else made it, nothing is to be sent. */
export interface BulkRow {
	entity: EntityName;
	id: string;
	/** Values in record form; what is left out is empty. */
	values: Record<string, unknown>;
	/** The record's field versions in stored form. */
	fv: string;
	createdAt: string;
	createdBy: string | null;
	/** An update of a text document of the record, with its plain text. */
	text?: { field: string; update: Uint8Array; plain: string; hlc: Version };
}

export interface BulkResult {
	/** Rows written, by table. */
	rows: Record<string, number>;
}

const ROWS_PER_STATEMENT = 50;
const ROWS_PER_COMMIT = 20_000;
const BASE = ['id', 'created_at', 'created_by', 'updated_at', 'deleted_at', 'fv'] as const;

type Cell = string | number | null;

/** One table's rows on their way in: written fifty to a statement. */
interface Lane {
	entity: EntityName;
	fields: string[];
	waiting: Cell[];
	count: number;
	written: number;
}

/**
 * Writes many new records straight into their tables, in transactions of twenty thousand, and fills the account
 * figures. It bypasses outbox and history on purpose: it is for filling an empty store (seeding, first download), never
 * for a person's edit. `rows` is read once and never held whole. Throws what SQLite throws, after rolling back.
 */
export function bulkLoad(store: Store, rows: Iterable<BulkRow>): BulkResult {
	const lanes = new Map<EntityName, Lane>();
	let sinceCommit = 0;
	store.raw.exec('BEGIN IMMEDIATE');
	try {
		for (const row of rows) {
			addRow(store, laneOf(lanes, row.entity), row);
			if (row.text) addText(store, row, row.text);
			if (++sinceCommit < ROWS_PER_COMMIT) continue;
			for (const lane of lanes.values()) flush(store, lane);
			store.raw.exec('COMMIT; BEGIN IMMEDIATE');
			sinceCommit = 0;
		}
		for (const lane of lanes.values()) flush(store, lane);
		fillFigures(store);
		store.raw.exec('COMMIT');
	} catch (error) {
		if (store.raw.inTransaction) store.raw.exec('ROLLBACK');
		throw error;
	}
	return { rows: Object.fromEntries([...lanes.values()].map((lane) => [getEntity(lane.entity).table, lane.written])) };
}

function laneOf(lanes: Map<EntityName, Lane>, entity: EntityName): Lane {
	const known = lanes.get(entity);
	if (known) return known;
	const lane: Lane = { entity, fields: Object.keys(getEntity(entity).fields), waiting: [], count: 0, written: 0 };
	lanes.set(entity, lane);
	return lane;
}

function addRow(store: Store, lane: Lane, row: BulkRow): void {
	lane.waiting.push(row.id, row.createdAt, row.createdBy, row.createdAt, null, row.fv);
	const definitions = getEntity(lane.entity).fields;
	for (const name of lane.fields) {
		const field = definitions[name];
		if (!field) continue;
		const value = field.kind === 'text-doc' ? (row.text?.plain ?? null) : toStored(field, row.values[name]);
		lane.waiting.push(value);
	}
	if (++lane.count === ROWS_PER_STATEMENT) flush(store, lane);
}

function flush(store: Store, lane: Lane): void {
	if (lane.count === 0) return;
	const columns = [...BASE, ...lane.fields];
	const places = `(${columns.map(() => '?').join(', ')})`;
	const all = Array.from({ length: lane.count }, () => places).join(', ');
	const table = getEntity(lane.entity).table;
	store.statement(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${all}`).run(lane.waiting);
	lane.written += lane.count;
	lane.count = 0;
	lane.waiting = [];
}

function addText(store: Store, row: BulkRow, text: NonNullable<BulkRow['text']>): void {
	store
		.statement('INSERT INTO text_update (entity, row_id, field, bytes, hlc, bad) VALUES (?, ?, ?, ?, ?, 0)')
		.run(row.entity, row.id, text.field, text.update, text.hlc);
}

/** The figures of every account, counted anew; what db/figures.ts keeps up to date from then on. */
function fillFigures(store: Store): void {
	const open = "deleted_at IS NULL AND status NOT IN ('RESOLVED', 'CLOSED')";
	store.raw.exec(`
		DELETE FROM account_figure;
		INSERT INTO account_figure (account_id, assets, open_issues, urgent_issues, next_cutoff, last_contact_at)
		SELECT a.id,
			(SELECT count(*) FROM patent_asset WHERE account_id = a.id AND deleted_at IS NULL),
			(SELECT count(*) FROM issue WHERE account_id = a.id AND ${open}),
			(SELECT count(*) FROM issue WHERE account_id = a.id AND ${open} AND priority = 'URGENT'),
			(SELECT min(client_cutoff) FROM renewal_event WHERE account_id = a.id AND deleted_at IS NULL
				AND status IN ('OPEN', 'REMINDED')),
			(SELECT max(at) FROM (
				SELECT max(at) AS at FROM note WHERE account_id = a.id AND deleted_at IS NULL
				UNION ALL SELECT max(ends_at) FROM visit WHERE account_id = a.id AND deleted_at IS NULL AND status = 'DONE'
				UNION ALL SELECT max(resolved_at) FROM issue WHERE account_id = a.id AND deleted_at IS NULL))
		FROM account a WHERE a.deleted_at IS NULL`);
}
