import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function AccountView(_: { id: string }) {
	return (
		<Page header={<PageHeader place="Accounts" title="Account" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
