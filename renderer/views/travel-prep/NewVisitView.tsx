import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function NewVisitView(_: { accountId?: string }) {
	return (
		<Page header={<PageHeader place="Travel prep" title="New visit" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
