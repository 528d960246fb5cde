import { BackupsSection } from '../../features/backups/BackupsSection.tsx';
import { ExportSection } from '../../features/export/ExportSection.tsx';
import { useAnswer } from '../../lib/core.ts';
import { usePainted } from '../../lib/painted.ts';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Stack } from '../../ui/Stack.tsx';

/** Copies of the workbook for oneself: encrypted ones to go back to, and open ones to take along. */
export function BackupsView() {
	const list = useAnswer('backups.list', {});
	usePainted(list.data !== undefined);
	return (
		<Page header={<PageHeader place="Settings" title="Backups and export" />}>
			<PageBody>
				<Stack>
					<BackupsSection />
					<ExportSection />
				</Stack>
			</PageBody>
		</Page>
	);
}
