import { useLocation } from 'wouter';
import { NewVisit } from '../../features/visits/NewVisit.tsx';
import { useNewVisit } from '../../features/visits/use-new-visit.ts';
import { places } from '../../lib/places.ts';
import { showUndo } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';

/** A visit is planned here, then its page opens. */
export function NewVisitView({ accountId }: { accountId?: string }) {
	const [, go] = useLocation();
	const state = useNewVisit(accountId, (id) => {
		showUndo('Visit created');
		go(places.visit(id), { replace: true });
	});
	useCommand('record.save', () => void state.save());
	const place = (
		<RecordLink to={places.travelPrep} plain>
			Travel prep
		</RecordLink>
	);
	return (
		<Page header={<PageHeader place={place} title="New visit" />}>
			<PageBody>
				<NewVisit state={state} onLeave={() => window.history.back()} />
			</PageBody>
		</Page>
	);
}
