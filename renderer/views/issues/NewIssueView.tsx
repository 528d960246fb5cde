import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function NewIssueView(_: { accountId?: string }) {
	return (
		<Page header={<PageHeader place="Issues" title="New issue" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
