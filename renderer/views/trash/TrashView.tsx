import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { quoted } from '../../../shared/domain/quoted.ts';
import { TrashInspector } from '../../features/trash/TrashInspector.tsx';
import { type TrashLine, trashColumns } from '../../features/trash/trash-columns.tsx';
import { type TrashItem, useBringBack } from '../../features/trash/use-bring-back.ts';
import { useAnswer } from '../../lib/core.ts';
import { useListState } from '../../lib/list-place.ts';
import { useNow, useToday } from '../../lib/now.ts';
import { count, counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { placeOf } from '../../lib/places.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';

const mostShown = 5000;
const none: readonly string[] = [];

const itemOf = (row: TrashLine) => ({ entity: row.entity, id: row.id.slice(row.entity.length + 1) }) as TrashItem;

/** Everything deleted in the last 30 days, and the way back. */
export function TrashView() {
	const list = useListState('trash');
	const answer = useAnswer('trash.list', { text: list.text, limit: mostShown }, { keep: true });
	const [marked, setMarked] = useState<readonly string[]>(none);
	const { bringBack, pending } = useBringBack();
	const [, go] = useLocation();
	const now = useNow();
	const today = useToday();
	// Two kinds of record could have the same id; the list needs one of its own.
	const rows = useMemo(
		() => (answer.data?.rows ?? []).map((row): TrashLine => ({ ...row, id: `${row.entity}:${row.id}` })),
		[answer.data],
	);
	const chosen = rows.filter((row) => marked.includes(row.id));
	const selected = rows.find((row) => row.id === list.selected);
	const mark = (row: TrashLine) =>
		setMarked(marked.includes(row.id) ? marked.filter((id) => id !== row.id) : [...marked, row.id]);
	const columns = trashColumns({ isMarked: (row) => marked.includes(row.id), onMark: mark, now, today });
	useFirstSelected(list, rows);
	usePainted(answer.data !== undefined);
	const restore = async (wanted: readonly TrashLine[], parents: boolean) => {
		const [first] = wanted;
		if (!first || pending) return;
		if (await bringBack(wanted.map(itemOf), { parents, title: first.title, along: first.along })) setMarked(none);
	};
	const wanted = chosen.length > 0 ? chosen : selected ? [selected] : [];
	const withParents = wanted.some((row) => row.parent?.deleted);
	useCommand('record.restore', wanted.length > 0 ? () => void restore(wanted, withParents) : null);
	const total = answer.data?.total ?? 0;
	const action = (
		<Button
			look="primary"
			disabled={pending}
			why={wanted.length > 0 ? null : 'Mark what shall come back.'}
			onClick={() => void restore(wanted, withParents)}
			hint={<CommandKbd id="record.restore" />}
		>
			{chosen.length > 1 ? `Restore ${count(chosen.length)}` : 'Restore'}
		</Button>
	);
	return (
		<Page
			header={<PageHeader place={`${counted(total, 'record')}, kept for 30 days`} title="Trash" action={action} />}
			aside={
				<TrashInspector
					row={selected ? { ...selected, id: itemOf(selected).id } : undefined}
					pending={pending}
					onRestore={(parents) => void restore(selected ? [selected] : [], parents)}
				/>
			}
		>
			<ListBar
				label="Filter the trash"
				text={list.text}
				onText={list.search}
				count={
					total > rows.length ? `the newest ${count(rows.length)} of ${count(total)}` : counted(rows.length, 'record')
				}
			/>
			<Answer of={answer}>
				{() =>
					rows.length > 0 ? (
						<VirtualTable
							label="Trash"
							columns={columns}
							rows={rows}
							list={list}
							onTick={mark}
							onOpen={(row) => {
								const place = placeOf({ ...itemOf(row), account_id: row.account_id });
								if (place) go(place);
							}}
						/>
					) : (
						<NothingHere text={list.text} onClear={() => list.search('')} />
					)
				}
			</Answer>
		</Page>
	);
}

function useFirstSelected(list: ReturnType<typeof useListState>, rows: readonly TrashLine[]): void {
	const { select, selected } = list;
	const first = rows[0]?.id;
	const isThere = rows.some((row) => row.id === selected);
	useEffect(() => {
		if (!isThere && first) select(first);
	}, [isThere, first, select]);
}

function NothingHere({ text, onClear }: { text: string; onClear(): void }) {
	if (text)
		return (
			<EmptyState title="Nothing in the trash matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
				Nothing here holds {quoted(text)}.
			</EmptyState>
		);
	return (
		<EmptyState title="The trash is empty">
			What you or a colleague deletes stays here for 30 days and can be brought back with all that belonged to it.
		</EmptyState>
	);
}
