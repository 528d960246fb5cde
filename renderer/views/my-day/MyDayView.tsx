import { useEffect } from 'react';
import type { DayRow } from '../../../shared/contract/day-models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { DayList } from '../../features/my-day/DayList.tsx';
import { DayStrip } from '../../features/my-day/DayStrip.tsx';
import { kindWord, titleOf, whyWords } from '../../features/my-day/day-words.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactDate } from '../../lib/dates.ts';
import { type ListState, useListState } from '../../lib/list-place.ts';
import { useToday } from '../../lib/now.ts';
import { count, counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { filterRows } from '../../lib/rows.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

const none: readonly DayRow[] = [];

/** One ranked list of all that waits for the person, with the reason of each rank, and the days ahead. */
export function MyDayView() {
	const today = useToday();
	const list = useListState('my-day', { sort: null });
	const answer = useAnswer('day.get', { today });
	const rows = answer.data?.rows ?? none;
	const visible = filterRows(rows, list.text, (row) =>
		[titleOf(row), row.account_name, whyWords(row), kindWord(row)].join(' '),
	);
	const first = visible[0]?.id;
	const isHere = visible.some((row) => row.id === list.selected);
	const { select } = list;
	useEffect(() => {
		if (!isHere && first) select(first);
	}, [isHere, first, select]);
	usePainted(answer.data !== undefined);
	const all = answer.data?.total ?? 0;
	return (
		<Page header={<PageHeader place={exactDate(today)} title="My day" />}>
			<Answer of={answer}>{({ days }) => <DayStrip days={days} />}</Answer>
			<ListBar
				label="Filter my day"
				text={list.text}
				onText={list.search}
				count={visible.length === all ? counted(all, 'thing') : `${count(visible.length)} of ${counted(all, 'thing')}`}
			/>
			{visible.length > 0 ? <DayList rows={visible} list={list} /> : null}
			{answer.data && visible.length === 0 ? <NothingWaits list={list} /> : null}
		</Page>
	);
}

function NothingWaits({ list }: { list: ListState }) {
	if (list.text) {
		return (
			<EmptyState title="Nothing matches" action={<Button onClick={() => list.search('')}>Clear the filter</Button>}>
				Nothing that waits for you holds {quoted(list.text)}.
			</EmptyState>
		);
	}
	return (
		<EmptyState title="Nothing waits for you">
			Issues that are yours, cases near their cut-off, visits to prepare and what sync asks stand here, most pressing
			first.
		</EmptyState>
	);
}
