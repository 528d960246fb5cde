import { useLocation } from 'wouter';
import { useListState } from '../../lib/list-place.ts';
import { counted } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import { assetColumns } from './asset-columns.tsx';
import { useAssetPages } from './use-asset-pages.ts';

/** All cases of a client, however many. */
export function AssetList({ accountId }: { accountId: string }) {
	const list = useListState(`assets:${accountId}`);
	const { head, rows, total, onRange } = useAssetPages(accountId, list);
	const [, go] = useLocation();
	return (
		<>
			<ListBar label="Find a case" text={list.text} onText={list.search} count={counted(total, 'case')} />
			<Answer of={head}>
				{() =>
					total > 0 ? (
						<VirtualTable
							label="Cases"
							columns={assetColumns}
							rows={rows}
							list={list}
							onRange={onRange}
							onOpen={(row) => go(places.asset(row.id))}
						/>
					) : list.text ? (
						<EmptyState
							title="No case matches"
							action={<Button onClick={() => list.search('')}>Clear the filter</Button>}
						>
							Part of a number, a title or a reference is enough.
						</EmptyState>
					) : (
						<EmptyState
							title="No cases yet"
							action={<Button onClick={() => go(places.import(accountId))}>Import a file</Button>}
						>
							The client’s patents and applications come from an export, as CSV or XLSX.
						</EmptyState>
					)
				}
			</Answer>
		</>
	);
}
