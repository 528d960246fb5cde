import { useEffect, useRef } from 'react';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { copyText } from '../../lib/copy-text.ts';
import type { ListState } from '../../lib/list-place.ts';
import { count, counted } from '../../lib/numbers.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { releaseHeld, useHeldId } from './held-change.ts';
import styles from './Outbox.module.css';
import { outboxColumns } from './outbox-columns.tsx';
import { groupOf, type OutboxOrder, type OutboxRow, type OutboxShow, REFUSED } from './outbox-rows.ts';
import { changeText } from './outbox-words.ts';
import type { OutboxActions } from './use-outbox-actions.ts';

const shows = [
	{ value: 'all', word: 'All' },
	{ value: 'urgent', word: 'Urgent' },
	{ value: 'refused', word: 'Refused' },
] as const;

const orders = [
	{ value: 'client', word: 'By client' },
	{ value: 'sending', word: 'In order' },
] as const;

interface OutboxProps {
	list: ListState;
	show: OutboxShow;
	order: OutboxOrder;
	/** All that wait or were refused, and those of them that are shown. */
	all: readonly OutboxRow[];
	shown: readonly OutboxRow[];
	selected: OutboxRow | undefined;
	status: SyncStatus | undefined;
	actions: OutboxActions;
}

/** Every change that the office has not acknowledged, to be looked through, put in order, sent or taken back. */
export function Outbox(props: OutboxProps) {
	const { list, show, order, all, shown, actions } = props;
	useNextSelected(props);
	useOutboxKeys(props);
	return (
		<>
			<ListBar
				label="Find a change"
				text={list.text}
				onText={list.search}
				count={shown.length > 0 ? sumWords(shown, props.status) : null}
			>
				<Choices label="Show" options={shows} value={show} onChange={(value) => list.filter('show', value)} />
				<Choices label="Order" options={orders} value={order} onChange={(value) => list.filter('order', value)} />
			</ListBar>
			{shown.length > 0 ? (
				<VirtualTable
					label="Unsent changes"
					columns={outboxColumns}
					rows={shown}
					list={list}
					group={{ of: (row) => groupOf(row, order), head: (group) => <GroupHead group={group} {...props} /> }}
					onOpen={actions.open}
				/>
			) : (
				<NoChanges all={all} show={show} text={list.text} list={list} />
			)}
		</>
	);
}

/** What is sent or taken back leaves the list: the row that moves into its place is selected. */
function useNextSelected({ list, shown, selected }: OutboxProps): void {
	const { select } = list;
	const last = useRef(0);
	useEffect(() => {
		if (selected) last.current = shown.indexOf(selected);
		else {
			const next = shown[Math.min(last.current, shown.length - 1)];
			if (next) select(next.id);
		}
	}, [selected, shown, select]);
}

function useOutboxKeys({ list, selected, actions }: OutboxProps): void {
	const on = (act: (row: OutboxRow) => unknown) => (selected ? () => void act(selected) : null);
	useCommand('outbox.urgent', on(actions.urgent));
	useCommand('outbox.undo', on(actions.undo));
	useCommand(
		'outbox.earlier',
		on((row) => actions.move(row, false)),
	);
	useCommand(
		'outbox.later',
		on((row) => actions.move(row, true)),
	);
	useCommand('outbox.send-alone', on(actions.sendAlone));
	const held = useHeldId();
	const bringBack = () => {
		if (held !== null) list.select(held);
		releaseHeld();
	};
	useCommand('undo', held === null ? null : bringBack);
	useCommand(
		'text.copy',
		on((row) => copyText(changeText(row), 'Copied as text')),
	);
}

/** "61 changes, 104 records"; of a very long list the newest part is shown, and that is said. */
function sumWords(shown: readonly OutboxRow[], status: SyncStatus | undefined): string {
	const records = shown.reduce((sum, row) => sum + row.count, 0);
	const waiting = shown.filter((row) => row.refused === null).length;
	const beyond =
		status !== undefined && status.unsent > waiting && shown.length >= 300 ? ` of ${count(status.unsent)}` : '';
	return `${counted(shown.length, 'change')}${beyond}, ${counted(records, 'record')}`;
}

function GroupHead({ group, shown, order }: OutboxProps & { group: string }) {
	const own = shown.filter((row) => groupOf(row, order) === group);
	return (
		<span className={styles.head}>
			<span className={group === REFUSED ? 'red strong' : 'strong'}>
				{group === REFUSED ? 'Refused by the office' : group}
			</span>
			<span className={styles.beside}>
				{group === REFUSED ? 'the rest is sent as usual' : counted(own.length, 'change')}
			</span>
		</span>
	);
}

interface NoChangesProps {
	all: readonly OutboxRow[];
	show: OutboxShow;
	text: string;
	list: ListState;
}

function NoChanges({ all, show, text, list }: NoChangesProps) {
	const clear = () => {
		list.search('');
		list.filter('show', 'all');
	};
	if (all.length > 0)
		return (
			<EmptyState title="No change matches" action={<Button onClick={clear}>Show all</Button>}>
				{text
					? `Nothing unsent holds ${quoted(text)}.`
					: show === 'urgent'
						? 'Nothing is marked urgent.'
						: 'Nothing was refused.'}
			</EmptyState>
		);
	return (
		<EmptyState title="Nothing to send">
			Changes made here wait on this list until the server has acknowledged them.
		</EmptyState>
	);
}
