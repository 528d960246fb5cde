import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { migrations } from '../../db/migrations/migrations.ts';
import type { Store } from '../../db/open-store.ts';
import { indexRow } from '../../db/search-index.ts';
import type { Tables } from '../../db/tables.ts';
import { type EntityName, entities } from '../../shared/entities/registry.ts';
import { DeadProcess } from './dead-process.ts';

type Raw = SqliteDatabase.Database;

/** What befalls a process at its next statement, if anything. Throws to end it. */
export type BeforeStatement = (sql: string) => void;

/** Rows by table, without what the search index holds. */
export type Contents = ReadonlyMap<string, Record<string, unknown>[]>;

/** What a store keeps on disk: what is left when the process is gone. */
export class Disk {
	readonly #raw: Raw;
	readonly #statements = new Map<string, SqliteDatabase.Statement>();
	/** Belongs to the simulation and is emptied for the next one. */
	readonly #isPooled: boolean;
	#isTorn = false;

	private constructor(raw: Raw, isPooled: boolean) {
		this.#raw = raw;
		this.#isPooled = isPooled;
		raw.pragma('foreign_keys=ON');
		raw.pragma('trusted_schema=OFF');
		raw.pragma('temp_store=MEMORY');
	}

	/** A store as a laptop has it when it is new. */
	static empty(): Disk {
		const disk = pool.pop();
		if (disk) {
			disk.#wipe();
			return disk;
		}
		const raw = new SqliteDatabase(':memory:');
		for (const migration of migrations) raw.exec(migration.sql);
		raw.pragma(`user_version=${migrations.length}`);
		return new Disk(raw, true);
	}

	static of(image: Buffer): Disk {
		return new Disk(new SqliteDatabase(image), false);
	}

	image(): Buffer {
		return this.#raw.serialize();
	}

	contents(): Contents {
		const names = this.#plainTables().filter((name) => name !== 'search_doc');
		const rows = names.map((name) => [name, this.rows<Record<string, unknown>>(`SELECT * FROM ${name}`, [])] as const);
		return new Map(rows.filter(([, list]) => list.length > 0));
	}

	/** Fills a new store; much quicker than an image, for which every statement would have to be prepared anew. */
	fill(contents: Contents): void {
		const store = this.open(() => {});
		this.#raw.pragma('foreign_keys=OFF');
		this.#raw.transaction(() => {
			for (const [table, rows] of contents) {
				const columns = Object.keys(rows[0] ?? {});
				const insert = this.statement(
					`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
				);
				for (const row of rows) insert.run(Object.values(row));
				if (table in entities) for (const row of rows) indexRow(store, table as EntityName, row);
			}
		})();
		this.#raw.pragma('foreign_keys=ON');
		store.close();
	}

	#plainTables(): string[] {
		plainTables ??= readPlainTables(this.#raw);
		return plainTables;
	}

	/** What was not committed when the process ended is gone: at once, or when the statement under way has ended too. */
	rollBack(): void {
		try {
			if (this.#raw.inTransaction) this.#raw.exec('ROLLBACK');
			this.#isTorn = false;
		} catch {
			this.#isTorn = true;
		}
	}

	rows<T>(sql: string, values: unknown[]): T[] {
		if (this.#isTorn) this.rollBack();
		return this.statement(sql).all(...values) as T[];
	}

	statement = (sql: string): SqliteDatabase.Statement => {
		let prepared = this.#statements.get(sql);
		if (!prepared) {
			prepared = this.#raw.prepare(sql);
			this.#statements.set(sql, prepared);
		}
		return prepared.reader ? prepared.pluck(false) : prepared;
	};

	/** Gives the memory back, or keeps it for the next simulation: preparing its statements again would take most of the time. */
	release(): void {
		this.rollBack();
		if (this.#isPooled && pool.length < 6) pool.push(this);
		else this.#raw.close();
	}

	/** Opens the store as one process does; after `close` this process cannot touch it any more. */
	open(before: BeforeStatement): Store {
		let isOpen = true;
		const watched = <T>(sql: string, work: () => T): T => {
			if (!isOpen) throw new DeadProcess();
			before(sql);
			return work();
		};
		const statement = (sql: string) => watched(sql, () => this.statement(sql));
		const raw = this.#raw;
		const opened = {
			get open() {
				return isOpen;
			},
			get inTransaction() {
				return isOpen && raw.inTransaction;
			},
			prepare: statement,
			exec: (sql: string) => watched(sql, () => raw.exec(sql)),
			pragma: (sql: string, options?: SqliteDatabase.PragmaOptions) => watched(sql, () => raw.pragma(sql, options)),
			transaction: (work: (...args: unknown[]) => unknown) => watched('BEGIN', () => raw.transaction(work)),
		};
		const db = new Kysely<Tables>({
			dialect: new SqliteDialect({ database: { prepare: statement, close: () => {} } as never }),
		});
		const close = () => {
			isOpen = false;
		};
		return { raw: opened as never, db, statement, cipher: 'none', file: 'memory.db', close };
	}

	#wipe(): void {
		this.#raw.pragma('foreign_keys=OFF');
		this.#raw.transaction(() => {
			for (const name of this.#plainTables()) this.statement(`DELETE FROM ${name}`).run();
			this.statement("INSERT INTO search_text (search_text) VALUES ('delete-all')").run();
		})();
		this.#raw.pragma('foreign_keys=ON');
	}
}

const pool: Disk[] = [];
let plainTables: string[] | undefined;

/** All but the search index's own. */
function readPlainTables(raw: Raw): string[] {
	const tables = raw.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
	return tables.filter((name) => !name.startsWith('search_text') && !/^sqlite_(?!sequence)/.test(name));
}
