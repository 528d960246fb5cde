import { useEffect, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { IssueRow } from '../../../shared/contract/models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { IssueInspector } from '../../features/issues/IssueInspector.tsx';
import { issueColumns } from '../../features/issues/issue-columns.tsx';
import { useIssueRows } from '../../features/issues/use-issue-rows.ts';
import { useAnswer } from '../../lib/core.ts';
import { focusFirstField } from '../../lib/focus-field.ts';
import { type ListState, useListState } from '../../lib/list-place.ts';
import { useToday } from '../../lib/now.ts';
import { count, counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { filterRows, sortRows } from '../../lib/rows.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';

type Show = 'open' | 'mine' | 'all';

const shown = [
	{ value: 'open', word: 'Open' },
	{ value: 'mine', word: 'Mine' },
	{ value: 'all', word: 'All' },
] as const;

const none: readonly IssueRow[] = [];

function useShownRows(rows: readonly IssueRow[], list: ListState, me: string | null) {
	const { text, sort } = list;
	return useMemo(() => {
		const asked = me ? rows.filter((row) => row.owner_id === me) : rows;
		const found = filterRows(asked, text, (row) => `${row.ref_no} ${row.title} ${row.account_name} ${row.owner_name}`);
		return sortRows(found, issueColumns, sort);
	}, [rows, text, sort, me]);
}

/** Everything clients need resolved, most pressing first. */
export function IssuesView() {
	const list = useListState('issues', { sort: { column: 'due', descending: false } });
	const show = (list.filters['show'] ?? 'open') as Show;
	const answer = useIssueRows(show !== 'all');
	const user = useAnswer('app.info', {}).data?.user;
	const rows = answer.data ?? none;
	const visible = useShownRows(rows, list, show === 'mine' ? (user?.id ?? null) : null);
	const selected = visible.find((row) => row.id === list.selected);
	const [, go] = useLocation();
	const { select } = list;
	const first = visible[0]?.id;
	useEffect(() => {
		if (!selected && first) select(first);
	}, [selected, first, select]);
	usePainted(answer.data !== undefined);
	const create = () => go(places.newIssue());
	useCommand('record.create', create);
	useCommand('record.edit', selected ? focusFirstField : null);
	const add = (
		<Button look="primary" onClick={create} hint={<CommandKbd id="record.create" />}>
			New issue
		</Button>
	);
	return (
		<Page
			header={<PageHeader place={<Sum rows={answer.data} />} title="Issues" action={add} />}
			aside={<IssueInspector row={selected} />}
		>
			<ListBar
				label="Filter issues"
				text={list.text}
				onText={list.search}
				count={visible.length === rows.length ? null : `${count(visible.length)} of ${counted(rows.length, 'issue')}`}
			>
				<Choices label="Show" options={shown} value={show} onChange={(value) => list.filter('show', value)} />
			</ListBar>
			<Answer of={answer}>
				{() =>
					visible.length > 0 ? (
						<VirtualTable
							label="Issues"
							columns={issueColumns}
							rows={visible}
							list={list}
							onOpen={(row) => go(places.issue(row.id))}
						/>
					) : (
						<NoIssues show={show} text={list.text} onClear={() => list.search('')} add={add} />
					)
				}
			</Answer>
		</Page>
	);
}

/** "35 open · 4 overdue". */
function Sum({ rows }: { rows: readonly IssueRow[] | undefined }) {
	const today = useToday();
	if (!rows) return ' ';
	const open = rows.filter((row) => row.status !== 'RESOLVED' && row.status !== 'CLOSED');
	const overdue = open.filter((row) => row.due_date !== null && row.due_date < today).length;
	return (
		<>
			{count(open.length)} open
			{overdue > 0 ? (
				<>
					{' · '}
					<span className="red">{count(overdue)} overdue</span>
				</>
			) : null}
		</>
	);
}

interface NoIssuesProps {
	show: Show;
	text: string;
	onClear(): void;
	add: React.ReactNode;
}

function NoIssues({ show, text, onClear, add }: NoIssuesProps) {
	if (text) {
		return (
			<EmptyState title="No issue matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
				Nothing here holds {quoted(text)}.
			</EmptyState>
		);
	}
	return (
		<EmptyState title={show === 'mine' ? 'Nothing is yours' : 'No open issues'} action={add}>
			Queries, concerns, escalations and complaints of your clients belong here.
		</EmptyState>
	);
}
