import { useMemo } from 'react';
import type { UnsentChange } from '../../../shared/contract/sync-models.ts';
import { useHeldId } from '../../features/outbox/held-change.ts';
import { Outbox } from '../../features/outbox/Outbox.tsx';
import { OutboxInspector } from '../../features/outbox/OutboxInspector.tsx';
import { type OutboxOrder, type OutboxShow, outboxRows, shownRows } from '../../features/outbox/outbox-rows.ts';
import { useOutboxActions } from '../../features/outbox/use-outbox-actions.ts';
import { useAnswer } from '../../lib/core.ts';
import { useListState } from '../../lib/list-place.ts';
import { usePainted } from '../../lib/painted.ts';
import { Answer } from '../../ui/Answer.tsx';
import { SyncFrame } from './SyncFrame.tsx';

const none: readonly UnsentChange[] = [];

/** The unsent changes, with the selected one beside them. */
export function OutboxView() {
	const status = useAnswer('sync.status', {}).data;
	const answer = useAnswer('sync.unsent', {});
	const list = useListState('outbox');
	const show = (list.filters['show'] ?? 'all') as OutboxShow;
	const order = (list.filters['order'] ?? 'client') as OutboxOrder;
	const changes = answer.data ?? none;
	const held = useHeldId();
	const all = useMemo(() => outboxRows(changes).filter(({ id }) => id !== held), [changes, held]);
	const shown = useMemo(() => shownRows(all, { show, order, text: list.text }), [all, show, order, list.text]);
	const selected = shown.find((row) => row.id === list.selected);
	const actions = useOutboxActions({ rows: shown, order, status });
	usePainted(answer.data !== undefined);
	return (
		<SyncFrame
			part="unsent"
			status={status}
			aside={shown.length > 0 ? <OutboxInspector row={selected} status={status} actions={actions} /> : null}
		>
			<Answer of={answer}>
				{() => (
					<Outbox
						list={list}
						show={show}
						order={order}
						all={all}
						shown={shown}
						selected={selected}
						status={status}
						actions={actions}
					/>
				)}
			</Answer>
		</SyncFrame>
	);
}
