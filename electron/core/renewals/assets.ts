import { sql } from 'kysely';
import { decodeRow, intToAmount } from '../../../db/codec.ts';
import { searchExpression } from '../../../db/search-index.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { AssetRow, RenewalRow } from '../../../shared/contract/models.ts';
import { patentAsset, type PatentAsset } from '../../../shared/entities/patent-asset.ts';
import type { Handlers, QueryContext } from '../handler.ts';

export const assetHandlers: Handlers<'assets.list' | 'assets.get' | 'assets.update' | 'renewals.upcoming'> = {
	'assets.list': async ({ db }, input) => {
		let matching = db.selectFrom('patent_asset').where('account_id', '=', input.account_id).where('deleted_at', 'is', null);
		if (input.text.trim() !== '') {
			const expression = searchExpression(input.text);
			const plain = `%${input.text.trim().replace(/[%_\\]/g, '\\$&')}%`;
			matching = matching.where((eb) =>
				eb.or([
					...(expression ? [eb('id', 'in', foundBy(eb.selectFrom('search_doc'), expression))] : []),
					eb('client_ref', 'like', sql<string>`${plain} ESCAPE '\\'`),
					eb('title', 'like', sql<string>`${plain} ESCAPE '\\'`),
				]),
			);
		}
		const { total } = await matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
		const rows = await matching
			.select(['id', 'client_ref', 'title', 'country', 'app_no', 'grant_no', 'pub_no'])
			.select(['filing_date', 'grant_date', 'expiry_date', 'status', 'watch'])
			.orderBy(input.sort, (ob) => (input.descending ? ob.desc().nullsLast() : ob.asc().nullsLast()))
			.orderBy('id')
			.offset(input.offset)
			.limit(input.limit)
			.execute();
		return { rows: rows.map((row) => ({ ...row, watch: row.watch === 1 })) as AssetRow[], total };
	},

	'assets.get': async (context, { id }) => {
		const row = await context.db.selectFrom('patent_asset').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This case is not on this laptop.');
		const account = await context.db.selectFrom('account').select('name').where('id', '=', row.account_id).executeTakeFirst();
		const renewals = await renewalRows(context).where('renewal_event.asset_id', '=', id).orderBy('due_date').execute();
		return {
			asset: decodeRow<PatentAsset>(patentAsset, row),
			account_name: account?.name ?? '',
			renewals: renewals.map(toRenewalRow),
		};
	},

	'assets.update': ({ apply }, { id, patch }) => apply({ kind: 'set', entity: 'patent_asset', id, patch }),

	'renewals.upcoming': async (context, { account_id, offset, limit }) => {
		const rows = await renewalRows(context)
			.where('renewal_event.account_id', '=', account_id)
			.where(sql<boolean>`renewal_event.status IN ('OPEN', 'REMINDED') AND renewal_event.deleted_at IS NULL`)
			.orderBy('client_cutoff')
			.offset(offset)
			.limit(limit)
			.execute();
		return rows.map(toRenewalRow);
	},
};

/** Ids of records the search index finds; a subquery, so that the list is filtered before it is counted. */
function foundBy(docs: ReturnType<QueryContext['db']['selectFrom']>, expression: string) {
	return (docs as ReturnType<typeof searchDocs>)
		.select('row_id')
		.where(sql<boolean>`search_doc.id IN (SELECT rowid FROM search_text WHERE search_text MATCH ${expression})`);
}

/** Only for its type. */
function searchDocs(db: QueryContext['db']) {
	return db.selectFrom('search_doc');
}

/** Renewals with the case they belong to. */
export function renewalRows({ db }: QueryContext) {
	return db
		.selectFrom('renewal_event')
		.leftJoin('patent_asset as asset', 'asset.id', 'renewal_event.asset_id')
		.select(['renewal_event.id', 'renewal_event.asset_id', 'renewal_event.account_id', 'fee_no', 'due_date', 'free_until'])
		.select(['grace_end', 'client_cutoff', 'renewal_event.status', 'official_fee', 'service_fee', 'currency'])
		.select(['asset.title', 'asset.client_ref', 'asset.country'])
		.select((eb) => eb.fn.coalesce('asset.grant_no', 'asset.app_no', 'asset.pub_no').as('number'));
}

type StoredRenewal = Omit<RenewalRow, 'official_fee' | 'service_fee'> & { official_fee: number | null; service_fee: number | null };

export function toRenewalRow(row: StoredRenewal): RenewalRow {
	const amount = (units: number | null) => (units === null ? null : intToAmount(units));
	return { ...row, official_fee: amount(row.official_fee), service_fee: amount(row.service_fee) };
}
