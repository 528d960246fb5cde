import { useLocation } from 'wouter';
import type { IssueRow } from '../../../shared/contract/models.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { useAnswer } from '../../lib/core.ts';
import { count } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { NameCell } from '../../ui/NameCell.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import { StatusDot, type Tone } from '../../ui/StatusDot.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';

const tones: Record<IssueRow['priority'], Tone> = { URGENT: 'red', HIGH: 'amber', NORMAL: 'muted', LOW: 'muted' };
const { fields } = entity;

const columns: readonly Column<IssueRow>[] = [
	{
		id: 'title',
		header: 'Issue',
		cell: (row) => (
			<NameCell name={<RecordLink to={places.issue(row.id)}>{row.title}</RecordLink>} beside={row.ref_no} />
		),
	},
	{
		id: 'priority',
		header: 'Priority',
		width: 84,
		cell: (row) => <StatusDot tone={tones[row.priority]} word={fields.priority.values[row.priority]} />,
	},
	{ id: 'status', header: 'Status', width: 158, cell: (row) => fields.status.values[row.status] },
	{ id: 'owner', header: 'Owner', width: 104, cell: (row) => row.owner_name },
	{
		id: 'due',
		header: 'Due',
		width: 116,
		align: 'right',
		cell: (row) => <RelativeDate day={row.due_date} warnWithin={2} />,
	},
];

/** What this client needs resolved. */
export function AccountIssues({ accountId }: { accountId: string }) {
	const answer = useAnswer('issues.list', { account_id: accountId, limit: 500 });
	const [, go] = useLocation();
	const add = (
		<Button look="quiet" onClick={() => go(places.newIssue(accountId))}>
			New issue
		</Button>
	);
	const total = answer.data?.length ?? 0;
	return (
		<Section title="Open issues" note={total > 0 ? count(total) : null} action={total > 0 ? add : null}>
			<Answer of={answer} lines={3}>
				{(rows) =>
					rows.length > 0 ? (
						<ShortTable label="Open issues" columns={columns} rows={rows} first={6} />
					) : (
						<Panel flush>
							<EmptyState title="No open issues" action={add}>
								Queries, concerns and complaints of this client belong here.
							</EmptyState>
						</Panel>
					)
				}
			</Answer>
		</Section>
	);
}
