import { useLocation } from 'wouter';
import { OpenAlready } from '../../features/issues/OpenAlready.tsx';
import { QuickIssue } from '../../features/issues/QuickIssue.tsx';
import { useQuickIssue } from '../../features/issues/use-quick-issue.ts';
import { places } from '../../lib/places.ts';
import { showUndo } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';

/** C: a new issue, then its page. Back leads to where C was pressed. */
export function NewIssueView({ accountId }: { accountId?: string }) {
	const [, go] = useLocation();
	const state = useQuickIssue(accountId, (id) => {
		showUndo('Issue created');
		go(places.issue(id), { replace: true });
	});
	useCommand('record.save', () => void state.save());
	const place = (
		<RecordLink to={places.issues} plain>
			Issues
		</RecordLink>
	);
	return (
		<Page
			header={<PageHeader place={place} title="New issue" />}
			aside={<OpenAlready accountId={state.draft.accountId} />}
		>
			<PageBody>
				<QuickIssue state={state} onLeave={() => window.history.back()} />
			</PageBody>
		</Page>
	);
}
