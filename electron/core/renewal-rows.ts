import { intToAmount } from '../../db/codec.ts';
import type { RenewalRow } from '../../shared/contract/models.ts';
import type { QueryContext } from './handler.ts';

/** Renewals with the case they belong to. */
export function renewalRows({ db }: QueryContext) {
	return db
		.selectFrom('renewal_event')
		.leftJoin('patent_asset as asset', 'asset.id', 'renewal_event.asset_id')
		.select([
			'renewal_event.id',
			'renewal_event.asset_id',
			'renewal_event.account_id',
			'fee_no',
			'due_date',
			'free_until',
		])
		.select(['grace_end', 'client_cutoff', 'renewal_event.status', 'official_fee', 'service_fee', 'currency'])
		.select(['asset.title', 'asset.client_ref', 'asset.country'])
		.select((eb) => eb.fn.coalesce('asset.grant_no', 'asset.app_no', 'asset.pub_no').as('number'));
}

type StoredRenewal = Omit<RenewalRow, 'official_fee' | 'service_fee'> & {
	official_fee: number | null;
	service_fee: number | null;
};

/** Amounts leave the store as decimal text. */
export function toRenewalRow(row: StoredRenewal): RenewalRow {
	const amount = (units: number | null) => (units === null ? null : intToAmount(units));
	return { ...row, official_fee: amount(row.official_fee), service_fee: amount(row.service_fee) };
}
