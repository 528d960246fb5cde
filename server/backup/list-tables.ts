import { sql } from 'kysely';
import type { Trx } from '../store/transaction.ts';

export interface TableForm {
	name: string;
	columns: { name: string; type: string }[];
}

/** The store's tables with their columns, those that others refer to first. The list of migrations is not among them. */
export async function listTables(trx: Trx): Promise<TableForm[]> {
	const { rows } = await sql<{ table: string; column: string; type: string }>`
		select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
		from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migration'
			and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		order by c.relname, a.attnum`.execute(trx);
	const tables = new Map<string, TableForm>();
	for (const { table, column, type } of rows) {
		const form = tables.get(table) ?? { name: table, columns: [] };
		tables.set(table, form);
		form.columns.push({ name: column, type });
	}
	const { rows: references } = await sql<{ from: string; to: string }>`
		select f.relname as from, t.relname as to from pg_constraint k join pg_class f on f.oid = k.conrelid
			join pg_class t on t.oid = k.confrelid
		where k.contype = 'f' and k.conrelid <> k.confrelid and f.relnamespace = current_schema()::regnamespace`.execute(
		trx,
	);
	return inOrder([...tables.values()], references);
}

function inOrder(tables: readonly TableForm[], references: ReadonlyArray<{ from: string; to: string }>): TableForm[] {
	const done: TableForm[] = [];
	const waiting = new Set(tables);
	while (waiting.size > 0) {
		const names = new Set([...waiting].map(({ name }) => name));
		const free = [...waiting].filter(({ name }) => !references.some(({ from, to }) => from === name && names.has(to)));
		// A ring of references has no order; the database then says so.
		for (const table of free.length > 0 ? free : waiting) {
			done.push(table);
			waiting.delete(table);
		}
	}
	return done;
}
