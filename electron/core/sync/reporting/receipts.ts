import type { Store } from '../../../../db/open-store.ts';
import type { Unit } from '../../../../db/unit.ts';
import type { ReceiptKind, ReceiptLine, SyncStatus } from '../../../../shared/contract/sync-models.ts';
import type { Remedy } from '../fetching/compare.ts';
import type { PagePart } from '../fetching/pull.ts';
import type { Settled } from '../sending/push.ts';
import { linesOfPage } from './receipt-page.ts';
import { linesOfSettled } from './receipt-sent.ts';
import {
	beginReceipt,
	countLines,
	MOST_LINES,
	type OpenReceipt,
	readReceipt,
	refreshReceipt,
	writeLines,
} from './receipt-store.ts';
import { summarise } from './receipt-summary.ts';
import { tableWords } from './receipt-words.ts';

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
	notePage(unit: Unit, page: PagePart, apply: () => void): void {
		const receipt = this.#find()?.id;
		const room = MOST_LINES - (receipt === undefined ? 0 : countLines(this.#store, receipt, 'received'));
		this.#add(unit, linesOfPage(unit, { page, receipt, room, typedIn: this.#typedIn }, apply));
	}

	/** Of which accounts laptop and office did not hold the same, and what is done. Within the transaction that does it. */
	noteCompared(unit: Unit, { again, still }: Remedy): void {
		const lines = [...again, ...still].map(({ account, name, tables }): ReceiptLine => {
			const what = tables.length > 0 ? `differs from the office in ${tableWords(tables)}` : 'is not yours any more';
			const done = again.some((one) => one.account === account)
				? 'fetched again'
				: 'also after it was fetched again: please tell whoever looks after Fieldbook';
			return {
				kind: 'checked',
				entity: 'account',
				rowId: account,
				accountName: name,
				title: name,
				detail: `${what}; ${done}`,
				byName: null,
			};
		});
		this.#add(unit, { lines });
	}

	/** Closes the receipt, if there is one. */
	finish(unit: Unit, problem: SyncStatus['problem']): void {
		const found = this.#find();
		if (!found) return;
		refreshReceipt(unit, found, this.#traffic);
		this.#store.statement('UPDATE receipt SET problem = ? WHERE id = ?').run(problem, found.id);
		this.#sumUp(found.id);
	}

	#add(unit: Unit, entries: Entries): void {
		const { lines, further = {}, sent = 0, received = 0, merged = 0, toDecide = 0, refused = 0 } = entries;
		if (lines.length === 0 && sent + received + merged + toDecide + refused === 0) return;
		const found = this.#find() ?? beginReceipt(unit, this.#startedAt);
		this.#id = found.id;
		this.#store
			.statement(
				`UPDATE receipt SET sent = sent + ?, received = received + ?, merged = merged + ?,
				to_decide = to_decide + ?, refused = refused + ? WHERE id = ?`,
			)
			.run(sent, received, merged, toDecide, refused, found.id);
		writeLines(this.#store, found, lines);
		for (const [kind, n] of Object.entries(further) as [ReceiptKind, number][])
			found.more[kind] = (found.more[kind] ?? 0) + n;
		refreshReceipt(unit, found, this.#traffic);
		// While thousands of records come, the line that says it all can wait for the end.
		if (!further.received) this.#sumUp(found.id);
	}

	#sumUp(id: number): void {
		this.#store.statement('UPDATE receipt SET summary = ? WHERE id = ?').run(summarise(this.#store, id), id);
	}

	/** The row is looked for each time: a transaction that was rolled back may have taken it along, and another receipt its number. */
	#find(): OpenReceipt | undefined {
		if (this.#id === undefined) return undefined;
		return readReceipt(this.#store, this.#id, this.#startedAt);
	}
}
