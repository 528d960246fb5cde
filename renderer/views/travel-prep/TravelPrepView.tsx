import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function TravelPrepView() {
	return (
		<Page header={<PageHeader place="Visits" title="Travel prep" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
