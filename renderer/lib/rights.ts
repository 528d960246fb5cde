import type { EntityName } from '../../shared/entities/registry.ts';
import { useAnswer } from './core.ts';

/** True when this person reads such records of an account and does not change them. False while that is not known. */
export function useOnlyReads(accountId: string | null | undefined, entity: EntityName): boolean {
	const rights = useAnswer('accounts.rights', { id: accountId ?? '' }, { enabled: Boolean(accountId) }).data;
	return rights?.onlyRead.includes(entity) ?? false;
}

/** The account a record is on, the account itself included; null for one that is on none. */
export function accountOf(entity: string, record: object): string | null {
	const { id, account_id } = record as { id?: unknown; account_id?: unknown };
	const account = entity === 'account' ? id : account_id;
	return typeof account === 'string' ? account : null;
}
