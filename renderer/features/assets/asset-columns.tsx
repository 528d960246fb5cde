import { IconEye } from '@tabler/icons-react';
import type { AssetRow } from '../../../shared/contract/models.ts';
import { patentAsset } from '../../../shared/entities/patent-asset.ts';
import { plainDate } from '../../lib/dates.ts';
import type { Column } from '../../ui/VirtualTable.tsx';

const statuses = patentAsset.fields.status.values;

function Day({ day }: { day: string | null }) {
	return day ? plainDate(day) : <span className="muted">none</span>;
}

/** Core sorts by these ids; `sort` only says that a header can be pressed. */
export const assetColumns: readonly Column<AssetRow>[] = [
	{
		id: 'client_ref',
		header: 'Case',
		width: 150,
		sort: (row) => row.client_ref,
		cell: (row) => (
			<>
				<span className="strong">{row.client_ref ?? row.grant_no ?? row.app_no ?? 'no reference'}</span>{' '}
				{row.watch ? <IconEye size={13} stroke={1.6} aria-label="Watched" style={{ verticalAlign: -2 }} /> : null}
			</>
		),
	},
	{ id: 'title', header: 'Title', sort: (row) => row.title, cell: (row) => row.title },
	{ id: 'country', header: 'Country', width: 68, sort: (row) => row.country, cell: (row) => row.country },
	{
		id: 'number',
		header: 'Number',
		width: 126,
		cell: (row) => row.grant_no ?? row.pub_no ?? row.app_no ?? <span className="muted">none</span>,
	},
	{
		id: 'status',
		header: 'Status',
		width: 96,
		sort: (row) => row.status,
		cell: (row) => (row.status ? statuses[row.status] : <span className="muted">not known</span>),
	},
	{
		id: 'filing_date',
		header: 'Filed',
		width: 98,
		align: 'right',
		sort: (row) => row.filing_date,
		cell: (row) => <Day day={row.filing_date} />,
	},
	{
		id: 'expiry_date',
		header: 'Expires',
		width: 106,
		align: 'right',
		sort: (row) => row.expiry_date,
		cell: (row) => <Day day={row.expiry_date} />,
	},
];
