import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function SettingsView() {
	return (
		<Page header={<PageHeader place="Fieldbook" title="Settings" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
