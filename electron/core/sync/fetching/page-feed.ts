import { LIMITS, SCHEMA } from '../../../../shared/sync/protocol.ts';
import { TransportError } from '../reaching/transport.ts';
import type { Round } from '../sync-round.ts';
import { type Page, PageReader } from './pull.ts';

/** Lines in one page on a network that carries hardly anything. */
const FEWEST_ROWS = 100;
/** A page of fewer lines is applied before the next is asked for; there would be nothing to gain. */
const AHEAD_FROM = 500;
/** To end a transaction takes as long; within it the next page may come. */
const MOMENT_MS = 20;
/** Pages read ahead to see how much the server wants to take away. */
const MOST_AHEAD = 24;

/** Pages in the order of the log; while one is applied, the next is on its way. */
export class PageFeed {
	readonly #round: Round;
	/** Pages fetched and not yet taken, by the cursor they follow. */
	readonly #pages = new Map<string, Promise<Page>>();
	readonly #abort = new AbortController();

	constructor(round: Round) {
		this.#round = round;
	}

	/** The page after `cursor`; without one, the first. */
	async take(cursor: string | undefined): Promise<Page> {
		const key = cursor ?? '';
		const page = await (this.#pages.get(key) ?? this.#fetch(cursor));
		this.#pages.delete(key);
		return page;
	}

	/** Asks for the page that follows, when there is one and it is worth it. */
	prefetch(page: Page): void {
		if (page.end.more && page.lines.length >= AHEAD_FROM && !page.cut) this.#begin(page.end.cursor);
	}

	/** The page after `before`, if it comes within a moment and will do; it counts as taken then. */
	async soon(before: Page, willDo: (page: Page) => boolean): Promise<Page | undefined> {
		const key = before.end.cursor;
		const coming = before.end.more && !before.cut ? this.#pages.get(key) : undefined;
		if (!coming) return undefined;
		const page = await Promise.race([coming.catch(() => undefined), this.#moment()]);
		if (!page || !willDo(page)) return undefined;
		this.#pages.delete(key);
		return page;
	}

	#moment(): Promise<undefined> {
		return new Promise((resolve) => this.#round.outside.after(MOMENT_MS, () => resolve(undefined)));
	}

	/** The pages that follow, for a look at them; they stay to be taken. Fewer when the way breaks or there are very many. */
	async lookAhead(page: Page): Promise<Page[]> {
		const ahead: Page[] = [];
		for (let last = page; last.end.more && !last.cut && ahead.length < MOST_AHEAD; ) {
			const next = await this.#begin(last.end.cursor).catch(() => undefined);
			if (!next) break;
			ahead.push(next);
			last = next;
		}
		return ahead;
	}

	forget(): void {
		this.#pages.clear();
	}

	/** Nobody waits for what is still on its way. */
	close(): void {
		this.forget();
		this.#abort.abort();
	}

	#begin(cursor: string): Promise<Page> {
		const known = this.#pages.get(cursor);
		if (known) return known;
		const page = this.#fetch(cursor);
		this.#pages.set(cursor, page);
		// Whoever takes the page meets the error.
		page.catch(() => undefined);
		return page;
	}

	async #fetch(cursor: string | undefined): Promise<Page> {
		const { transport, signal, state, features } = this.#round;
		const query = new URLSearchParams({ max: String(state.rowsPerPull), marks: '1' });
		if (cursor) query.set('cursor', cursor);
		if (features.includes('scope')) query.set('schema', String(SCHEMA));
		const reader = new PageReader();
		try {
			const { text } = await transport.request(`/v1/sync/pull?${query}`, {
				signal: AbortSignal.any([signal, this.#abort.signal]),
				onText: (piece) => reader.add(piece),
			});
			reader.add(text);
			const page = reader.finish();
			this.#grow();
			return page;
		} catch (error) {
			if (!(error instanceof TransportError)) throw error;
			const saved = reader.salvage();
			// Where something was kept, a smaller page would have brought no more.
			if (saved) return { ...saved, cut: error };
			this.#shrink(error);
			throw error;
		}
	}

	/** Two good pages, and twice as many lines are asked for. */
	#grow(): void {
		const { state } = this.#round;
		state.goodPulls += 1;
		if (state.goodPulls < 2) return;
		state.goodPulls = 0;
		state.rowsPerPull = Math.min(state.rowsPerPull * 2, LIMITS.rowsPerPull);
	}

	#shrink({ problem }: TransportError): void {
		if (problem !== 'unreachable' && problem !== 'bad_reply') return;
		const { state } = this.#round;
		state.goodPulls = 0;
		state.rowsPerPull = Math.max(Math.floor(state.rowsPerPull / 2), FEWEST_ROWS);
	}
}
