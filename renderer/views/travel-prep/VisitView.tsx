import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function VisitView(_: { id: string }) {
	return (
		<Page header={<PageHeader place="Travel prep" title="Visit" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
