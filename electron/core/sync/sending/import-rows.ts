import { decodeRow } from '../../../../db/codec.ts';
import type { Store } from '../../../../db/open-store.ts';
import type { RangeOp } from '../../../../db/outbox.ts';
import { type EntityName, getEntity } from '../../../../shared/entities/registry.ts';
import type { Op, OpResult } from '../../../../shared/sync/protocol.ts';

/** An operation as the queue holds it: one that names many rows of an import has kind `range`. */
export interface OpRow {
	entity: EntityName;
	kind: string;
	op: string;
}

/**
 * What a group says on the wire. An import's rows are one line of the queue and as many operations there; those of them
 * that were refused have a line of their own besides, to be shown, and do not go twice.
 */
export function opsOf(store: Store, groupNo: number): Op[] {
	const rows = store
		.statement('SELECT entity, kind, op FROM outbox_op WHERE group_no = ? ORDER BY op_no')
		.all(groupNo) as OpRow[];
	const range = rows.find(({ kind }) => kind === 'range');
	return range ? rangeOps(store, range) : rows.map((row) => JSON.parse(row.op) as Op);
}

/** The creates a range stands for. A later edit of such a row is an operation of its own and holds whichever arrives first. */
function rangeOps(store: Store, row: OpRow): Op[] {
	const range = JSON.parse(row.op) as RangeOp;
	const entity = getEntity(row.entity);
	const stored = store
		.statement(`SELECT * FROM ${entity.table} WHERE id BETWEEN ? AND ? AND import_batch_id = ? ORDER BY id`)
		.all(range.fromId, range.toId, range.batch) as object[];
	return stored.map((item) => {
		const record = decodeRow<Record<string, unknown>>(entity, item);
		const v = Object.fromEntries(
			Object.keys(entity.fields)
				.filter((name) => record[name] !== null && record[name] !== undefined)
				.map((name) => [name, record[name]]),
		);
		return { k: 'create', t: row.entity, id: record.id, hlc: range.hlc, v } as Op;
	});
}

/** A result of the server with the place in the queue of what it is about. */
export interface PlacedResult {
	groupNo: number;
	opNo: number;
	result: OpResult;
}

/**
 * Finds what the results of one group, answered for the first time, are about. A refused row of an import gets a line of
 * its own with all that is in it, so that the person sees it and has it although the row may go with its account.
 */
export function placeResults(store: Store, groupNo: number, results: readonly OpResult[]): PlacedResult[] {
	if (results.length === 0) return [];
	const range = store
		.statement("SELECT op_no, entity, kind, op FROM outbox_op WHERE group_no = ? AND kind = 'range'")
		.get(groupNo) as (OpRow & { op_no: number }) | undefined;
	if (!range) return results.map((result) => ({ groupNo, opNo: result.op, result }));
	const rows = rangeOps(store, range);
	const insert = store.statement(
		`INSERT OR IGNORE INTO outbox_op (group_no, op_no, entity, row_id, kind, op, fields, refused, pending)
		VALUES (?, ?, ?, ?, 'create', ?, ' ', NULL, 0)`,
	);
	return results.flatMap((result): PlacedResult[] => {
		if (result.s !== 'refused') return [{ groupNo, opNo: range.op_no, result }];
		const op = rows[result.op];
		if (!op) return [];
		const opNo = range.op_no + 1 + result.op;
		insert.run(groupNo, opNo, range.entity, op.id, JSON.stringify(op));
		return [{ groupNo, opNo, result }];
	});
}
