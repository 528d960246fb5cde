import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function IssuesView() {
	return (
		<Page header={<PageHeader place="Issues" title="Issues" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
