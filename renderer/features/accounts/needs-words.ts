import type { AccountRow } from '../../../shared/contract/models.ts';
import { count } from '../../lib/numbers.ts';

/** "2 urgent, 7 undecided": what an account asks for, in words; null when it asks for nothing. */
export function needsWords(row: Pick<AccountRow, 'urgent_issues' | 'undecided'>): string | null {
	const parts = [
		row.urgent_issues > 0 ? `${count(row.urgent_issues)} urgent` : null,
		row.undecided > 0 ? `${count(row.undecided)} undecided` : null,
	].filter(Boolean);
	return parts.length > 0 ? parts.join(', ') : null;
}
