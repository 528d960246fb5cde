import { useLocation } from 'wouter';
import type { AccountPage } from '../../../shared/contract/models.ts';
import { AccountFacts } from '../../features/accounts/AccountFacts.tsx';
import { AccountIssues } from '../../features/accounts/AccountIssues.tsx';
import { AccountVisits } from '../../features/accounts/AccountVisits.tsx';
import { HealthSection } from '../../features/accounts/HealthSection.tsx';
import { OnlyReadLine } from '../../features/accounts/OnlyReadLine.tsx';
import { AssetList } from '../../features/assets/AssetList.tsx';
import { People, usePeopleOptions } from '../../features/contacts/People.tsx';
import { Files } from '../../features/files/Files.tsx';
import { History } from '../../features/history/History.tsx';
import { NextRenewals } from '../../features/renewals/NextRenewals.tsx';
import { Timeline } from '../../features/timeline/Timeline.tsx';
import { useAnswer, useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { focusFirstField } from '../../lib/focus-field.ts';
import { useListState } from '../../lib/list-place.ts';
import { count } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { showToast } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Inspector } from '../../ui/Inspector.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { AccountHeader } from './AccountHeader.tsx';

type Part = 'overview' | 'cases' | 'timeline';

/** One client on one page: what is open, what comes next, who is there, and every case. */
export function AccountView({ id }: { id: string }) {
	const answer = useAnswer('accounts.get', { id });
	const place = useListState(`account:${id}`);
	const part = (place.filters['part'] ?? 'overview') as Part;
	const people = usePeopleOptions(id);
	const page = answer.data;
	usePainted(page !== undefined);
	useAccountCommands(id);
	return (
		<Page
			header={
				<>
					<AccountHeader page={page} id={id} />
					<OnlyReadLine accountId={id} />
				</>
			}
			aside={page && part !== 'cases' ? <Aside page={page} people={people} /> : null}
		>
			<Tabs
				label="Parts of the account"
				value={part}
				onChange={(value) => place.filter('part', value)}
				tabs={[
					{ value: 'overview', word: 'Overview' },
					{ value: 'cases', word: 'Cases', tail: page ? count(page.figures.assets) : null },
					{ value: 'timeline', word: 'Timeline' },
				]}
			/>
			<Answer of={answer}>{() => <PartOf part={part} id={id} onAll={() => place.filter('part', 'timeline')} />}</Answer>
		</Page>
	);
}

function PartOf({ part, id, onAll }: { part: Part; id: string; onAll(): void }) {
	const onlyReads = useOnlyReads(id, 'account');
	if (part === 'cases') return <AssetList accountId={id} />;
	return (
		<PageBody wide>
			{part === 'timeline' ? (
				<Timeline accountId={id} />
			) : (
				<Stack>
					<AccountIssues accountId={id} />
					<NextRenewals accountId={id} />
					<AccountVisits accountId={id} />
					<Files
						parent={{ parent_type: 'account', parent_id: id }}
						onlyRead={onlyReads}
						keep={{ kind: 'account', id }}
						purpose="Contracts, fee schedules, organisation charts: what belongs to the client as a whole."
					/>
					<Timeline accountId={id} limit={6} onAll={onAll} />
					<History entity="account" id={id} title="Changes of the account’s own fields" />
				</Stack>
			)}
		</PageBody>
	);
}

function Aside({ page, people }: { page: AccountPage; people: ReturnType<typeof usePeopleOptions> }) {
	return (
		<Inspector label="About the account" wide>
			<HealthSection accountId={page.account.id} />
			<AccountFacts page={page} people={people} />
			<People
				accountId={page.account.id}
				sponsorId={page.account.sponsor_contact_id}
				history={(id) => <History entity="contact" id={id} />}
			/>
		</Inspector>
	);
}

function useAccountCommands(id: string): void {
	const [, go] = useLocation();
	const { send } = useSend('notes.create');
	const noNotes = useOnlyReads(id, 'note');
	const noImport = useOnlyReads(id, 'import_batch');
	const createNote = async () => {
		const result = await send({ account_id: id, parent_type: 'account', parent_id: id });
		if (result.ok) go(places.note(result.value.id));
		else showToast(errorLine(result.error), { tone: 'red' });
	};
	useCommand('record.create', () => go(places.newIssue(id)));
	useCommand('record.note', noNotes ? null : () => void createNote());
	useCommand('record.edit', focusFirstField);
	useCommand('import.open', noImport ? null : () => go(places.import(id)));
}
