import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { AccountRow } from '../../../shared/contract/models.ts';
import { accountColumns } from '../../features/accounts/account-columns.tsx';
import { useAnswer } from '../../lib/core.ts';
import { useListState } from '../../lib/list-place.ts';
import { count, counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { filterRows, sortRows } from '../../lib/rows.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Inspector } from '../../ui/Inspector.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { NewIssueButton } from './NewIssueButton.tsx';

const AccountInspector = lazy(async () => ({
	default: (await import('../../features/accounts/AccountInspector.tsx')).AccountInspector,
}));

const shown = [
	{ value: 'all', word: 'All' },
	{ value: 'needs', word: 'Needs you' },
] as const;

function useShownRows(rows: readonly AccountRow[], list: ReturnType<typeof useListState>) {
	const { text, sort, filters } = list;
	return useMemo(() => {
		const asked = filters['show'] === 'needs' ? rows.filter((row) => row.urgent_issues + row.undecided > 0) : rows;
		return sortRows(
			filterRows(asked, text, (row) => `${row.name} ${row.city} ${row.account_no}`),
			accountColumns,
			sort,
		);
	}, [rows, text, sort, filters]);
}

const none: readonly AccountRow[] = [];

/** The portfolio: every account, what it asks for and when its next cut-off falls. */
export function AccountsView() {
	const answer = useAnswer('accounts.list', {});
	const list = useListState('accounts', { sort: { column: 'cutoff', descending: false } });
	const rows = answer.data ?? none;
	const visible = useShownRows(rows, list);
	const selected = visible.find((row) => row.id === list.selected);
	const [, go] = useLocation();
	const { select } = list;
	const first = visible[0]?.id;
	useEffect(() => {
		if (!selected && first) select(first);
	}, [selected, first, select]);
	usePainted(answer.data !== undefined);
	useCommand('record.create', selected ? () => go(places.newIssue(selected.id)) : null);
	const cases = rows.reduce((sum, row) => sum + row.assets, 0);
	const header = (
		<PageHeader
			place={answer.data ? `${counted(rows.length, 'account')} · ${counted(cases, 'case')}` : ' '}
			title="Accounts"
			action={<NewIssueButton accountId={selected?.id} />}
		/>
	);
	const aside = (
		<Suspense fallback={<Inspector label="Account" />}>
			<AccountInspector row={selected} />
		</Suspense>
	);
	return (
		<Page header={header} aside={aside}>
			<ListBar
				label="Filter accounts"
				text={list.text}
				onText={list.search}
				count={visible.length === rows.length ? null : `${count(visible.length)} of ${counted(rows.length, 'account')}`}
			>
				<Choices
					label="Show"
					options={shown}
					value={list.filters['show'] === 'needs' ? 'needs' : 'all'}
					onChange={(value) => list.filter('show', value)}
				/>
			</ListBar>
			<Answer of={answer}>
				{() =>
					visible.length > 0 ? (
						<VirtualTable
							label="Accounts"
							columns={accountColumns}
							rows={visible}
							list={list}
							onOpen={(row) => go(places.account(row.id))}
						/>
					) : (
						<NoAccounts filtered={rows.length > 0} onClear={() => list.search('')} />
					)
				}
			</Answer>
		</Page>
	);
}

function NoAccounts({ filtered, onClear }: { filtered: boolean; onClear(): void }) {
	if (filtered)
		return (
			<EmptyState title="No account matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
				No name, place or number of your accounts holds these words.
			</EmptyState>
		);
	return (
		<EmptyState title="No accounts yet">
			The accounts you look after come from the office with the first sync.
		</EmptyState>
	);
}
