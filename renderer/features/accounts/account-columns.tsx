import type { AccountRow } from '../../../shared/contract/models.ts';
import { account } from '../../../shared/entities/account.ts';
import { count } from '../../lib/numbers.ts';
import { NameCell } from '../../ui/NameCell.tsx';
import { RelativeDate, RelativeTime } from '../../ui/RelativeDate.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { needsWords } from './needs-words.ts';

const tiers = account.fields.tier.values;
const tierOrder = Object.keys(tiers);

function Needs({ row }: { row: AccountRow }) {
	const words = needsWords(row);
	if (!words) return <span className="muted">Nothing today</span>;
	return <>{words}</>;
}

/** The columns of the accounts list: the first names the account, the last says what is due. */
export const accountColumns: readonly Column<AccountRow>[] = [
	{
		id: 'name',
		header: 'Account',
		sort: (row) => row.name,
		cell: (row) => <NameCell name={row.name} beside={row.city} />,
	},
	{
		id: 'tier',
		header: 'Tier',
		width: 70,
		sort: (row) => (row.tier ? tierOrder.indexOf(row.tier) : null),
		cell: (row) => (row.tier ? tiers[row.tier] : <span className="muted">none</span>),
	},
	{
		id: 'assets',
		header: 'Cases',
		width: 54,
		align: 'right',
		descendingFirst: true,
		sort: (row) => row.assets,
		cell: (row) => count(row.assets),
	},
	{
		id: 'needs',
		header: 'What needs you',
		width: 158,
		descendingFirst: true,
		sort: (row) => row.urgent_issues * 10_000 + row.undecided,
		cell: (row) => <Needs row={row} />,
	},
	{
		id: 'open',
		header: 'Open',
		width: 46,
		align: 'right',
		descendingFirst: true,
		sort: (row) => row.open_issues,
		cell: (row) => count(row.open_issues),
	},
	{
		id: 'contact',
		header: 'Last contact',
		width: 104,
		align: 'right',
		sort: (row) => row.last_contact_at,
		cell: (row) => (
			<span className="muted">
				<RelativeTime at={row.last_contact_at} />
			</span>
		),
	},
	{
		id: 'cutoff',
		header: 'Next cut-off',
		width: 158,
		align: 'right',
		sort: (row) => row.next_cutoff,
		cell: (row) => <RelativeDate day={row.next_cutoff} warnWithin={7} withDate />,
	},
];
