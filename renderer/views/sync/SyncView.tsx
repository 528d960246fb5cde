import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function SyncView() {
	return (
		<Page header={<PageHeader place="Sync" title="Sync" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
