import { useAnswer } from '../../lib/core.ts';
import type { TrashItem } from './use-bring-back.ts';

/** True once a deleted record has left the trash: it is not shown any more. */
export function useLeftTrash(item: TrashItem, deletedAt: string | null | undefined): boolean {
	const deletion = useAnswer('trash.about', item, { enabled: Boolean(deletedAt) }).data;
	return Boolean(deletedAt) && deletion?.stays_until === null;
}
