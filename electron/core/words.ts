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

/** A record's name and its account's, whatever kind it is. */
export async function nameOf(
	{ db }: QueryContext,
	entityName: string,
	rowId: string,
): Promise<{ title: string; account: string | null }> {
	const entity = entityByName(entityName);
	if (!entity) return { title: entityName, account: null };
	const row = (await db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', rowId)
		.executeTakeFirst()) as Record<string, unknown> | undefined;
	if (!row) return { title: entity.label, account: null };
	const accountId = entityName === 'account' ? rowId : row.account_id;
	const account =
		typeof accountId === 'string'
			? await db.selectFrom('account').select('name').where('id', '=', accountId).executeTakeFirst()
			: undefined;
	const body = typeof row.body === 'string' ? row.body.split('\n')[0]?.slice(0, 80) : undefined;
	return { title: String(row[entity.title] || body || entity.label), account: account?.name ?? null };
}
