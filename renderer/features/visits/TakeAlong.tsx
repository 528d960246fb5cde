import type { IssueRow, RenewalRow, VisitPage } from '../../../shared/contract/models.ts';
import { issue } from '../../../shared/entities/issue.ts';
import { renewalEvent } from '../../../shared/entities/renewal-event.ts';
import { places } from '../../lib/places.ts';
import { Amount } from '../../ui/Amount.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { NameCell } from '../../ui/NameCell.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';

const issueColumns: readonly Column<IssueRow>[] = [
	{
		id: 'title',
		header: 'Open issue',
		cell: (row) => (
			<NameCell name={<RecordLink to={places.issue(row.id)}>{row.title}</RecordLink>} beside={row.ref_no} />
		),
	},
	{ id: 'type', header: 'Type', width: 92, cell: (row) => issue.fields.type.values[row.type] },
	{ id: 'status', header: 'Status', width: 150, cell: (row) => issue.fields.status.values[row.status] },
	{
		id: 'due',
		header: 'Due',
		width: 142,
		align: 'right',
		cell: (row) => <RelativeDate day={row.due_date} warnWithin={2} withDate />,
	},
];

const renewalColumns: readonly Column<RenewalRow>[] = [
	{
		id: 'case',
		header: 'Next renewal',
		cell: (row) => (
			<NameCell
				name={<RecordLink to={places.asset(row.asset_id)}>{row.client_ref ?? row.number ?? row.title}</RecordLink>}
				beside={row.country}
			/>
		),
	},
	{
		id: 'fee',
		header: 'Official fee',
		width: 112,
		align: 'right',
		cell: (row) => <Amount value={row.official_fee} currency={row.currency} />,
	},
	{
		id: 'status',
		header: 'Status',
		width: 110,
		cell: (row) => renewalEvent.fields.status.values[row.status ?? 'OPEN'],
	},
	{
		id: 'cutoff',
		header: 'Cut-off',
		width: 142,
		align: 'right',
		cell: (row) => <RelativeDate day={row.client_cutoff} warnWithin={7} withDate />,
	},
];

/** What the client will ask about: open issues and the renewals that come next. */
export function TakeAlong({ page }: { page: VisitPage }) {
	const { open_issues, renewals } = page;
	if (open_issues.length + renewals.length === 0) {
		return (
			<Section title="To take along">
				<Panel flush>
					<EmptyState title="Nothing open">This client has no open issue and no renewal waiting.</EmptyState>
				</Panel>
			</Section>
		);
	}
	return (
		<>
			{open_issues.length > 0 ? (
				<Section title="To take along: open issues" note={String(open_issues.length)}>
					<ShortTable label="Open issues" columns={issueColumns} rows={open_issues} />
				</Section>
			) : null}
			{renewals.length > 0 ? (
				<Section title="To take along: next renewals">
					<ShortTable label="Next renewals" columns={renewalColumns} rows={renewals} />
				</Section>
			) : null}
		</>
	);
}
