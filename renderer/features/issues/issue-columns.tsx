import type { IssueRow } from '../../../shared/contract/models.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { StatusDot } from '../../ui/StatusDot.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import styles from './Issue.module.css';
import { isDone, priorityRank, priorityTones, shortName } from './issue-words.ts';

const { fields } = entity;

function Due({ row }: { row: IssueRow }) {
	if (isDone(row.status)) return <span className="muted">{fields.status.values[row.status].toLowerCase()}</span>;
	return <RelativeDate day={row.due_date} warnWithin={2} />;
}

function Title({ row }: { row: IssueRow }) {
	return (
		<span className={styles.titleCell}>
			<span className={isDone(row.status) ? 'muted' : 'strong'}>{row.title}</span>
			{row.conflicts > 0 ? <span className={`amber ${styles.decide}`}>to decide</span> : null}
		</span>
	);
}

/** The columns of the issues list: the first names the issue, the last says when it is due. */
export const issueColumns: readonly Column<IssueRow>[] = [
	{
		id: 'ref',
		header: 'Ref',
		width: 78,
		sort: (row) => row.ref_no,
		cell: (row) => <span className="muted figures">{row.ref_no}</span>,
	},
	{ id: 'title', header: 'Title', sort: (row) => row.title, cell: (row) => <Title row={row} /> },
	{ id: 'account', header: 'Account', width: 134, sort: (row) => row.account_name, cell: (row) => row.account_name },
	{
		id: 'type',
		header: 'Type',
		width: 84,
		sort: (row) => fields.type.values[row.type],
		cell: (row) => fields.type.values[row.type],
	},
	{
		id: 'priority',
		header: 'Priority',
		width: 80,
		sort: (row) => priorityRank(row.priority),
		cell: (row) => <StatusDot tone={priorityTones[row.priority]} word={fields.priority.values[row.priority]} />,
	},
	{
		id: 'owner',
		header: 'Owner',
		width: 92,
		sort: (row) => row.owner_name,
		cell: (row) => (
			<span title={row.owner_name ?? undefined}>
				{row.owner_name ? shortName(row.owner_name) : <span className="muted">not here</span>}
			</span>
		),
	},
	{
		id: 'due',
		header: 'Due',
		width: 92,
		align: 'right',
		sort: (row) => row.due_date,
		cell: (row) => <Due row={row} />,
	},
];
