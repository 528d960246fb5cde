import { useLocation } from 'wouter';
import type { AssetPage } from '../../../shared/contract/models.ts';
import { OnlyReadLine } from '../../features/accounts/OnlyReadLine.tsx';
import { AssetFacts, AssetOwnFields } from '../../features/assets/AssetFacts.tsx';
import { caseRenewalColumns } from '../../features/renewals/renewal-columns.tsx';
import { useAnswer } from '../../lib/core.ts';
import { focusFirstField } from '../../lib/focus-field.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import { Columns, Stack } from '../../ui/Stack.tsx';
import { NewIssueButton } from './NewIssueButton.tsx';

function CaseHeader({ page }: { page: AssetPage | undefined }) {
	if (!page) return <PageHeader place="Case" title=" " />;
	const { asset, account_name } = page;
	const place = (
		<>
			<RecordLink to={places.account(asset.account_id)} plain>
				{account_name}
			</RecordLink>
			{` · ${asset.client_ref ?? asset.grant_no ?? 'Case'}${asset.country ? ` · ${asset.country}` : ''}`}
		</>
	);
	return (
		<PageHeader
			place={place}
			title={asset.title ?? asset.client_ref ?? 'Case without a title'}
			action={<NewIssueButton accountId={asset.account_id} />}
		/>
	);
}

function Renewals({ page }: { page: AssetPage }) {
	return (
		<Section title="Renewals">
			{page.renewals.length > 0 ? (
				<ShortTable label="Renewals" columns={caseRenewalColumns} rows={page.renewals} />
			) : (
				<Panel flush>
					<EmptyState title="No renewals known">They come with an import that carries due dates.</EmptyState>
				</Panel>
			)}
		</Section>
	);
}

/** One patent or application: its numbers, its dates, its renewals, and the SAM's note. */
export function CaseView({ id }: { id: string }) {
	const answer = useAnswer('assets.get', { id });
	usePainted(answer.data !== undefined);
	useCommand('record.edit', focusFirstField);
	const [, go] = useLocation();
	const accountId = answer.data?.asset.account_id;
	useCommand('record.create', accountId ? () => go(places.newIssue(accountId)) : null);
	return (
		<Page
			header={
				<>
					<CaseHeader page={answer.data} />
					{accountId ? <OnlyReadLine accountId={accountId} /> : null}
				</>
			}
		>
			<PageBody wide>
				<Answer of={answer}>
					{(page) => (
						<Stack>
							<Renewals page={page} />
							<Columns>
								<AssetFacts asset={page.asset} />
								<AssetOwnFields asset={page.asset} />
							</Columns>
						</Stack>
					)}
				</Answer>
			</PageBody>
		</Page>
	);
}
