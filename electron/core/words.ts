import type { Field } from '../../shared/entities/define.ts';
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
