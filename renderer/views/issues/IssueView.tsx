import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function IssueView(_: { id: string }) {
	return (
		<Page header={<PageHeader place="Issues" title="Issue" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
