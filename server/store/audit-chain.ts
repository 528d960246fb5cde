import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { HistoryRow } from './tables.ts';
import type { Trx } from './transaction.ts';

/** A line of what happened with its place in the chain: `line` counts from 1 without a gap. */
export interface ChainedRow extends HistoryRow {
	line: number;
	hash: string;
}

/** Where the chain ends. An empty chain has 0 lines and an empty hash. */
export interface ChainEnd {
	lines: number;
	hash: string;
}

/** What a line's hash is made of: the hash before it, its number and all that it says. SHA-256 as hex. */
export function hashLine(before: string, line: number, row: HistoryRow): string {
	const said = [
		before,
		line,
		Number(row.seq),
		row.ord,
		row.entity,
		row.row_id,
		row.field,
		row.before,
		row.value,
		row.version,
		row.base,
		row.by_user,
		row.device,
		row.device_at,
		row.server_at,
		row.outcome,
		row.stands_as,
		row.conflict_id,
	];
	return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/** Adds lines to the end of a chain. */
export function chain(end: ChainEnd, rows: readonly HistoryRow[]): ChainedRow[] {
	let { lines, hash } = end;
	return rows.map((row) => {
		lines += 1;
		hash = hashLine(hash, lines, row);
		return { ...row, line: lines, hash };
	});
}

/** The end of the store's chain, which nobody else can add to until the transaction ends. */
export async function lockChainEnd(trx: Trx): Promise<ChainEnd> {
	const { rows } = await sql<ChainEnd>`select lines, hash from audit_head for update`.execute(trx);
	const [end] = rows;
	if (!end) throw new Error('The store has lost the end of its audit.');
	return { lines: Number(end.lines), hash: end.hash };
}
