import { sql } from 'kysely';
import { entities } from '../../shared/entities/registry.ts';
import { LIMITS } from '../../shared/sync/protocol.ts';
import { ApiError } from '../api-error.ts';
import { type Trx, tagOf, topSeq } from '../store/transaction.ts';
import { formatCursor, type NamedPlace, type Place, readCursor, WHOLE_COMMIT } from './cursor.ts';
import { accountsOf, type SyncCore, type User } from './sync-core.ts';

export interface PullQuery {
	cursor?: string | undefined;
	/** Most lines wanted; at most LIMITS.rowsPerPull are sent. */
	max?: number | undefined;
}

/** Rows read at a time: records can be large, and a page ends at its size. */
const CHUNK = 1000;

/** Entities everybody may read whole: who the colleagues are, and whose device made an edit. */
const PUBLIC = Object.values(entities)
	.filter((entity) => entity.sync === 'pull')
	.map((entity) => entity.name);

const START: NamedPlace = { seq: 0, ord: WHOLE_COMMIT, tag: '' };

interface Line extends Place {
	text: string;
}

interface Page {
	lines: Line[];
	more: boolean;
}

/**
 * The page of the log after `cursor` as NDJSON: the newest state of each record and every text update that `user` may
 * see, closed by the end line. A page ends between commits unless a single commit is larger than a page; then the
 * cursor names the row within it. Throws ApiError 409 `rebootstrap` for a cursor that is not this store's or this user's.
 */
export async function pull(core: SyncCore, user: User, query: PullQuery): Promise<Buffer> {
	const max = Math.min(Math.max(query.max ?? LIMITS.rowsPerPull, 1), LIMITS.rowsPerPull);
	// One snapshot for all reads of a page: a commit that arrives in between is either in it whole or for the next page.
	return core.db
		.transaction()
		.setIsolationLevel('repeatable read')
		.execute(async (trx) => {
			await readInLogOrder(trx);
			const top = await topSeq(trx);
			const scope = { epoch: core.epoch, user: user.id, accounts: await accountsOf(trx, user.id) };
			const from = query.cursor ? readCursor(query.cursor, scope, core.cursorKey) : START;
			if (!from || from.tag !== (await tagOf(trx, from.seq)))
				throw new ApiError(409, 'rebootstrap', 'This cursor is of no use here; pull from the start.');
			const page = await readPage(trx, { user: user.id, accounts: scope.accounts, from }, max);
			const last = page.lines.at(-1);
			const place = page.more && last ? { seq: last.seq, ord: last.ord } : { seq: top, ord: WHOLE_COMMIT };
			const end = {
				end: true,
				cursor: formatCursor({ ...place, tag: (await tagOf(trx, place.seq)) ?? '' }, scope, core.cursorKey),
				more: page.more,
				n: page.lines.length,
			};
			return Buffer.from([...page.lines.map((line) => line.text), JSON.stringify(end), ''].join('\n'));
		});
}

/** The planner would rather sort all that remains for each page than walk the log's index, and a pull would grow with the square of the log. */
async function readInLogOrder(trx: Trx): Promise<void> {
	await sql`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
		set_config('enable_seqscan', 'off', true)`.execute(trx);
}

interface Reader {
	user: string;
	accounts: readonly string[];
	from: Place;
}

async function readPage(trx: Trx, reader: Reader, max: number): Promise<Page> {
	const records = await readLines(trx, reader, { max: max + 1, read: readRecords });
	const texts = await readLines(trx, reader, { max: max + 1, read: readTexts });
	// Each list stops only when it alone overfills the page, so the other one cannot bring in what lies behind its end.
	const sorted = [...records.lines, ...texts.lines].sort(compare);
	const more = records.more || texts.more || sorted.length > max;
	const fitting = takeFitting(sorted, max);
	if (!more && fitting.length === sorted.length) return { lines: sorted, more: false };
	return { lines: toCommitEnd(sorted, fitting.length, records.more || texts.more), more: true };
}

/** As many lines as a page holds by number and size; at least one. */
function takeFitting(lines: readonly Line[], max: number): Line[] {
	let bytes = 0;
	const end = lines.findIndex((line, index) => {
		bytes += line.text.length;
		return index > 0 && (index >= max || bytes > LIMITS.bytesPerPull);
	});
	return end === -1 ? [...lines] : lines.slice(0, end);
}

/** Takes back the last commit when it does not fit whole and there is one before it. `isCut`: more follows behind `lines`. */
function toCommitEnd(lines: readonly Line[], count: number, isCut: boolean): Line[] {
	const last = lines[count - 1];
	const isWhole = count < lines.length ? lines[count]?.seq !== last?.seq : !isCut;
	if (isWhole) return lines.slice(0, count);
	const whole = lines.findIndex((line) => line.seq === last?.seq);
	return lines.slice(0, whole > 0 ? whole : count);
}

interface Chunk {
	lines: Line[];
	/** Nothing comes behind it. */
	isLast: boolean;
}

interface Source {
	max: number;
	read: (trx: Trx, reader: Reader, limit: number) => Promise<Chunk>;
}

async function readLines(trx: Trx, reader: Reader, { max, read }: Source): Promise<Page> {
	const lines: Line[] = [];
	let bytes = 0;
	while (lines.length < max && bytes <= LIMITS.bytesPerPull) {
		const limit = Math.min(CHUNK, max - lines.length);
		const last = lines.at(-1);
		const chunk = await read(trx, last ? { ...reader, from: last } : reader, limit);
		for (const line of chunk.lines) bytes += line.text.length;
		lines.push(...chunk.lines);
		if (chunk.isLast) return { lines, more: false };
	}
	return { lines, more: true };
}

interface RecordLine extends Place {
	entity: string;
	id: string;
	data: string;
	versions: string;
	created_at: string;
	created_by: string | null;
	deleted_at: string | null;
}

async function readRecords(trx: Trx, reader: Reader, limit: number): Promise<Chunk> {
	const { rows } = await sql<RecordLine>`
		select seq, ord, entity, id, data::text as data, versions, created_at, created_by, deleted_at from record r
		where (seq, ord) > (${reader.from.seq}::bigint, ${reader.from.ord}::int) and ${isVisible(reader)}
		order by seq, ord limit ${limit}::int`.execute(trx);
	const lines = rows.map((row) => ({ seq: Number(row.seq), ord: row.ord, text: recordLine(row) }));
	return { lines, isLast: rows.length < limit };
}

/** Built by hand because `data` is JSON already; parsing it only to write it again would double the work. */
function recordLine(row: RecordLine): string {
	const rest = JSON.stringify({
		fv: row.versions,
		created_at: row.created_at,
		by: row.created_by,
		del: row.deleted_at,
	});
	return `{"seq":${row.seq},"t":"${row.entity}","id":${JSON.stringify(row.id)},"v":${row.data},${rest.slice(1)}`;
}

interface TextLine extends Place {
	entity: string;
	row_id: string;
	field: string;
	y: string;
	by_user: string | null;
	hlc: string;
	found: number;
}

/** Stops at a page's size before it reads the bytes themselves: a single update may have a megabyte. */
async function readTexts(trx: Trx, reader: Reader, limit: number): Promise<Chunk> {
	const { rows } = await sql<TextLine>`
		select seq, ord, entity, row_id, field, replace(encode(bytes, 'base64'), E'\n', '') as y, by_user, hlc, found
		from (select u.*, count(*) over ()::int as found,
				sum(octet_length(bytes)) over (order by seq, ord) - octet_length(bytes) as bytes_before
			from (select t.* from text_update t join record r on r.entity = t.entity and r.id = t.row_id
				where (t.seq, t.ord) > (${reader.from.seq}::bigint, ${reader.from.ord}::int) and ${isVisible(reader)}
				order by t.seq, t.ord limit ${limit}::int) u) u
		where bytes_before < ${LIMITS.bytesPerPull}::bigint
		order by seq, ord`.execute(trx);
	const found = rows[0]?.found ?? 0;
	return { lines: rows.map(textLine), isLast: rows.length === found && found < limit };
}

function textLine(row: TextLine): Line {
	const { ord, entity, row_id, y, field, by_user, hlc } = row;
	const seq = Number(row.seq);
	return { seq, ord, text: JSON.stringify({ seq, t: entity, id: row_id, y, field, by: by_user, hlc }) };
}

function isVisible({ user, accounts }: Reader) {
	return sql`(r.account_id = any(${[...accounts]}::text[])
		or (r.account_id is null and (r.entity = any(${PUBLIC}::text[]) or r.created_by = ${user} or r.holder = ${user})))`;
}

function compare(a: Place, b: Place): number {
	return a.seq - b.seq || a.ord - b.ord;
}
