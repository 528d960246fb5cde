import type { Field } from '../../shared/entities/define.ts';
import { type EntityName, entityByName } from '../../shared/entities/registry.ts';
import type { QueryContext } from './handler.ts';

/** A stored value in the words a person sees. */
export function inWords(field: Field | undefined, json: string | null, names: Map<string, string>): string | null {
	if (json === null) return null;
	const value: unknown = JSON.parse(json);
	if (value === null) return null;
	if (field?.kind === 'bool') return value ? 'Yes' : 'No';
	if (field?.values) return field.values[String(value)] ?? String(value);
	if (field?.kind === 'ref') return names.get(String(value)) ?? String(value);
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Names of colleagues and contacts by id. */
export async function personNames({ db }: Pick<QueryContext, 'db'>): Promise<Map<string, string>> {
	const users = await db.selectFrom('app_user').select(['id', 'name']).execute();
	const contacts = await db.selectFrom('contact').select(['id', 'full_name as name']).execute();
	return new Map([...users, ...contacts].map((person) => [person.id, person.name]));
}

export type People = ReadonlyMap<string, { id: string; name: string | null }>;

/** Who writes on which laptop, by the laptop's short name: the tail of every version it gives out. */
export async function peopleByDevice({ db, session }: Pick<QueryContext, 'db' | 'session'>): Promise<People> {
	const rows = await db
		.selectFrom('device')
		.leftJoin('app_user', 'app_user.id', 'device.user_id')
		.select(['device.short', 'device.user_id as id', 'app_user.name'])
		.execute();
	const people = new Map(rows.map(({ short, id, name }) => [short, { id, name }]));
	// This laptop may not have told the server of itself yet.
	if (!people.has(session.deviceShort)) {
		const own = await db
			.selectFrom('app_user')
			.select(['id', 'name'])
			.where('id', '=', session.userId)
			.executeTakeFirst();
		people.set(session.deviceShort, { id: session.userId, name: own?.name ?? null });
	}
	return people;
}

/** A record's name and its account's, whatever kind it is. */
export async function nameOf(
	{ db }: QueryContext,
	entityName: string,
	rowId: string,
): Promise<{ title: string; account: string | null; ref: string | null }> {
	const entity = entityByName(entityName);
	if (!entity) return { title: entityName, account: null, ref: null };
	const row = (await db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', rowId)
		.executeTakeFirst()) as Record<string, unknown> | undefined;
	if (!row) return { title: entity.label, account: null, ref: null };
	const accountId = entityName === 'account' ? rowId : row.account_id;
	const account =
		typeof accountId === 'string'
			? await db.selectFrom('account').select('name').where('id', '=', accountId).executeTakeFirst()
			: undefined;
	const body = typeof row.body === 'string' ? row.body.split('\n')[0]?.slice(0, 80) : undefined;
	const ref = typeof row.ref_no === 'string' && row.ref_no !== '' ? row.ref_no : null;
	return { title: String(row[entity.title] || body || entity.label), account: account?.name ?? null, ref };
}
