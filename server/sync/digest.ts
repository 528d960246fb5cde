import { sql } from 'kysely';
import { type DigestReply, DigestSum } from '../../shared/sync/digest.ts';
import { SCHEMA } from '../../shared/sync/protocol.ts';
import { readVersions, writeVersions } from '../../shared/sync/version.ts';
import { ApiError } from '../api-error.ts';
import { takeReach } from '../store/reach.ts';
import { readByCursor } from '../store/read-by-cursor.ts';
import { type Trx, topSeq } from '../store/transaction.ts';
import { accessOf } from './access.ts';
import type { SyncCore, User } from './sync-core.ts';
import { isVisible, type Reader, withheldFields } from './visibility.ts';

interface Row {
	entity: string;
	id: string;
	data: string;
	versions: string;
}

interface Text {
	entity: string;
	row_id: string;
	field: string;
	y: string;
}

/**
 * Sums up what a pull would have given `user` of one account, as their laptop must hold it. `schema` is the laptop's.
 * Throws ApiError 403 `no_access` for an account that is not theirs.
 */
export async function readDigest(
	core: SyncCore,
	user: User,
	{ account, schema = SCHEMA }: { account: string; schema?: number | undefined },
): Promise<DigestReply> {
	return core.db
		.transaction()
		.setIsolationLevel('repeatable read')
		.execute(async (trx) => {
			await takeReach(trx, { user: user.id, how: 'read' });
			const access = await accessOf(trx, user.id);
			if (!access.grants.has(account)) throw new ApiError(403, 'no_access', 'The account is not one of yours.');
			const seq = await topSeq(trx);
			const tables = await sumUp(trx, account, { access, schema, known: seq });
			return { account, seq, tables };
		});
}

async function sumUp(trx: Trx, account: string, reader: Reader): Promise<DigestReply['tables']> {
	const sum = new DigestSum();
	const rows = sql<Row>`select r.entity, r.id, r.data::text as data, r.versions
		from record r where r.account_id = ${account} and r.deleted_at is null and ${isVisible(reader)}`;
	for await (const row of readByCursor(trx, rows)) {
		const withheld = withheldFields(reader, row.entity, account);
		const without = <T>(record: Record<string, T>) =>
			withheld ? Object.fromEntries(Object.entries(record).filter(([field]) => !withheld.has(field))) : record;
		const v = without(JSON.parse(row.data) as Record<string, unknown>);
		const fv = withheld ? writeVersions(without(readVersions(row.versions))) : row.versions;
		sum.addRow(row.entity, { id: row.id, v, fv, del: false });
	}
	const texts = sql<Text>`select t.entity, t.row_id, t.field, replace(encode(t.bytes, 'base64'), E'\n', '') as y
		from text_update t join record r on r.entity = t.entity and r.id = t.row_id
		where r.account_id = ${account} and r.deleted_at is null and ${isVisible(reader)}`;
	for await (const { entity, row_id, field, y } of readByCursor(trx, texts)) {
		if (!withheldFields(reader, entity, account)?.has(field)) sum.addText({ t: entity, id: row_id, field, y });
	}
	return sum.tables();
}
