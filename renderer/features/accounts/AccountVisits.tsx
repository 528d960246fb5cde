import { useLocation } from 'wouter';
import type { VisitRow } from '../../../shared/contract/models.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { useAnswer } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { NameCell } from '../../ui/NameCell.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';

const columns: readonly Column<VisitRow>[] = [
	{
		id: 'purpose',
		header: 'Visit',
		cell: (row) => (
			<NameCell name={<RecordLink to={places.visit(row.id)}>{row.purpose}</RecordLink>} beside={row.place} />
		),
	},
	{ id: 'type', header: 'Kind', width: 88, cell: (row) => entity.fields.type.values[row.type] },
	{ id: 'status', header: 'Status', width: 96, cell: (row) => entity.fields.status.values[row.status] },
	{
		id: 'ready',
		header: 'Checklist',
		width: 84,
		align: 'right',
		cell: (row) =>
			row.checklist_total > 0 ? `${row.checklist_done} of ${row.checklist_total}` : <span className="muted">none</span>,
	},
	{
		id: 'when',
		header: 'Day at the site',
		width: 158,
		align: 'right',
		cell: (row) => <RelativeDate day={row.local_start.slice(0, 10)} withDate />,
	},
];

/** The visits ahead. */
export function AccountVisits({ accountId }: { accountId: string }) {
	const answer = useAnswer('visits.list', { account_id: accountId });
	const [, go] = useLocation();
	const add = useOnlyReads(accountId, 'visit') ? null : (
		<Button look="quiet" onClick={() => go(places.newVisit(accountId))}>
			Plan a visit
		</Button>
	);
	return (
		<Section title="Visits ahead" action={answer.data && answer.data.length > 0 ? add : null}>
			<Answer of={answer} lines={2}>
				{(rows) =>
					rows.length > 0 ? (
						<ShortTable label="Visits" columns={columns} rows={rows} first={4} />
					) : (
						<Panel flush>
							<EmptyState title="No visit planned" action={add}>
								Visits to this client, with place, people and checklist, belong here.
							</EmptyState>
						</Panel>
					)
				}
			</Answer>
		</Section>
	);
}
