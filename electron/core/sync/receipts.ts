import type { Store } from '../../../db/open-store.ts';
import type { Unit } from '../../../db/unit.ts';
import type { ReceiptKind, ReceiptLine, SyncStatus } from '../../../shared/contract/sync-models.ts';
import type { Page } from './pull.ts';
import type { Settled } from './push.ts';
import { linesOfPage } from './receipt-page.ts';
import { linesOfSettled } from './receipt-sent.ts';
import { summarise } from './receipt-summary.ts';

/** Lines of one kind written out in one receipt; the rest is counted. */
const MOST_LINES = 200;
const MOST_RECEIPTS = 2000;
const KEEP_MS = 400 * 86_400_000;

/** What one step of a round adds to its receipt. */
export interface Entries {
	lines: ReceiptLine[];
	sent?: number;
	received?: number;
	merged?: number;
	toDecide?: number;
	refused?: number;
	/** What there was beyond the lines, by kind. */
	further?: Partial<Record<ReceiptKind, number>>;
}

interface Stored {
	id: number;
	more: Partial<Record<ReceiptKind, number>>;
}

/**
 * Writes the receipt of one round, each part in the transaction that did what it says, so that a laptop that dies in
 * between has neither more nor less on its receipt than in its store. A round that did nothing leaves none.
 */
export class ReceiptWriter {
	readonly #store: Store;
	readonly #startedAt: string;
	readonly #traffic: { up: number; down: number };
	#id: number | undefined;
	/** Records with typing that went out in this round, to tell when somebody else's meets it. */
	readonly #typedIn = new Set<string>();

	constructor(about: { store: Store; startedAt: string; traffic: { up: number; down: number } }) {
		this.#store = about.store;
		this.#startedAt = about.startedAt;
		this.#traffic = about.traffic;
	}

	/** What the server has answered for. Within the transaction that acknowledges it. */
	noteSettled(unit: Unit, settled: Settled): void {
		this.#add(unit, linesOfSettled(this.#store, settled, this.#typedIn));
	}

	/** Applies a page by `apply`, and notes what it changed. Within the page's transaction. */
	notePage(unit: Unit, page: Page, apply: () => void): void {
		const receipt = this.#find()?.id;
		const room = MOST_LINES - (receipt === undefined ? 0 : this.#written(receipt, 'received'));
		this.#add(unit, linesOfPage(unit, { page, receipt, room, typedIn: this.#typedIn }, apply));
	}

	/** One thing more, said in the transaction that did it; for parts of a round that keep their own books (files). */
	note(unit: Unit, line: ReceiptLine): void {
		this.#add(unit, { lines: [line] });
	}

	/** Closes the receipt, if there is one. */
	finish(unit: Unit, problem: SyncStatus['problem']): void {
		const found = this.#find();
		if (!found) return;
		this.#refresh(unit, found);
		this.#store
			.statement('UPDATE receipt SET problem = ?, summary = ? WHERE id = ?')
			.run(problem, summarise(this.#store, found.id), found.id);
	}

	#add(unit: Unit, entries: Entries): void {
		const { lines, further = {}, sent = 0, received = 0, merged = 0, toDecide = 0, refused = 0 } = entries;
		if (lines.length === 0 && sent + received + merged + toDecide + refused === 0) return;
		const found = this.#find() ?? this.#begin(unit);
		this.#store
			.statement(
				`UPDATE receipt SET sent = sent + ?, received = received + ?, merged = merged + ?,
				to_decide = to_decide + ?, refused = refused + ? WHERE id = ?`,
			)
			.run(sent, received, merged, toDecide, refused, found.id);
		for (const line of lines) this.#writeLine(found, line);
		for (const [kind, n] of Object.entries(further) as [ReceiptKind, number][])
			found.more[kind] = (found.more[kind] ?? 0) + n;
		this.#refresh(unit, found);
	}

	/** The row is looked for each time: a transaction that was rolled back may have taken it along. */
	#find(): Stored | undefined {
		if (this.#id === undefined) return undefined;
		const row = this.#store.statement('SELECT id, more FROM receipt WHERE id = ?').get(this.#id) as
			| { id: number; more: string }
			| undefined;
		return row && { id: row.id, more: JSON.parse(row.more) as Stored['more'] };
	}

	#begin(unit: Unit): Stored {
		prune(this.#store, unit.at);
		const { lastInsertRowid } = this.#store
			.statement(
				`INSERT INTO receipt (started_at, finished_at, sent, received, merged, to_decide, refused, bytes_up, bytes_down, more, summary)
				VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0, '{}', '')`,
			)
			.run(this.#startedAt, unit.at);
		this.#id = Number(lastInsertRowid);
		return { id: this.#id, more: {} };
	}

	#writeLine({ id, more }: Stored, line: ReceiptLine): void {
		if (this.#written(id, line.kind) >= MOST_LINES) {
			more[line.kind] = (more[line.kind] ?? 0) + 1;
			return;
		}
		this.#store
			.statement(
				`INSERT INTO receipt_line (receipt_id, kind, entity, row_id, account_name, title, detail, by_name)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			)
			.run(id, line.kind, line.entity, line.rowId, line.accountName, line.title, line.detail, line.byName);
	}

	#written(id: number, kind: ReceiptKind): number {
		return this.#store
			.statement('SELECT count(*) FROM receipt_line WHERE receipt_id = ? AND kind = ?')
			.pluck()
			.get(id, kind) as number;
	}

	#refresh(unit: Unit, { id, more }: Stored): void {
		this.#store
			.statement('UPDATE receipt SET finished_at = ?, bytes_up = ?, bytes_down = ?, more = ? WHERE id = ?')
			.run(unit.at, this.#traffic.up, this.#traffic.down, JSON.stringify(more), id);
		unit.touched.add('receipt');
	}
}

/** Receipts are kept for 400 days, and no more than 2,000 of them. */
function prune(store: Store, at: string): void {
	const before = new Date(Date.parse(at) - KEEP_MS).toISOString();
	const newest = (store.statement('SELECT max(id) FROM receipt').pluck().get() as number | null) ?? 0;
	const old = 'SELECT id FROM receipt WHERE id <= @last OR finished_at < @before';
	const bounds = { last: newest - MOST_RECEIPTS + 1, before };
	store.statement(`DELETE FROM receipt_line WHERE receipt_id IN (${old})`).run(bounds);
	store.statement(`DELETE FROM receipt WHERE id IN (${old})`).run(bounds);
}
