import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { whyNotSend, whyNotUrgent } from '../../features/outbox/outbox-words.ts';
import { BrakeNotice } from '../../features/sync/BrakeNotice.tsx';
import { useNow } from '../../lib/now.ts';
import { stateSentence } from '../../lib/sync-words.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { placeOfPart, type SyncPart, syncTabs } from './sync-parts.tsx';

interface SyncFrameProps {
	part: SyncPart;
	status: SyncStatus | undefined;
	aside?: ReactNode;
	children: ReactNode;
}

/** What all parts of the sync page share: the state in one sentence, the way to send, the tabs, and the brake when it holds. */
export function SyncFrame({ part, status, aside, children }: SyncFrameProps) {
	const [, go] = useLocation();
	const now = useNow();
	const send = (
		<>
			{part === 'unsent' ? (
				<Button why={whyNotUrgent(status)} onClick={() => runCommand('sync.urgent')}>
					Send urgent
				</Button>
			) : null}
			<Button
				look="primary"
				why={whyNotSend(status)}
				onClick={() => runCommand('sync.now')}
				hint={<CommandKbd id="sync.now" />}
			>
				{part === 'unsent' ? 'Send all' : 'Sync now'}
			</Button>
		</>
	);
	return (
		<Page
			header={
				<>
					<PageHeader place={status ? stateSentence(status, now) : ' '} title="Sync" action={send} />
					<Tabs
						label="Parts of sync"
						tabs={syncTabs(status)}
						value={part}
						onChange={(next) => go(placeOfPart[next], { replace: true })}
					/>
					{status?.brake ? <BrakeNotice brake={status.brake} /> : null}
				</>
			}
			aside={aside}
		>
			{children}
		</Page>
	);
}
