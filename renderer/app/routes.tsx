import { type ComponentType, lazy, Suspense, useLayoutEffect } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { holdKeys } from '../lib/keys.ts';
import { places } from '../lib/places.ts';
import { warmLater } from '../lib/warm.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { AccountsView } from '../views/accounts/AccountsView.tsx';

/** A view of its own chunk, with Mantine around it. Only the accounts list is in the start chunk. */
function later<P extends object>(load: () => Promise<ComponentType<P>>) {
	const loadView = warmLater(async () => {
		const [{ MantineRoot }, View] = await Promise.all([import('./MantineRoot.tsx'), load()]);
		return {
			default: (props: P) => (
				<MantineRoot>
					<View {...props} />
				</MantineRoot>
			),
		};
	});
	return lazy(loadView);
}

interface ById {
	id: string;
}

const MyDayView = later<object>(async () => (await import('../views/my-day/MyDayView.tsx')).MyDayView);
const AccountView = later<ById>(async () => (await import('../views/accounts/AccountView.tsx')).AccountView);
const CaseView = later<ById>(async () => (await import('../views/accounts/CaseView.tsx')).CaseView);
const ImportView = later<{ accountId: string }>(
	async () => (await import('../views/import/ImportView.tsx')).ImportView,
);
const IssuesView = later<object>(async () => (await import('../views/issues/IssuesView.tsx')).IssuesView);
const NewIssueView = later<{ accountId?: string }>(
	async () => (await import('../views/issues/NewIssueView.tsx')).NewIssueView,
);
const IssueView = later<ById>(async () => (await import('../views/issues/IssueView.tsx')).IssueView);
const TravelPrepView = later<object>(
	async () => (await import('../views/travel-prep/TravelPrepView.tsx')).TravelPrepView,
);
const NewVisitView = later<{ accountId?: string }>(
	async () => (await import('../views/travel-prep/NewVisitView.tsx')).NewVisitView,
);
const VisitView = later<ById>(async () => (await import('../views/travel-prep/VisitView.tsx')).VisitView);
const NoteView = later<ById>(async () => (await import('../views/travel-prep/NoteView.tsx')).NoteView);
const SyncView = later<{ part: 'decide' | 'receipts' | 'files' }>(
	async () => (await import('../views/sync/SyncView.tsx')).SyncView,
);
const OutboxView = later<object>(async () => (await import('../views/sync/OutboxView.tsx')).OutboxView);
const ReceiptView = later<{ id: number }>(async () => (await import('../views/sync/ReceiptView.tsx')).ReceiptView);
const TrashView = later<object>(async () => (await import('../views/trash/TrashView.tsx')).TrashView);
const BackupsView = later<object>(async () => (await import('../views/settings/BackupsView.tsx')).BackupsView);
const SettingsView = later<object>(async () => (await import('../views/settings/SettingsView.tsx')).SettingsView);

/** A person types on while a page loads; what is meant for its fields must not run as commands. */
function PageOnItsWay() {
	useLayoutEffect(holdKeys, []);
	return <Skeleton />;
}

/** The addresses of `places`, each with its view. A view is drawn anew for each record, so no state leaks between two. */
export function Routes() {
	return (
		<Suspense fallback={<PageOnItsWay />}>
			<Switch>
				<Route path="/my-day">
					<MyDayView />
				</Route>
				<Route path="/accounts">
					<AccountsView />
				</Route>
				<Route path="/accounts/:id">{({ id }) => <AccountView key={id} id={id} />}</Route>
				<Route path="/accounts/:id/import">{({ id }) => <ImportView key={id} accountId={id} />}</Route>
				<Route path="/cases/:id">{({ id }) => <CaseView key={id} id={id} />}</Route>
				<Route path="/issues">
					<IssuesView />
				</Route>
				<Route path="/issues/new/:accountId?">{({ accountId }) => <NewIssueView accountId={accountId} />}</Route>
				<Route path="/issues/:id">{({ id }) => <IssueView key={id} id={id} />}</Route>
				<Route path="/travel-prep">
					<TravelPrepView />
				</Route>
				<Route path="/travel-prep/new/:accountId?">{({ accountId }) => <NewVisitView accountId={accountId} />}</Route>
				<Route path="/travel-prep/:id">{({ id }) => <VisitView key={id} id={id} />}</Route>
				<Route path="/notes/:id">{({ id }) => <NoteView key={id} id={id} />}</Route>
				<Route path="/sync">
					<SyncView part="decide" />
				</Route>
				<Route path="/sync/unsent">
					<OutboxView />
				</Route>
				<Route path="/sync/receipts">
					<SyncView part="receipts" />
				</Route>
				<Route path="/sync/receipts/:id">{({ id }) => <ReceiptView key={id} id={Number(id)} />}</Route>
				<Route path="/sync/files">
					<SyncView part="files" />
				</Route>
				<Route path="/trash">
					<TrashView />
				</Route>
				<Route path="/settings/backups">
					<BackupsView />
				</Route>
				<Route path="/settings">
					<SettingsView />
				</Route>
				<Route>
					<Redirect to={places.accounts} replace />
				</Route>
			</Switch>
		</Suspense>
	);
}
