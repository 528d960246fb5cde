import { useLocation } from 'wouter';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { call } from '../../lib/core.ts';
import { placeOf } from '../../lib/places.ts';
import { report } from '../../lib/report.ts';
import { showToast } from '../../lib/toasts.ts';
import { holdBack } from './held-change.ts';
import { moveTarget, type OutboxOrder, type OutboxRow } from './outbox-rows.ts';
import { type OutboxAction, sentAloneWords, whyNot } from './outbox-words.ts';

interface Shown {
	rows: readonly OutboxRow[];
	order: OutboxOrder;
	status: SyncStatus | undefined;
}

/** What can be done with one unsent change. Each says why when it cannot be. */
export function useOutboxActions({ rows, order, status }: Shown) {
	const [, go] = useLocation();
	const held = (action: OutboxAction, row: OutboxRow) => {
		const why = whyNot(action, row, status);
		if (why) showToast(why);
		return why !== null;
	};
	return {
		urgent: async (row: OutboxRow) => {
			if (held('urgent', row)) return;
			const urgent = !row.urgent;
			if (!report(await call('outbox.urgent', { group: row.group, urgent }))) return;
			showToast(urgent ? 'Urgent: it goes first, also on a metered link' : 'No longer urgent');
		},
		undo: async (row: OutboxRow) => {
			if (row.refused !== null) return setAside(row);
			if (held('undo', row)) return;
			holdBack(row);
		},
		move: async (row: OutboxRow, down: boolean) => {
			if (held('move', row)) return;
			const target = moveTarget(rows, row, { down, order });
			if (!target)
				return showToast(down ? 'It is the last one here already' : 'Nothing can go before what is ahead of it');
			report(await call('outbox.move', target));
		},
		sendAlone: async (row: OutboxRow) => {
			if (held('send', row)) return;
			const result = await call('outbox.sendAlone', { group: row.group });
			if (report(result) && result.ok) showToast(sentAloneWords(result.value, row.title, new Date()));
		},
		open: (row: OutboxRow) => {
			const place = placeOf({ entity: row.entity, id: row.row_id });
			if (place) go(place);
			else showToast('This record has no page of its own');
		},
	};
}

export type OutboxActions = ReturnType<typeof useOutboxActions>;

/** A refused change leaves the list; what it said stays in the record's history. */
export async function setAside(row: OutboxRow): Promise<void> {
	if (report(await call('sync.dismiss', { group: row.group })))
		showToast('Set aside. The words stay in the record’s history.');
}
