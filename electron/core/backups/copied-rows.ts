import type SqliteDatabase from 'better-sqlite3';
import { noteFigures, updateFigures } from '../../../db/figures.ts';
import type { Store } from '../../../db/open-store.ts';
import type { RangeOp } from '../../../db/outbox.ts';
import { indexRow } from '../../../db/search-index.ts';
import { beginUnit } from '../../../db/unit.ts';
import { type EntityName, getEntity } from '../../../shared/entities/registry.ts';

type Raw = SqliteDatabase.Database;
type Row = Record<string, string | number | null | Uint8Array>;

/** Records taken from one store into another as they are, with their typing and their history. */
export class CopiedRows {
	readonly #from: Raw;
	readonly #to: Store;
	readonly #done = new Set<string>();
	readonly #unit;
	readonly #accounts = new Set<string>();

	/** The caller has opened the transaction of `to`. */
	constructor(from: Raw, to: Store) {
		this.#from = from;
		this.#to = to;
		const clock = { last: undefined, now: () => new Date() };
		this.#unit = beginUnit({ store: to, clock, userId: '', deviceShort: '', label: 'Restored', origin: 'remote' });
	}

	/** One record. One that is no longer in `from` stays as it is. */
	take(entity: EntityName, id: string): void {
		if (this.#done.has(`${entity} ${id}`)) return;
		this.#done.add(`${entity} ${id}`);
		const row = this.#from.prepare(`SELECT * FROM ${getEntity(entity).table} WHERE id = ?`).get(id) as Row | undefined;
		if (!row) return;
		this.#write(entity, row);
		indexRow(this.#to, entity, row);
		this.#replace('history', id);
		this.#replace('standing', id);
		this.#addTyping(id);
	}

	/** The rows of an import; they have no history. Indexing them is for later. */
	takeRange(entity: EntityName, { batch, fromId, toId }: RangeOp): void {
		const { table } = getEntity(entity);
		const rows = this.#from
			.prepare(`SELECT * FROM ${table} WHERE id BETWEEN ? AND ? AND import_batch_id = ?`)
			.iterate(fromId, toId, batch);
		for (const row of rows) this.#write(entity, row as Row);
	}

	/** Counts what the account list shows. */
	finish(): void {
		const recount = this.#to.raw.prepare(
			`UPDATE account_figure SET assets = (SELECT count(*) FROM patent_asset WHERE account_id = ? AND deleted_at IS NULL)
			WHERE account_id = ?`,
		);
		updateFigures(this.#unit);
		for (const account of this.#accounts) recount.run(account, account);
	}

	#write(entity: EntityName, row: Row): void {
		const { table } = getEntity(entity);
		const columns = Object.keys(row);
		const values = columns.map((name) => `@${name}`);
		this.#to
			.statement(
				`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})
				ON CONFLICT (id) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
			)
			.run(row);
		if (typeof row.account_id !== 'string') return;
		noteFigures(this.#unit, entity, row.account_id);
		// Counting assets needs the account's line, which counting the rest makes.
		this.#unit.staleFigures.add(row.account_id);
		this.#accounts.add(row.account_id);
	}

	#replace(table: 'history' | 'standing', id: string): void {
		this.#to.statement(`DELETE FROM ${table} WHERE row_id = ?`).run(id);
		const order = table === 'history' ? 'ORDER BY id' : '';
		for (const row of this.#from.prepare(`SELECT * FROM ${table} WHERE row_id = ? ${order}`).all(id) as Row[]) {
			const { id: _, ...rest } = row;
			const columns = Object.keys(rest);
			this.#to
				.statement(
					`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
				)
				.run(rest);
		}
	}

	/** Typing merges: all of both stays. */
	#addTyping(id: string): void {
		const rows = this.#from.prepare('SELECT * FROM text_update WHERE row_id = ? ORDER BY id').all(id) as Row[];
		for (const { id: _, ...row } of rows)
			this.#to
				.statement(
					`INSERT OR IGNORE INTO text_update (entity, row_id, field, bytes, hlc, bad)
					VALUES (@entity, @row_id, @field, @bytes, @hlc, @bad)`,
				)
				.run(row);
	}
}
