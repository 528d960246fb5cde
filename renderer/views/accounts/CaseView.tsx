import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function CaseView(_: { id: string }) {
	return (
		<Page header={<PageHeader place="Accounts" title="Case" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
