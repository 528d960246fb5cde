import type { Kysely } from 'kysely';
import { type EntityName, getEntity } from '../shared/entities/registry.ts';
import { nextVersion, type Version } from '../shared/sync/version.ts';
import { addLogins, type Login } from './people.ts';
import type { HistoryRow, Tables } from './store/tables.ts';
import { inTransaction, nextSeq, type Trx } from './store/transaction.ts';
import { insertHistory, insertRecords } from './store/write-rows.ts';
import { newRecord, writeRecord } from './sync/record-state.ts';
import { SERVER_SHORT } from './sync/server-short.ts';

/** A record to start a store with. */
export interface SeedRecord {
	t: EntityName;
	id: string;
	v: Record<string, unknown>;
}

/** Tokens of the evaluation workspace; they open nothing else. */
export const SAMPLE_TOKENS: Readonly<Record<string, string>> = {
	'dev-sam': 'u-sam',
	'dev-specialist': 'u-specialist',
	'dev-manager': 'u-manager',
};

/** The manager of the sample's people, who has what they have. */
const SAMPLE_MANAGER = 'u-manager';

const ROWS_PER_COMMIT = 1000;

/** Adds records as the server's own, in commits of a thousand within one transaction. `now` is UTC. Throws when an id is taken. */
export async function seedRecords(db: Kysely<Tables>, records: readonly SeedRecord[], now: Date): Promise<void> {
	await inTransaction(db, (trx) => insertSeed(trx, records, now));
}

/**
 * Fills an empty store with the fictional sample workspace: its records, a token for each person of SAMPLE_TOKENS, and
 * every account for every colleague, for the manager through those who report to her. Does nothing when there are accounts already. `now` is UTC.
 */
export async function seedSample(db: Kysely<Tables>, now: Date): Promise<void> {
	const found = await db.selectFrom('record').select('id').where('entity', '=', 'account').limit(1).executeTakeFirst();
	if (found) return;
	const { sampleRecords } = await import('../shared/domain/sample/sample-workspace.ts');
	const records: SeedRecord[] = sampleRecords(now);
	const accounts = idsOf(records, 'account');
	const tokens = new Map(Object.entries(SAMPLE_TOKENS).map(([token, userId]) => [userId, token]));
	await inTransaction(db, async (trx) => {
		await insertSeed(trx, records, now);
		const logins = [...tokens].map(([userId, token]) => ({
			userId,
			token,
			accounts: userId === SAMPLE_MANAGER ? [] : accounts,
			reportsTo: userId === SAMPLE_MANAGER ? undefined : SAMPLE_MANAGER,
		}));
		await addLogins(trx, logins, now);
	});
}

/** Stores logins together with an `app_user` record for each person who has none. `now` is UTC. */
export async function seedLogins(db: Kysely<Tables>, logins: readonly Login[], now: Date): Promise<void> {
	await inTransaction(db, async (trx) => {
		const rows = await trx.selectFrom('record').select('id').where('entity', '=', 'app_user').execute();
		const known = new Set(rows.map((row) => row.id));
		const missing = [...new Set(logins.map((login) => login.userId))].filter((id) => !known.has(id));
		await insertSeed(
			trx,
			missing.map((id) => ({ t: 'app_user', id, v: { name: id } })),
			now,
		);
		await addLogins(trx, logins, now);
	});
}

function idsOf(records: readonly SeedRecord[], entity: EntityName): string[] {
	return records.filter((record) => record.t === entity).map((record) => record.id);
}

async function insertSeed(trx: Trx, records: readonly SeedRecord[], now: Date): Promise<void> {
	let version: Version | undefined;
	for (let start = 0; start < records.length; start += ROWS_PER_COMMIT) {
		const seq = await nextSeq(trx);
		version = nextVersion(version, now.getTime(), SERVER_SHORT);
		const own = { version, now, seq };
		const chunk = records.slice(start, start + ROWS_PER_COMMIT);
		await insertRecords(
			trx,
			chunk.map((record, ord) => writeRecord(seeded(record, own), seq, ord)),
		);
		await insertHistory(
			trx,
			chunk.map((record, ord) => seedHistory(record, { ...own, ord })),
		);
	}
}

interface Own {
	version: Version;
	now: Date;
	seq: number;
}

function seeded({ t, id, v }: SeedRecord, { version, now }: Own) {
	const { fields } = getEntity(t);
	const values = Object.entries(v).filter(
		([name, value]) => value != null && fields[name] && fields[name].kind !== 'text-doc',
	);
	return newRecord(t, id, {
		data: Object.fromEntries(values),
		versions: { '*': version },
		createdAt: now.toISOString(),
		createdBy: null,
	});
}

function seedHistory({ t, id, v }: SeedRecord, { version, now, seq, ord }: Own & { ord: number }): HistoryRow {
	return {
		seq,
		ord,
		entity: t,
		row_id: id,
		field: '*',
		before: null,
		value: JSON.stringify(v),
		version,
		base: null,
		by_user: null,
		device: null,
		device_at: null,
		server_at: now.toISOString(),
		outcome: 'create',
		stands_as: null,
		conflict_id: null,
	};
}
