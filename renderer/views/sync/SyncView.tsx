import { Conflicts } from '../../features/conflicts/Conflicts.tsx';
import { SyncSummary } from '../../features/sync/SyncSummary.tsx';
import { RefusedList, UnsentList } from '../../features/sync/UnsentList.tsx';
import { useAnswer } from '../../lib/core.ts';
import { counted } from '../../lib/numbers.ts';
import { usePainted } from '../../lib/painted.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Stack } from '../../ui/Stack.tsx';

/** Where this computer and the server stand, and everything that still needs one of them, or a person. */
export function SyncView() {
	const status = useAnswer('sync.status', {});
	const unsent = useAnswer('sync.unsent', {});
	const now = status.data;
	usePainted(now !== undefined);
	const toDecide = now?.conflicts ?? 0;
	const action = (
		<Button look="primary" disabled={now?.state === 'syncing' || now?.paused} onClick={() => runCommand('sync.now')}>
			Sync now
		</Button>
	);
	const refused = now && now.refused > 0 ? ` · ${now.refused} refused` : '';
	const place = now ? `${counted(now.unsent, 'unsent change')}${refused}` : ' ';
	return (
		<Page header={<PageHeader place={place} title={toDecide > 0 ? `${toDecide} to decide` : 'Sync'} action={action} />}>
			<PageBody wide>
				<Stack>
					<Answer of={status} lines={3}>
						{(value) => <SyncSummary status={value} />}
					</Answer>
					{toDecide > 0 ? <Conflicts /> : null}
					<Answer of={unsent} lines={3}>
						{(changes) => (
							<>
								<RefusedList changes={changes.filter((change) => change.refused)} />
								<UnsentList changes={changes.filter((change) => !change.refused)} />
							</>
						)}
					</Answer>
				</Stack>
			</PageBody>
		</Page>
	);
}
