import type { AccountPage } from '../../../shared/contract/models.ts';
import { account as entity } from '../../../shared/entities/account.ts';
import { timeAt } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { places } from '../../lib/places.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { NewIssueButton } from './NewIssueButton.tsx';

/** Where the client is and what time it is there. */
function Place({ page }: { page: AccountPage | undefined }) {
	const now = useNow();
	const account = page?.account;
	const there = account?.time_zone ? timeAt(account.time_zone, now) : null;
	const tier = account?.tier ? entity.fields.tier.values[account.tier] : null;
	const facts = [account?.city, there ? `${there} there` : null, tier].filter(Boolean);
	return (
		<>
			<RecordLink to={places.accounts} plain>
				Accounts
			</RecordLink>
			{facts.length > 0 ? ` · ${facts.join(' · ')}` : null}
		</>
	);
}

export function AccountHeader({ page, id }: { page: AccountPage | undefined; id: string }) {
	const noNotes = useOnlyReads(id, 'note');
	const noImport = useOnlyReads(id, 'import_batch');
	const tools = (
		<>
			{noNotes ? null : <Button onClick={() => runCommand('record.note')}>New note</Button>}
			{noImport ? null : <Button onClick={() => runCommand('import.open')}>Import</Button>}
		</>
	);
	return (
		<PageHeader
			place={<Place page={page} />}
			title={page?.account.name ?? ' '}
			tools={tools}
			action={<NewIssueButton accountId={id} />}
		/>
	);
}
