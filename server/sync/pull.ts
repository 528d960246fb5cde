import { type RawBuilder, sql } from 'kysely';
import { LIMITS } from '../../shared/sync/protocol.ts';
import { ApiError } from '../api-error.ts';
import { takeReach } from '../store/reach.ts';
import { oldestNamed, type Trx, tagOf, tagsOf } from '../store/transaction.ts';
import { accessOf } from './access.ts';
import { type CursorScope, formatCursor, type NamedPlace, type Place, readCursor, WHOLE_COMMIT } from './cursor.ts';
import {
	accountsThatChanged,
	type Chunk,
	comparePlaces,
	type Insertion,
	insertionAt,
	type Line,
	type Older,
	type Range,
	readComing,
	readGone,
	readRecords,
	readTexts,
} from './pull-lines.ts';
import { knownAccounts, type SyncCore, type User } from './sync-core.ts';
import type { Reader } from './visibility.ts';

export interface PullQuery {
	cursor?: string | undefined;
	/** Most lines wanted; at most LIMITS.rowsPerPull are sent. */
	max?: number | undefined;
	/** The laptop's schema number; 1 when it names none. */
	schema?: number | undefined;
	/** The laptop understands marks: how far the page has come, so that a page that is cut was not sent in vain. */
	marks?: '1' | undefined;
}

/** Rows read at a time: records can be large, and a page ends at its size. */
const CHUNK = 1000;

const START: NamedPlace = { seq: 0, ord: WHOLE_COMMIT, tag: '' };

/** Before the first of the older lines that an account brings. */
const FIRST: Place = { seq: 0, ord: WHOLE_COMMIT };

/** Lines between two marks. */
const MARK_EVERY = 150;

interface Mark {
	/** Lines before it. */
	n: number;
	/** The last of them. */
	place: Place;
}

interface Page {
	texts: string[];
	marks: Mark[];
	more: boolean;
	/** Where the next page goes on when there is more. */
	place: Place & { inner: Place | undefined };
}

/**
 * The page of the log after `cursor` as NDJSON: the newest state of each record and every text update that `user` may
 * see, for laptops of schema 2 also the accounts and records that came and went, closed by the end line. A page ends
 * between commits unless a single commit is larger than a page or brings older lines; then the cursor names the place
 * within. Throws ApiError 409 `rebootstrap` for a cursor that is not this store's or this user's.
 */
export async function pull(core: SyncCore, user: User, query: PullQuery): Promise<Buffer> {
	const max = Math.min(Math.max(query.max ?? LIMITS.rowsPerPull, 1), LIMITS.rowsPerPull);
	// One snapshot for all reads of a page: a commit that arrives in between is either in it whole or for the next page.
	return core.db
		.transaction()
		.setIsolationLevel('repeatable read')
		.execute(async (trx) => {
			await takeReach(trx, { user: user.id, how: 'read' });
			const access = await accessOf(trx, user.id);
			const schema = query.schema ?? 1;
			const scope = { epoch: core.epoch, user: user.id, accounts: schema > 1 ? undefined : knownAccounts(access) };
			const from = await readPlace(trx, query.cursor, { scope, access, key: core.cursorKey });
			if (!from) throw new ApiError(409, 'rebootstrap', 'This cursor is of no use here; pull from the start.');
			const log = await readLogEnd(trx, from);
			const reader = { access, schema, known: from.known ?? log.top };
			const page = await readPage(trx, reader, { ...log, from, max });
			const place = page.more ? page.place : { seq: log.top, ord: WHOLE_COMMIT, inner: undefined };
			const marks = query.marks ? page.marks : [];
			const tags = await tagsOf(trx, [place.seq, ...marks.map((mark) => mark.place.seq)]);
			const cursorAt = (at: Page['place']) => {
				const told = at.ord === WHOLE_COMMIT ? at.seq : at.seq - 1;
				const known = Math.max(reader.known, told);
				return formatCursor({ ...at, tag: tags.get(at.seq) ?? '', known }, scope, core.cursorKey);
			};
			const end = { end: true, cursor: cursorAt(place), more: page.more, n: page.texts.length };
			return Buffer.from([...withMarks(page.texts, marks, cursorAt), JSON.stringify(end), ''].join('\n'));
		});
}

function withMarks(
	texts: readonly string[],
	marks: readonly Mark[],
	cursorAt: (place: Page['place']) => string,
): string[] {
	const parts: string[] = [];
	let from = 0;
	for (const { n, place } of marks) {
		parts.push(...texts.slice(from, n), JSON.stringify({ mark: cursorAt({ ...place, inner: undefined }), n }));
		from = n;
	}
	return [...parts, ...texts.slice(from)];
}

/** The planner would rather sort all that remains for each page than walk the log's index, and a pull would grow with the square of the log. */
function inLogOrder(isOn: boolean): RawBuilder<unknown> {
	const value = isOn ? 'off' : 'on';
	return sql`set_config('enable_sort', ${value}, true), set_config('enable_bitmapscan', ${value}, true),
		set_config('enable_seqscan', ${value}, true)`;
}

interface CursorOf {
	scope: CursorScope;
	access: Reader['access'];
	key: string;
}

/**
 * The place a cursor stands for, the start without one; undefined when it is of no use here. A laptop that has just
 * learnt of schema 2 comes with a cursor that is good for its accounts as they were.
 */
export async function readPlace(
	trx: Trx,
	cursor: string | null | undefined,
	{ scope, access, key }: CursorOf,
): Promise<NamedPlace | undefined> {
	if (!cursor) return START;
	const place =
		readCursor(cursor, scope, key) ?? readCursor(cursor, { ...scope, accounts: knownAccounts(access) }, key);
	return place && (await isInPast(trx, place)) ? place : undefined;
}

/**
 * Whether the commit that a cursor names is in this store's past. The names of old commits are forgotten (forget-old.ts); a
 * cursor without a name stands among them and is good for who began to fetch since.
 */
async function isInPast(trx: Trx, place: NamedPlace): Promise<boolean> {
	const tag = await tagOf(trx, place.seq);
	if (tag !== undefined || place.tag !== '') return place.tag === tag;
	const oldest = await oldestNamed(trx);
	return place.seq < oldest && (place.known ?? 0) >= oldest;
}

interface LogEnd {
	top: number;
	/** Records have come from elsewhere or gone there since. */
	hasMoves: boolean;
	/** Typing has come since. */
	hasTexts: boolean;
}

/** Looks ahead and lets what follows be read in the order of the log, in one statement: each has a price of its own. */
async function readLogEnd(trx: Trx, from: Place): Promise<LogEnd> {
	const behind = sql`(seq, ord) > (${from.seq}::bigint, ${from.ord}::int)`;
	const { rows } = await sql<{ top: number; moves: boolean; texts: boolean }>`
		select seq as top, exists (select 1 from record_move where ${behind}) as moves,
			exists (select 1 from text_update where ${behind}) as texts, ${inLogOrder(true)} from counter`.execute(trx);
	return { top: Number(rows[0]?.top), hasMoves: rows[0]?.moves === true, hasTexts: rows[0]?.texts === true };
}

interface PageOf extends LogEnd {
	from: NamedPlace;
	max: number;
}

async function readPage(trx: Trx, reader: Reader, { from, max, hasMoves, hasTexts }: PageOf): Promise<Page> {
	const page = new PageWriter(max);
	const begun = from.inner ? await insertionAt(trx, reader, from) : undefined;
	if (begun?.older && from.inner) {
		if (!(await insert(trx, reader, { page, at: begun, inner: from.inner }))) return page.cut();
	}
	const scope = { from, max: max + 1 };
	const records = await readLines(trx, reader, { ...scope, read: readRecords });
	const texts = hasTexts ? await readLines(trx, reader, { ...scope, read: readTexts }) : NOTHING;
	const gone = hasMoves ? await readLines(trx, reader, { ...scope, read: readGone }) : NOTHING;
	const coming = hasMoves ? await readComing(trx, reader, { from, limit: max + 1 }) : LAST;
	const accounts = reader.schema > 1 ? accountsThatChanged(reader, from) : [];
	// Each list stops only when it alone overfills the page, so no other one can bring in what lies behind its end.
	const more = records.more || texts.more || gone.more || !coming.isLast;
	const items: Insertion[] = [...records.lines, ...texts.lines, ...gone.lines, ...coming.items, ...accounts];
	for (const item of items.sort(comparePlaces)) {
		if (page.isFull(item)) return page.cutBetweenCommits(item.seq);
		page.begin(item);
		if (item.older && !(await insert(trx, reader, { page, at: item, inner: FIRST }))) return page.cut();
	}
	return more ? page.cutBetweenCommits(undefined) : page.finish();
}

const NOTHING: { lines: Line[]; more: boolean } = { lines: [], more: false };
const LAST: Chunk<Insertion> = { items: [], isLast: true };

/** Writes the older lines that belong at one place. False when the page was full before they ended. */
async function insert(
	trx: Trx,
	reader: Reader,
	{ page, at, inner }: { page: PageWriter; at: Insertion; inner: Place },
): Promise<boolean> {
	const only = at.older as Older;
	const room = page.room();
	if (room.lines <= 0) return page.stopIn(at, inner);
	const scope = { from: inner, max: room.lines + 1, only };
	const records = await readLines(trx, reader, { ...scope, read: readRecords });
	// An account's texts lie scattered over the log: walking all of it for them would cost more than to sort them.
	await sql`select ${inLogOrder(false)}`.execute(trx);
	const texts = await readLines(trx, reader, { ...scope, read: readTexts });
	await sql`select ${inLogOrder(true)}`.execute(trx);
	let sent = inner;
	for (const line of [...records.lines, ...texts.lines].sort(comparePlaces)) {
		if (page.isFull(line)) return page.stopIn(at, sent);
		page.add(line.text, at);
		sent = { seq: line.seq, ord: line.ord };
	}
	return records.more || texts.more ? page.stopIn(at, sent) : true;
}

interface Source extends Range {
	max: number;
	read: (trx: Trx, reader: Reader, range: Range & { limit: number }) => Promise<Chunk<Line>>;
}

async function readLines(
	trx: Trx,
	reader: Reader,
	{ max, read, from, only }: Source,
): Promise<{ lines: Line[]; more: boolean }> {
	const lines: Line[] = [];
	let bytes = 0;
	while (lines.length < max && bytes <= LIMITS.bytesPerPull) {
		// What follows small records is read at once.
		const limit = Math.min(lines.length === 0 ? CHUNK : 2 * CHUNK, max - lines.length);
		const last = lines.at(-1) ?? from;
		const chunk = await read(trx, reader, { from: last, limit, ...(only ? { only } : {}) });
		for (const line of chunk.items) bytes += line.text.length;
		lines.push(...chunk.items);
		if (chunk.isLast) return { lines, more: false };
	}
	return { lines, more: true };
}

/** Fills one page by number and size, with at least one line. */
class PageWriter {
	readonly #max: number;
	readonly #texts: string[] = [];
	/** Commit and place of each line, as the log has them. */
	readonly #places: Place[] = [];
	#marks: Mark[] = [];
	#bytes = 0;
	#inner: Place | undefined;

	constructor(max: number) {
		this.#max = max;
	}

	isFull(next: { text?: string }): boolean {
		if (this.#texts.length === 0) return false;
		return this.#texts.length >= this.#max || this.#bytes + (next.text?.length ?? 0) > LIMITS.bytesPerPull;
	}

	room(): { lines: number } {
		return { lines: this.#bytes > LIMITS.bytesPerPull ? 0 : this.#max - this.#texts.length };
	}

	/** All that belongs at earlier places is written. */
	begin(item: Insertion): void {
		const last = this.#places.at(-1);
		const sinceMark = this.#texts.length - (this.#marks.at(-1)?.n ?? 0);
		if (last && sinceMark >= MARK_EVERY && comparePlaces(last, item) < 0)
			this.#marks.push({ n: this.#texts.length, place: last });
		if (item.text !== undefined) this.add(item.text, item);
	}

	add(text: string, { seq, ord }: Place): void {
		this.#texts.push(text);
		this.#places.push({ seq, ord });
		this.#bytes += text.length;
	}

	/** The page ends within the older lines that belong at one place. */
	stopIn(at: Place, inner: Place): false {
		this.#places.push({ seq: at.seq, ord: at.ord });
		this.#inner = inner;
		return false;
	}

	finish(): Page {
		return { texts: this.#texts, marks: this.#marks, more: false, place: { ...FIRST, inner: undefined } };
	}

	cut(): Page {
		const last = this.#places.at(-1) ?? FIRST;
		return { texts: this.#texts, marks: this.#marks, more: true, place: { ...last, inner: this.#inner } };
	}

	/** Takes back the last commit when it goes on behind this page and there is one before it. `nextSeq`: the commit that follows, when it is known. */
	cutBetweenCommits(nextSeq: number | undefined): Page {
		const last = this.#places.at(-1);
		if (last && (nextSeq === undefined || nextSeq === last.seq)) {
			const whole = this.#places.findIndex(({ seq }) => seq === last.seq);
			if (whole > 0) {
				this.#texts.length = whole;
				this.#places.length = whole;
				this.#marks = this.#marks.filter((mark) => mark.n < whole);
			}
		}
		return this.cut();
	}
}
