import { EmptyState } from '../../ui/EmptyState.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';

export function NoteView(_: { id: string }) {
	return (
		<Page header={<PageHeader place="Notes" title="Note" />}>
			<EmptyState title="Nothing here yet" />
		</Page>
	);
}
