import type { InputOf } from '../../../shared/contract/contract.ts';
import { useSend } from '../../lib/core.ts';
import { counted } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { showUndo } from '../../lib/toasts.ts';

export type TrashItem = InputOf<'trash.restore'>['items'][number];

/** Brings records back from the trash and offers the way out of it again. True when it was done. */
export function useBringBack() {
	const { send, pending } = useSend('trash.restore');
	const bringBack = async (items: TrashItem[], options: { parents: boolean; title?: string }): Promise<boolean> => {
		const result = await send({ items, parents: options.parents });
		if (!report(result) || !result.ok) return false;
		const { restored } = result.value;
		showUndo(
			items.length === 1 && options.title ? `Restored: ${options.title}` : `${counted(restored, 'record')} restored`,
		);
		return true;
	};
	return { bringBack, pending };
}
