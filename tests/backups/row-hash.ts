import { createHash } from 'node:crypto';
import type SqliteDatabase from 'better-sqlite3';
import { entities } from '../../shared/entities/registry.ts';

/** The content of every record, its typing and its history as one checksum; what differs between two stores shows in it. */
export function rowHash(raw: SqliteDatabase.Database, tables = recordTables): string {
	const hash = createHash('sha256');
	for (const table of tables) {
		hash.update(table);
		const rows = raw.prepare(`SELECT * FROM ${table} ORDER BY 1`).iterate() as IterableIterator<
			Record<string, unknown>
		>;
		for (const row of rows)
			hash.update(JSON.stringify(row, (_, value) => (value instanceof Uint8Array ? [...value] : value)));
	}
	return hash.digest('hex');
}

export const recordTables = [...Object.values(entities).map(({ table }) => table), 'text_update', 'history', 'receipt'];
