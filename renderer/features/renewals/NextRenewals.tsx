import { useAnswer } from '../../lib/core.ts';
import { Answer } from '../../ui/Answer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import { accountRenewalColumns } from './renewal-columns.tsx';

/** The account's next renewals with their four dates. */
export function NextRenewals({ accountId }: { accountId: string }) {
	const answer = useAnswer('renewals.upcoming', { account_id: accountId, limit: 8 });
	return (
		<Section title="Next renewals">
			<Answer of={answer} lines={3}>
				{(rows) =>
					rows.length > 0 ? (
						<ShortTable label="Next renewals" columns={accountRenewalColumns} rows={rows} />
					) : (
						<Panel flush>
							<EmptyState title="No renewals ahead">They come with an import of the client’s cases.</EmptyState>
						</Panel>
					)
				}
			</Answer>
		</Section>
	);
}
