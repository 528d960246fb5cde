import { type RawBuilder, sql } from 'kysely';
import type { Field } from '../../shared/entities/define.ts';
import { type EntityName, getEntity } from '../../shared/entities/registry.ts';
import { LIMITS } from '../../shared/sync/protocol.ts';
import { readVersions, writeVersions } from '../../shared/sync/version.ts';
import type { Trx } from '../store/transaction.ts';
import type { Place } from './cursor.ts';
import {
	hasAccount,
	isVisible,
	newerKinds,
	type Reader,
	recordColumns,
	withheldFields,
	withholdsNothing,
} from './visibility.ts';

/** One line of the reply and where it stands in the log. */
export interface Line extends Place {
	text: string;
}

export interface Chunk<T> {
	items: T[];
	/** Nothing comes behind it. */
	isLast: boolean;
}

/** What is read of the log: behind a place, and where that is given, only of one account or record up to a commit. */
export interface Range {
	from: Place;
	only?: Older;
}

/** Older lines that belong at one place of the log: an account that came, or the text of a record that came from elsewhere. */
export type Older = { upTo: number } & ({ account: string } | { entity: string; id: string });

interface RecordLine extends Place {
	entity: string;
	id: string;
	account_id: string | null;
	data: string;
	versions: string;
	created_at: string;
	created_by: string | null;
	deleted_at: string | null;
}

/** Newest states of records, in the order of the log. */
export async function readRecords(trx: Trx, reader: Reader, range: Range & { limit: number }): Promise<Chunk<Line>> {
	const { from, only, limit } = range;
	if (only && !('account' in only)) return { items: [], isLast: true };
	const ofAccount = only ? sql`r.account_id = ${only.account} and r.seq <= ${only.upTo}::bigint and` : sql``;
	const chosen = sql`from record r
		where ${ofAccount} (seq, ord) > (${from.seq}::bigint, ${from.ord}::int) and ${isVisible(only ? toldOfAll(reader) : reader)}
		order by seq, ord limit ${limit}::int`;
	const whole = withholdsNothing(reader) ? await readWhole(trx, chosen) : undefined;
	const items = whole ?? (await readInParts(trx, reader, chosen));
	return { items, isLast: items.length < limit };
}

/**
 * The lines made by the store, as one value: taking thousands of rows apart to put each together again would take longer
 * than all the rest of a first fetch. Undefined when a line feed in a value does not let them be told apart, or
 * they did not come in their order, which the store keeps without having promised it.
 */
async function readWhole(trx: Trx, chosen: RawBuilder<unknown>): Promise<Line[] | undefined> {
	const { rows } = await sql<{ places: string | null; texts: string | null }>`
		select string_agg(seq || ' ' || ord, ',') as places,
			string_agg('{"seq":' || seq || ',"t":"' || entity || '","id":' || to_json(id) || ',"v":' || data::text
				|| ',"fv":' || to_json(versions) || ',"created_at":' || to_json(created_at)
				|| ',"by":' || coalesce(to_json(created_by)::text, 'null')
				|| ',"del":' || coalesce(to_json(deleted_at)::text, 'null') || '}', E'\n') as texts
		from (select seq, ord, entity, id, data, versions, created_at, created_by, deleted_at ${chosen}) r`.execute(trx);
	const found = rows[0];
	if (!found?.places || !found.texts) return [];
	const places = found.places.split(',');
	const texts = found.texts.split('\n');
	if (places.length !== texts.length) return undefined;
	const lines = texts.map((text, index): Line => {
		const [seq, ord] = (places[index] as string).split(' ');
		return { seq: Number(seq), ord: Number(ord), text };
	});
	return lines.every((line, index) => index === 0 || comparePlaces(lines[index - 1] as Line, line) < 0)
		? lines
		: undefined;
}

async function readInParts(trx: Trx, reader: Reader, chosen: RawBuilder<unknown>): Promise<Line[]> {
	const { rows } = await sql<RecordLine>`
		select seq, ord, entity, id, account_id, data::text as data, versions, created_at, created_by, deleted_at ${chosen}`.execute(
		trx,
	);
	return rows.map((row) => ({ seq: Number(row.seq), ord: row.ord, text: recordLine(row, reader) }));
}

/** The reader as told of all accounts: where older lines are sent, the line that says their account has come has gone out. */
function toldOfAll(reader: Reader): Reader {
	return { ...reader, known: Number.MAX_SAFE_INTEGER };
}

/** Built by hand because `data` is JSON already; parsing it only to write it again would double the work. */
function recordLine(row: RecordLine, reader: Reader): string {
	const withheld = withheldFields(reader, row.entity, row.account_id);
	const { data, versions } = withheld ? without(row, withheld) : row;
	const rest = JSON.stringify({ fv: versions, created_at: row.created_at, by: row.created_by, del: row.deleted_at });
	return `{"seq":${row.seq},"t":"${row.entity}","id":${JSON.stringify(row.id)},"v":${data},${rest.slice(1)}`;
}

function without(row: RecordLine, withheld: ReadonlySet<string>): Pick<RecordLine, 'data' | 'versions'> {
	const rest = <T>(of: Record<string, T>) =>
		Object.fromEntries(Object.entries(of).filter(([key]) => !withheld.has(key)));
	return {
		data: JSON.stringify(rest(JSON.parse(row.data) as Record<string, unknown>)),
		versions: writeVersions(rest(readVersions(row.versions))),
	};
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

/** Updates of text documents. Stops at a page's size before it reads the bytes themselves: a single update may have megabytes. */
export async function readTexts(trx: Trx, reader: Reader, range: Range & { limit: number }): Promise<Chunk<Line>> {
	const { from, only, limit } = range;
	const visible = isVisible(only ? toldOfAll(reader) : reader, recordColumns(sql`t.seq`));
	const { rows } = await sql<TextLine>`
		select seq, ord, entity, row_id, field, replace(encode(bytes, 'base64'), E'\n', '') as y, by_user, hlc, found
		from (select u.*, count(*) over ()::int as found,
				sum(octet_length(bytes)) over (order by seq, ord) - octet_length(bytes) as bytes_before
			from (select t.* from text_update t join record r on r.entity = t.entity and r.id = t.row_id
				where (t.seq, t.ord) > (${from.seq}::bigint, ${from.ord}::int)${onlyTexts(only)} and ${visible}
				order by t.seq, t.ord limit ${limit}::int) u) u
		where bytes_before < ${LIMITS.bytesPerPull}::bigint
		order by seq, ord`.execute(trx);
	const found = rows[0]?.found ?? 0;
	return { items: rows.map(textLine), isLast: rows.length === found && found < limit };
}

function onlyTexts(only: Older | undefined): RawBuilder<unknown> {
	if (!only) return sql``;
	if ('account' in only) return sql` and r.account_id = ${only.account} and t.seq <= ${only.upTo}::bigint`;
	return sql` and t.entity = ${only.entity} and t.row_id = ${only.id} and t.seq <= ${only.upTo}::bigint`;
}

function textLine(row: TextLine): Line {
	const { ord, entity, row_id, y, field, by_user, hlc } = row;
	const seq = Number(row.seq);
	return { seq, ord, text: JSON.stringify({ seq, t: entity, id: row_id, y, field, by: by_user, hlc }) };
}

interface GoneLine extends Place {
	entity: string;
	id: string;
	from_account: string | null;
}

const movedColumns = { account: sql`m.from_account`, entity: sql`m.entity`, about: sql`r.about`, seq: sql`m.seq` };

/** Whether the reader could see a record where a move `m` took it from. */
function wasVisible(reader: Reader): RawBuilder<unknown> {
	const { user } = reader.access;
	return sql`(${hasAccount(reader, movedColumns)}
		or (m.from_account is null and (r.created_by = ${user} or m.from_holder = ${user})))`;
}

/** Records that went where this reader cannot see them. */
export async function readGone(
	trx: Trx,
	reader: Reader,
	{ from, limit }: Range & { limit: number },
): Promise<Chunk<Line>> {
	const { rows } = await sql<GoneLine>`
		select m.seq, m.ord, m.entity, m.id, m.from_account from record_move m
			-- The store itself shows none of a record that is somebody else's now.
			left join record r on r.entity = m.entity and r.id = m.id
		where (m.seq, m.ord) > (${from.seq}::bigint, ${from.ord}::int) and m.seq > ${reader.known}::bigint
			and ${wasVisible(reader)} and (${isVisible(toldOfAll(reader))}) is not true
		order by m.seq, m.ord limit ${limit}::int`.execute(trx);
	const newer = newerKinds(reader.schema);
	const items = rows
		.filter((row) => !newer.includes(row.entity))
		.map((row) => ({ seq: Number(row.seq), ord: row.ord, text: goneLine(row, reader.schema) }));
	return { items, isLast: rows.length < limit };
}

/** The first release knows no such line: it is sent a deletion that overwrites what it has with nothing. */
function goneLine({ seq, entity, id, from_account }: GoneLine, schema: number): string {
	if (schema > 1) return JSON.stringify({ seq: Number(seq), t: entity, id, gone: true });
	const { fields } = getEntity(entity as EntityName);
	const required = Object.entries(fields).filter(([, field]: [string, Field]) => field.required);
	const v = Object.fromEntries(
		required.map(([name, field]) => [name, name === 'account_id' ? (from_account ?? '') : emptyOf(field)]),
	);
	const at = new Date(0).toISOString();
	return JSON.stringify({ seq: Number(seq), t: entity, id, v, fv: '', created_at: at, by: null, del: at });
}

function emptyOf(field: Field): unknown {
	if (field.kind === 'enum') return Object.keys(field.values ?? {})[0];
	if (field.kind === 'int') return 0;
	if (field.kind === 'bool') return false;
	if (field.kind === 'json') return {};
	if (field.kind === 'instant') return new Date(0).toISOString();
	return 'Moved to another account';
}

/** A place of the log with older lines behind it, and perhaps a line of its own before them. */
export interface Insertion extends Place {
	text?: string;
	older?: Older;
}

/** Records that came from where the reader could not see them, and that bring older text. */
export async function readComing(
	trx: Trx,
	reader: Reader,
	{ from, limit }: Range & { limit: number },
): Promise<Chunk<Insertion>> {
	const { rows } = await sql<GoneLine>`
		select m.seq, m.ord, m.entity, m.id, m.from_account from record_move m join record r on r.entity = m.entity and r.id = m.id
		where (m.seq, m.ord) > (${from.seq}::bigint, ${from.ord}::int) and m.seq > ${reader.known}::bigint
			and ${wasVisible(reader)} is not true and ${isVisible(reader, recordColumns(sql`m.seq`))}
			and exists (select 1 from text_update t where t.entity = m.entity and t.row_id = m.id and t.seq <= m.seq)
		order by m.seq, m.ord limit ${limit}::int`.execute(trx);
	const items = rows.map(({ seq, ord, entity, id }) => ({
		seq: Number(seq),
		ord,
		older: { entity, id, upTo: Number(seq) },
	}));
	return { items, isLast: rows.length < limit };
}

/** Accounts that came to this reader or went from them, behind a place of the log. */
export function accountsThatChanged({ access, known }: Reader, from: Place): Insertion[] {
	const entered = [...access.grants.values()].map((grant) => ({
		seq: grant.fromSeq,
		ord: grant.fromOrd,
		text: JSON.stringify({ scope: 'enter', account: grant.account, seq: grant.fromSeq }),
		older: { account: grant.account, upTo: grant.fromSeq },
	}));
	const left = access.closed.map((grant) => ({
		seq: grant.toSeq,
		ord: grant.toOrd,
		text: JSON.stringify({ scope: 'leave', account: grant.account, seq: grant.toSeq }),
	}));
	return [...entered, ...left].filter((item) => item.seq > known && comparePlaces(item, from) > 0);
}

/** The insertion that stands exactly at a place: the one a page ended in. */
export async function insertionAt(trx: Trx, reader: Reader, place: Place): Promise<Insertion | undefined> {
	const before = { seq: place.seq, ord: place.ord - 1 };
	const isHere = (item: Insertion) => comparePlaces(item, place) === 0;
	const account = accountsThatChanged(reader, before).find(isHere);
	if (account) return account;
	return (await readComing(trx, reader, { from: before, limit: 1 })).items.find(isHere);
}

/** Negative when `a` comes before `b` in the log, 0 for the same place, else positive. */
export function comparePlaces(a: Place, b: Place): number {
	return a.seq - b.seq || a.ord - b.ord;
}
