import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { entities } from '../shared/entities/registry.ts';
import { inReach } from './store/reach.ts';
import type { Tables } from './store/tables.ts';
import { topSeq } from './store/transaction.ts';

/** Somebody who listens. `send` must not throw. */
export interface PokeStream {
	userId: string;
	send: (text: string) => void;
	end: () => void;
}

export interface PokeOptions {
	db: Kysely<Tables>;
	/** Proxies cut a stream on which nothing comes for a minute. */
	heartbeatMs?: number;
	report?: (error: unknown) => void;
}

/** Entities whose records everybody sees. */
const PUBLIC = Object.values(entities)
	.filter((entity) => entity.sync === 'pull')
	.map((entity) => entity.name);

const HEARTBEAT_MS = 25_000;
/** Commits come in bursts; one poke for all of a burst. */
const GATHER_MS = 100;
/** More than one person's laptops and windows; the oldest gives way, so that streams nobody hears any more cannot pile up. */
const STREAMS_PER_USER = 8;

/**
 * Tells listeners that something they may see is new, without saying what. However many listen, a burst of commits costs
 * one query: who of them can see any of it.
 */
export class PokeHub {
	readonly #options: PokeOptions;
	readonly #streams = new Set<PokeStream>();
	/** Everybody who listens has been told of all up to here. */
	#told = 0;
	#gathering: NodeJS.Timeout | undefined;
	#heart: NodeJS.Timeout | undefined;

	constructor(options: PokeOptions) {
		this.#options = options;
	}

	/** Adds a listener, who is poked at once when something newer than commit `after` is there for them. */
	async add(stream: PokeStream, after: number | undefined): Promise<void> {
		if (this.#streams.size === 0) this.#told = await topSeq(this.#options.db);
		const own = [...this.#streams].filter(({ userId }) => userId === stream.userId);
		if (own.length >= STREAMS_PER_USER) this.#drop(own[0] as PokeStream);
		this.#streams.add(stream);
		this.#heart ??= setInterval(() => this.#beat(), this.#options.heartbeatMs ?? HEARTBEAT_MS).unref();
		stream.send(':\n\n');
		if (after === undefined || after >= this.#told) return;
		const told = this.#told;
		if ((await this.#whoSees(after, [stream.userId])).has(stream.userId)) stream.send(poke(told));
	}

	/** Pokes a stream no more; one that is not known is passed over. */
	remove(stream: PokeStream): void {
		this.#streams.delete(stream);
		if (this.#streams.size > 0) return;
		clearInterval(this.#heart);
		this.#heart = undefined;
	}

	/** To be called after each commit of this process or another; more often does no harm. */
	committed(): void {
		if (this.#streams.size === 0) return;
		this.#gathering ??= setTimeout(() => void this.#pokeAll(), GATHER_MS);
	}

	/** Ends all streams and the watch. */
	close(): void {
		clearTimeout(this.#gathering);
		for (const stream of this.#streams) this.#drop(stream);
	}

	#drop(stream: PokeStream): void {
		this.remove(stream);
		stream.end();
	}

	/** Also asks anew: a note of a commit can get lost with the connection it came on. */
	#beat(): void {
		for (const stream of this.#streams) stream.send(':\n\n');
		this.committed();
	}

	async #pokeAll(): Promise<void> {
		this.#gathering = undefined;
		try {
			const top = await topSeq(this.#options.db);
			if (top <= this.#told) return;
			const users = new Set([...this.#streams].map(({ userId }) => userId));
			const seeing = await this.#whoSees(this.#told, [...users]);
			this.#told = top;
			for (const stream of this.#streams) if (seeing.has(stream.userId)) stream.send(poke(top));
		} catch (error) {
			// Whoever is not poked asks by the clock; the next beat tries again.
			this.#options.report?.(error);
		}
	}

	/** Who of `users` gets something in a pull after `after`, or nearly: roles are not looked at, and one poke too many does no harm. */
	async #whoSees(after: number, users: readonly string[]): Promise<Set<string>> {
		const since = sql`${after}::bigint`;
		const theirs = sql`select a.account_id from assignment a where a.user_id = u.id and a.to_seq is null`;
		const work = sql<{ id: string }>`
			select u.id from unnest(${[...users]}::text[]) as u(id)
			where exists (select 1 from assignment a where a.user_id = u.id and (a.from_seq > ${since} or a.to_seq > ${since}))
				or exists (select 1 from record r where r.seq > ${since} and (r.account_id in (${theirs}) or (r.account_id is null
					and (r.entity = any(${PUBLIC}::text[]) or r.created_by = u.id or r.holder = u.id))))
				or exists (select 1 from record_move m where m.seq > ${since}
					and (m.from_account in (${theirs}) or m.from_holder = u.id))`;
		const { rows } = await inReach(this.#options.db, { user: null, how: 'office' }, (trx) => work.execute(trx));
		return new Set(rows.map((row) => row.id));
	}
}

function poke(seq: number): string {
	return `data: ${JSON.stringify({ seq })}\n\n`;
}
