import { useEffect, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { VisitRow } from '../../../shared/contract/models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { VisitInspector } from '../../features/visits/VisitInspector.tsx';
import { type VisitGroup, VisitList } from '../../features/visits/VisitList.tsx';
import { whenGroup } from '../../features/visits/visit-time.ts';
import { useAnswer } from '../../lib/core.ts';
import { useListState } from '../../lib/list-place.ts';
import { useToday } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { filterRows } from '../../lib/rows.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

const shown = [
	{ value: 'ahead', word: 'Ahead' },
	{ value: 'past', word: 'Past' },
	{ value: 'all', word: 'All' },
] as const;

const none: readonly VisitRow[] = [];

function groupVisits(rows: readonly VisitRow[], today: string): VisitGroup[] {
	const groups = { 'This week': [], Later: [], Past: [] } as Record<VisitGroup['when'], VisitRow[]>;
	for (const row of rows) groups[whenGroup(row, today)].push(row);
	groups.Past.reverse();
	return (['This week', 'Later', 'Past'] as const)
		.map((when) => ({ when, rows: groups[when] }))
		.filter((group) => group.rows.length > 0);
}

/** Visits by when they are, with what each still needs. */
export function TravelPrepView() {
	const list = useListState('visits');
	const show = list.filters['show'] ?? 'ahead';
	const answer = useAnswer('visits.list', { past: true });
	const today = useToday();
	const rows = answer.data ?? none;
	const groups = useMemo(() => {
		const found = filterRows(rows, list.text, (row) => `${row.purpose} ${row.account_name} ${row.place}`);
		return groupVisits(found, today).filter((group) => show === 'all' || (group.when === 'Past') === (show === 'past'));
	}, [rows, list.text, today, show]);
	const visible = groups.flatMap((group) => group.rows);
	const selected = visible.find((row) => row.id === list.selected);
	const { select } = list;
	const first = visible[0]?.id;
	useEffect(() => {
		if (!selected && first) select(first);
	}, [selected, first, select]);
	usePainted(answer.data !== undefined);
	const [, go] = useLocation();
	const create = () => go(places.newVisit());
	useCommand('record.create', create);
	const ahead = rows.filter((row) => whenGroup(row, today) !== 'Past').length;
	const add = (
		<Button look="primary" onClick={create} hint={<CommandKbd id="record.create" />}>
			New visit
		</Button>
	);
	return (
		<Page
			header={<PageHeader place={`${counted(ahead, 'visit')} ahead`} title="Travel prep" action={add} />}
			aside={<VisitInspector row={selected} />}
		>
			<ListBar label="Filter visits" text={list.text} onText={list.search}>
				<Choices
					label="Show"
					options={shown}
					value={show as (typeof shown)[number]['value']}
					onChange={(value) => list.filter('show', value)}
				/>
			</ListBar>
			<Answer of={answer}>
				{() =>
					visible.length > 0 ? (
						<VisitList groups={groups} list={list} />
					) : (
						<NoVisits text={list.text} show={show} onClear={() => list.search('')} add={add} />
					)
				}
			</Answer>
		</Page>
	);
}

interface NoVisitsProps {
	text: string;
	show: string;
	onClear(): void;
	add: React.ReactNode;
}

function NoVisits({ text, show, onClear, add }: NoVisitsProps) {
	if (text) {
		return (
			<EmptyState title="No visit matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
				Nothing here holds {quoted(text)}.
			</EmptyState>
		);
	}
	return (
		<EmptyState title={show === 'past' ? 'No visits yet' : 'No visits ahead'} action={add}>
			Visits to clients belong here, with place, people, checklist and notes. They work without a network.
		</EmptyState>
	);
}
