import type { InputOf } from '../../../shared/contract/contract.ts';
import type { Counted } from '../../../shared/contract/kept-models.ts';
import { useSend } from '../../lib/core.ts';
import { countedWords } from '../../lib/counted-words.ts';
import { counted } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { showUndo } from '../../lib/toasts.ts';

export type TrashItem = InputOf<'trash.restore'>['items'][number];

interface BringingBack {
	/** What they belong to comes back as well. */
	parents: boolean;
	/** Of one record: its name, and what went with it. */
	title?: string;
	along?: readonly Counted[];
}

/** "Restored: Annual review, with 6 attendees and 9 checklist items". */
function restoredWords({ title, along = [], parents }: BringingBack): string {
	const others = [countedWords(along), parents ? 'what it belongs to' : null].filter(Boolean).join(' and ');
	return `Restored${title ? `: ${title}` : ''}${others ? `, with ${others}` : ''}`;
}

/** Brings records back from the trash and offers the way out of it again. True when it was done. */
export function useBringBack() {
	const { send, pending } = useSend('trash.restore');
	const bringBack = async (items: TrashItem[], options: BringingBack): Promise<boolean> => {
		const result = await send({ items, parents: options.parents });
		if (!report(result) || !result.ok) return false;
		showUndo(items.length === 1 ? restoredWords(options) : `${counted(result.value.restored, 'record')} restored`);
		return true;
	};
	return { bringBack, pending };
}
