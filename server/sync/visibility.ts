import { type RawBuilder, sql } from 'kysely';
import { entities, entityByName } from '../../shared/entities/registry.ts';
import type { Access, Grant } from './access.ts';
import { hiddenFields, type Role, seesAll, unreadable } from './permissions.ts';

/** Entities everybody may read whole: who the colleagues are, and whose device made an edit. */
const PUBLIC = Object.values(entities)
	.filter((entity) => entity.sync === 'pull')
	.map((entity) => entity.name);

/** Who reads, and how much of it their laptop understands. */
export interface Reader {
	access: Access;
	/** The laptop's schema number. */
	schema: number;
	/** The commit up to which the laptop knows its accounts; later ones come with a line of their own. */
	known: number;
}

/** Columns a condition looks at, as SQL. */
export interface Columns {
	account: RawBuilder<unknown>;
	entity: RawBuilder<unknown>;
	about: RawBuilder<unknown>;
	/** The commit that is being read: nothing of an account goes out before the line that says it has come. */
	seq: RawBuilder<unknown>;
}

/** Columns of a record `r`, read in the log at `seq`. */
export function recordColumns(seq = sql`r.seq`): Columns {
	return { account: sql`r.account_id`, entity: sql`r.entity`, about: sql`r.about`, seq };
}

/** The condition that a record `r` is one this reader may see, told of its account at or before `columns.seq`. */
export function isVisible(reader: Reader, columns = recordColumns()): RawBuilder<unknown> {
	const { user } = reader.access;
	return sql`(${hasAccount(reader, columns)}
		or (r.account_id is null and (r.entity = any(${PUBLIC}::text[]) or r.created_by = ${user} or r.holder = ${user}))
		or (r.entity = 'handover' and (r.created_by = ${user} or r.holder = ${user})))${isKnownKind(reader.schema)}`;
}

/** The condition that the account in `columns` is one of the reader's, and the record of a kind they see there. */
export function hasAccount(reader: Reader, columns: Columns): RawBuilder<unknown> {
	const byRole = Map.groupBy(reader.access.grants.values(), (grant) => grant.role);
	const conditions = [...byRole].map(([role, grants]) => ofRole(reader, columns, { role, grants }));
	return conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` or `)})`;
}

function ofRole(
	reader: Reader,
	columns: Columns,
	{ role, grants }: { role: Role; grants: readonly Grant[] },
): RawBuilder<unknown> {
	// A laptop of the first release is told of no account that comes: its cursor is only good for those it has.
	const isTold = (grant: Grant) => reader.schema < 2 || grant.fromSeq <= reader.known;
	const settled = grants.filter(isTold).map((grant) => grant.account);
	const coming = grants.filter((grant) => !isTold(grant));
	const isMine = sql`${columns.account} = any(${settled}::text[])`;
	const isMineBy = sql`exists (select 1 from unnest(${coming.map((grant) => grant.account)}::text[],
		${coming.map((grant) => grant.fromSeq)}::bigint[]) as g(account, seq)
		where g.account = ${columns.account} and g.seq < ${columns.seq})`;
	const account = coming.length === 0 ? isMine : sql`(${isMine} or ${isMineBy})`;
	if (seesAll(role)) return account;
	const hidden = unreadable(role);
	return sql`(${account} and ${columns.entity} <> all(${hidden}::text[])
		and (${columns.about} is null or ${columns.about} <> all(${hidden}::text[])))`;
}

/** Empty when the laptop knows every kind of record there is. */
function isKnownKind(schema: number): RawBuilder<unknown> {
	const newer = newerKinds(schema);
	if (newer.length === 0) return sql``;
	return sql` and r.entity <> all(${newer}::text[]) and (r.about is null or r.about <> all(${newer}::text[]))`;
}

/** Entities that came after a schema number. */
export function newerKinds(schema: number): string[] {
	return Object.values(entities)
		.filter((entity) => 'since' in entity && entity.since > schema)
		.map((entity) => entity.name);
}

/** Fields of a record that this reader is not sent: hidden from their role, or newer than their laptop. Undefined when there are none. */
export function withheldFields(
	reader: Reader,
	entity: string,
	account: string | null,
): ReadonlySet<string> | undefined {
	const newer = newerFields(entity, reader.schema);
	const role = account === null ? undefined : reader.access.grants.get(account)?.role;
	const hidden = role && !seesAll(role) ? hiddenFields(role, entity) : undefined;
	if (!hidden?.size) return newer.size > 0 ? newer : undefined;
	return new Set([...newer, ...hidden]);
}

/** True when this reader is sent every field of every record they see. */
export function withholdsNothing({ access, schema }: Reader): boolean {
	const roles = new Set([...access.grants.values()].map((grant) => grant.role));
	return Object.keys(entities).every(
		(entity) =>
			newerFields(entity, schema).size === 0 &&
			[...roles].every((role) => seesAll(role) || hiddenFields(role, entity).size === 0),
	);
}

const newerByKey = new Map<string, ReadonlySet<string>>();

function newerFields(entity: string, schema: number): ReadonlySet<string> {
	const key = `${schema} ${entity}`;
	const known = newerByKey.get(key);
	if (known) return known;
	const fields = Object.entries(entityByName(entity)?.fields ?? {});
	const newer = new Set(fields.filter(([, field]) => (field.since ?? 1) > schema).map(([name]) => name));
	newerByKey.set(key, newer);
	return newer;
}
