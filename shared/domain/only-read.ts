import type { EntityName } from '../entities/registry.ts';

/**
 * Kinds of records that a person of a role reads on an account and does not change, as the server judges (a test holds
 * the two equal): a laptop offers no editing that would be refused afterwards.
 */
const ONLY_READ: Readonly<Record<string, readonly EntityName[]>> = {
	MANAGER: [
		'account',
		'contact',
		'patent_asset',
		'renewal_event',
		'import_batch',
		'mapping_profile',
		'visit',
		'attendee',
		'checklist_item',
		'note',
	],
	PROJECT: ['account', 'contact', 'patent_asset', 'renewal_event', 'import_batch', 'mapping_profile', 'handover'],
	PROCESSING: ['account', 'contact'],
};

/**
 * What a person only reads on an account. `keeps`: the account is their own, which a manager's may be too; then their
 * role is that of whoever had it before.
 */
export function onlyRead(role: string | null, { keeps }: { keeps: boolean }): readonly EntityName[] {
	if (role === 'MANAGER' && keeps) return [];
	return (role && ONLY_READ[role]) || [];
}
