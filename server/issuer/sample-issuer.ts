import type { Kysely } from 'kysely';
import { addIdentities } from '../people.ts';
import { SAMPLE_TOKENS } from '../seed.ts';
import type { Tables } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import type { IssuerPerson } from './choose-page.ts';
import { type OwnIssuer, startIssuer } from './issuer.ts';

const ROLE_WORDS: Readonly<Record<string, string>> = {
	SAM: 'Service account manager',
	SPECIALIST: 'Client support specialist',
	MANAGER: 'Manager',
};

/**
 * Starts the issuer for the people of the sample in a store, and lets the store know whom its tokens mean. `now` is UTC.
 * On another port it is another issuer, to which nobody's workbook belongs.
 */
export async function startSampleIssuer(db: Kysely<Tables>, now: Date, port?: number): Promise<OwnIssuer> {
	const people = await readPeople(db);
	const isOut = async (subject: string) => {
		const row = await db.selectFrom('revoked_user').select('at').where('user_id', '=', subject).executeTakeFirst();
		return row !== undefined;
	};
	const own = await startIssuer({ people, isOut, port });
	const identities = people.map(({ id }) => ({ issuer: own.issuer, subject: id, userId: id }));
	await inTransaction(db, (trx) => addIdentities(trx, identities, now));
	return own;
}

async function readPeople(db: Kysely<Tables>): Promise<IssuerPerson[]> {
	const rows = await db
		.selectFrom('record')
		.select(['id', (eb) => eb.cast<string>('data', 'text').as('data')])
		.where('entity', '=', 'app_user')
		.where('id', 'in', [...new Set(Object.values(SAMPLE_TOKENS))])
		.orderBy('id')
		.execute();
	return rows.map(({ id, data }) => {
		const { name, role } = JSON.parse(data) as { name?: unknown; role?: unknown };
		return { id, name: String(name ?? id), role: ROLE_WORDS[String(role)] ?? 'Colleague' };
	});
}
