import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function ImportView(_: { accountId: string }) {
	return (
		<Page header={<PageHeader place="Accounts" title="Import" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
