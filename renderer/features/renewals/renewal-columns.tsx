import type { RenewalRow } from '../../../shared/contract/models.ts';
import { renewalEvent } from '../../../shared/entities/renewal-event.ts';
import { plainDate } from '../../lib/dates.ts';
import { places } from '../../lib/places.ts';
import { Amount } from '../../ui/Amount.tsx';
import { NameCell } from '../../ui/NameCell.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { StatusDot, type Tone } from '../../ui/StatusDot.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';

const tones: Partial<Record<NonNullable<RenewalRow['status']>, Tone>> = {
	OPEN: 'amber',
	REMINDED: 'amber',
	LAPSED: 'red',
};

function RenewalStatus({ status }: { status: RenewalRow['status'] }) {
	if (!status) return <span className="muted">not known</span>;
	return <StatusDot tone={tones[status] ?? 'muted'} word={renewalEvent.fields.status.values[status]} />;
}

function Day({ day }: { day: string | null }) {
	return day ? plainDate(day) : <span className="muted">none</span>;
}

/** A cut-off presses only while the client has not decided. */
function Cutoff({ row }: { row: RenewalRow }) {
	if (!row.client_cutoff) return <span className="muted">none</span>;
	const undecided = row.status === 'OPEN' || row.status === 'REMINDED';
	if (!undecided) return plainDate(row.client_cutoff);
	return <RelativeDate day={row.client_cutoff} warnWithin={7} withDate />;
}

const caseColumn: Column<RenewalRow> = {
	id: 'case',
	header: 'Case',
	cell: (row) => (
		<NameCell
			name={
				<RecordLink to={places.asset(row.asset_id)}>{row.client_ref ?? row.number ?? row.title ?? 'Case'}</RecordLink>
			}
			beside={[row.country, row.fee_no ? `annuity ${row.fee_no}` : null].filter(Boolean).join(', ')}
		/>
	),
};

/** The four dates stay apart: official due, last day without surcharge, end of grace, our own cut-off. */
const dateColumns: readonly Column<RenewalRow>[] = [
	{ id: 'status', header: 'Status', width: 118, cell: (row) => <RenewalStatus status={row.status} /> },
	{ id: 'due', header: 'Official due', width: 98, align: 'right', cell: (row) => <Day day={row.due_date} /> },
	{
		id: 'free',
		header: 'Free until',
		hint: 'Last day without surcharge',
		width: 98,
		align: 'right',
		cell: (row) => <Day day={row.free_until} />,
	},
	{ id: 'grace', header: 'End of grace', width: 98, align: 'right', cell: (row) => <Day day={row.grace_end} /> },
];

const cutoffColumn: Column<RenewalRow> = {
	id: 'cutoff',
	header: 'Our cut-off',
	width: 158,
	align: 'right',
	cell: (row) => <Cutoff row={row} />,
};

const annuityColumn: Column<RenewalRow> = {
	id: 'fee',
	header: 'Annuity',
	width: 84,
	cell: (row) => <span className="strong">{row.fee_no}</span>,
};

const feeColumn: Column<RenewalRow> = {
	id: 'amount',
	header: 'Official fee',
	width: 104,
	align: 'right',
	cell: (row) => <Amount value={row.official_fee} currency={row.currency} />,
};

/** Renewals of an account: the case first, our cut-off last. */
export const accountRenewalColumns: readonly Column<RenewalRow>[] = [caseColumn, ...dateColumns, cutoffColumn];

/** Where there is no case to name, the status takes the room. */
function wideStatus(columns: readonly Column<RenewalRow>[]): Column<RenewalRow>[] {
	return columns.map((column) => (column.id === 'status' ? { ...column, width: undefined } : column));
}

/** Renewals of one case. */
export const caseRenewalColumns: readonly Column<RenewalRow>[] = [
	annuityColumn,
	...wideStatus(dateColumns),
	feeColumn,
	cutoffColumn,
];
