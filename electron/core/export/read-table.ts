import type { Store } from '../../../db/open-store.ts';

/** Few enough that reading and writing them holds up nobody. */
const BATCH = 100;
/** Rows tried one by one after a page that cannot be read. */
const PROBED = 400;

export interface Reading {
	/** Runs a short read between other work. */
	read<T>(work: () => T): Promise<T>;
	signal: AbortSignal;
	/** Called once when something of the table cannot be read. */
	onUnreadable(): void;
}

type Stored = Record<string, unknown> & { rowid_: number };

/**
 * All rows of a table in batches. Where the store is damaged, what can be read is: rows around an unreadable page are
 * tried one by one, and the rest is passed over.
 */
export async function* readTable(
	store: Store,
	{ table, where = '', values = [] }: { table: string; where?: string; values?: unknown[] },
	{ read, signal, onUnreadable }: Reading,
): AsyncGenerator<Record<string, unknown>[]> {
	const and = where === '' ? '' : `AND (${where})`;
	const many = `SELECT rowid AS rowid_, * FROM ${table} WHERE rowid > ? ${and} ORDER BY rowid LIMIT ${BATCH}`;
	const one = `SELECT rowid AS rowid_, * FROM ${table} WHERE rowid = ? ${and}`;
	const last = await read(() => lastRow(store, table));
	for (let after = 0; after < last; ) {
		if (signal.aborted) return;
		const from = after;
		const rows = await read(() => {
			try {
				return store.statement(many).all(from, ...values) as Stored[];
			} catch {
				return undefined;
			}
		});
		if (rows) {
			if (rows.length > 0) yield rows.map(withoutNumber);
			after = rows.at(-1)?.rowid_ ?? last;
			continue;
		}
		onUnreadable();
		const found = await read(() => probe(store, one, { from, values }));
		if (found.length > 0) yield found.map(withoutNumber);
		after += PROBED;
	}
}

function probe(store: Store, sql: string, { from, values }: { from: number; values: unknown[] }): Stored[] {
	const found: Stored[] = [];
	for (let no = from + 1; no <= from + PROBED; no += 1) {
		try {
			const row = store.statement(sql).get(no, ...values) as Stored | undefined;
			if (row) found.push(row);
		} catch {
			// This row lies on the damaged page.
		}
	}
	return found;
}

/** Where the table ends; on a damaged one, where it would if it were as long as such tables get. */
function lastRow(store: Store, table: string): number {
	try {
		return Number(store.raw.prepare(`SELECT max(rowid) FROM ${table}`).pluck().get() ?? 0);
	} catch {
		return 100_000;
	}
}

function withoutNumber({ rowid_: _, ...row }: Stored): Record<string, unknown> {
	return row;
}
