import { sql } from 'kysely';
import { decodeRow } from '../../../db/codec.ts';
import { searchExpression } from '../../../db/search-index.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { AssetRow } from '../../../shared/contract/models.ts';
import { type PatentAsset, patentAsset } from '../../../shared/entities/patent-asset.ts';
import type { Handlers } from '../handler.ts';
import { renewalRows, toRenewalRow } from '../renewal-rows.ts';

export const assetHandlers: Handlers<'assets.list' | 'assets.get' | 'assets.update' | 'renewals.upcoming'> = {
	'assets.list': async ({ db }, input) => {
		let matching = db
			.selectFrom('patent_asset')
			.where('account_id', '=', input.account_id)
			.where('deleted_at', 'is', null);
		if (input.text.trim() !== '') {
			const expression = searchExpression(input.text);
			const plain = `%${input.text.trim().replace(/[%_\\]/g, '\\$&')}%`;
			matching = matching.where((eb) =>
				eb.or([
					...(expression ? [isFound(expression)] : []),
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
		const account = await context.db
			.selectFrom('account')
			.select('name')
			.where('id', '=', row.account_id)
			.executeTakeFirst();
		const renewals = await renewalRows(context).where('renewal_event.asset_id', '=', id).orderBy('due_date').execute();
		return {
			asset: decodeRow<PatentAsset>(patentAsset, row),
			account_name: account?.name ?? '',
			renewals: renewals.map(toRenewalRow),
		};
	},

	'assets.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'patent_asset', id, patch, seen, joins: true }),

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

/** True for rows the search index finds; a subquery, so that the list is filtered before it is counted. */
function isFound(expression: string) {
	return sql<boolean>`patent_asset.id IN (SELECT row_id FROM search_doc WHERE id IN
		(SELECT rowid FROM search_text WHERE search_text MATCH ${expression}))`;
}
