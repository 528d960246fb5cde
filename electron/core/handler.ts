import type { Kysely, Transaction } from 'kysely';
import type { Created } from '../../db/apply-change.ts';
import type { Change } from '../../db/change.ts';
import type { Store } from '../../db/open-store.ts';
import type { ReadDb } from '../../db/read-db.ts';
import type { Tables } from '../../db/tables.ts';
import type { TextState } from '../../db/text-doc.ts';
import type { Unit } from '../../db/unit.ts';
import type { Contract, MethodName, OutputOf, ParsedOf } from '../../shared/contract/contract.ts';
import type { ReadTable } from '../../shared/contract/define.ts';
import type { ImportProgress } from '../../shared/contract/models.ts';
import type { EntityName } from '../../shared/entities/registry.ts';
import type { BackupDesk } from './backups/backup-desk.ts';
import type { Replace } from './backups/restore-backup.ts';
import type { FileDesk } from './files/file-desk.ts';
import type { SendingSequence } from './sync/sending/outbox-order.ts';

/** Who is at the laptop, and which one it is. */
export interface Session {
	userId: string;
	deviceId: string;
	deviceShort: string;
}

/** What a query gets: a database it cannot write to (compile error), the clock and the session. */
export interface QueryContext {
	db: ReadDb;
	now: Date;
	session: Session;
	about: About;
	/** A text document as stored, with its words. */
	readText(rowId: string, field: string): TextState;
	/** The unsent groups in the order in which they go. */
	readQueue(): SendingSequence;
}

/** The application and its store, as the About line tells it. */
export interface About {
	version: string;
	sample: boolean;
	deviceName: string;
	cipher: string;
	file: string;
}

/** What a command gets: it *is* one transaction. `apply` is the only way to change a record. */
export interface CommandContext {
	trx: Transaction<Tables>;
	now: Date;
	session: Session;
	newId(): string;
	apply(change: Change): Promise<void>;
	/** Says that a table beside the records was written, so that the windows ask again. */
	touch(table: ReadTable): void;
	/** Many new records of one entity at once (imports): one statement per 500, one outbox range, no history line each. */
	applyCreates(entity: EntityName, records: Created[]): Promise<void>;
	/** Takes back every record an import made, when the server cannot know any of them; undefined, with nothing done, otherwise. */
	eraseBatch(batchId: string): Promise<number | undefined>;
	/** The transaction as the store knows it: for what works on the queue of unsent changes instead of on records. */
	unit: Unit;
}

/** What an action gets: short reads and writes, never a transaction across IO. */
export interface ActionContext {
	read<T>(work: (context: QueryContext) => Promise<T>): Promise<T>;
	/** One transaction; `label` names it in the list of unsent changes. */
	write<T>(options: WriteOptions, work: (context: CommandContext) => Promise<T>): Promise<T>;
	/** Tunes the store for many large writes while `work` runs: a larger page cache, and the log is folded in less often. */
	bulk<T>(work: () => Promise<T>): Promise<T>;
	/** The path behind a file token; throws `file_gone` for a token that is not known. */
	pathOf(token: string): string;
	/** The bytes of attachments, beside the records. */
	files: FileDesk;
	/** Backups of the store and the way to put one in its place; undefined for a store that lies nowhere. */
	backups: { desk: BackupDesk; replace: Replace } | undefined;
	/** The store as it is, for what reads all of it. */
	store: Store;
	progress(progress: ImportProgress): void;
	signal: AbortSignal;
	now(): Date;
	/** Gives the thread back, so that queries are answered while long work goes on. */
	breathe(): Promise<void>;
}

export interface WriteOptions {
	label: string;
	origin: 'local' | 'import';
	/** Groups that undo as one (an import's transactions). */
	batchId?: string;
}

type Handler<N extends MethodName> = Contract[N] extends { kind: 'query' }
	? (context: QueryContext, input: ParsedOf<N>) => Promise<OutputOf<N>>
	: Contract[N] extends { kind: 'command' }
		? (context: CommandContext, input: ParsedOf<N>) => Promise<OutputOf<N>>
		: (context: ActionContext, input: ParsedOf<N>) => Promise<OutputOf<N>>;

/** Some of the contract's methods with their handlers; each feature's file exports one. */
export type Handlers<N extends MethodName> = { [K in N]: Handler<K> };

export type Database = Kysely<Tables>;
