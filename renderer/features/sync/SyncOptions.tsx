import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { type ToggleEvent, useId, useRef } from 'react';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { useNow } from '../../lib/now.ts';
import { places } from '../../lib/places.ts';
import { problemWords, stateSentence } from '../../lib/sync-words.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { MeteredChoice, meteredWords } from './MeteredChoice.tsx';
import { SignInLine } from './SignInLine.tsx';
import styles from './SyncOptions.module.css';

/** The small panel beside the state: send now or only what is urgent, work offline, and what the link costs. */
export function SyncOptions({ status }: { status: SyncStatus }) {
	const id = useId();
	const panel = useRef<HTMLDivElement>(null);
	const close = () => panel.current?.hidePopover?.();
	const run = (command: 'sync.now' | 'sync.urgent') => {
		close();
		runCommand(command);
	};
	return (
		<>
			<button type="button" className={styles.open} popoverTarget={id} aria-label="Sync options" title="Sync options">
				<IconAdjustmentsHorizontal size={15} stroke={1.5} aria-hidden />
			</button>
			<div
				ref={panel}
				id={id}
				popover="auto"
				role="dialog"
				aria-label="Sync options"
				className={styles.panel}
				onToggle={takeKeys}
			>
				<Sentence status={status} />
				<SignInLine />
				<div className={styles.buttons}>
					<Button onClick={() => run('sync.now')} hint={<CommandKbd id="sync.now" />}>
						Sync now
					</Button>
					<Button onClick={() => run('sync.urgent')}>Send urgent</Button>
				</div>
				<label className={styles.switch}>
					<input type="checkbox" checked={status.paused} onChange={() => runCommand('sync.pause')} />
					Work offline
				</label>
				<div className={styles.metered}>
					<span>Metered link</span>
					<MeteredChoice status={status} label="Metered link, in the sync options" />
					<p className="muted">{meteredWords(status)}</p>
				</div>
				{/* biome-ignore lint/a11y/useKeyWithClickEvents: a link in it is pressed by Enter, which clicks */}
				<p className={styles.links} onClick={close}>
					<RecordLink to={places.sync}>To decide</RecordLink>
					<RecordLink to={places.unsent}>Unsent changes</RecordLink>
					<RecordLink to={places.receipts}>Receipts</RecordLink>
				</p>
			</div>
		</>
	);
}

/** A panel that was asked for takes the keys; the browser gives them back when it closes. */
function takeKeys(event: ToggleEvent<HTMLElement>): void {
	if (event.newState === 'open') event.currentTarget.querySelector('button')?.focus();
}

function Sentence({ status }: { status: SyncStatus }) {
	const now = useNow();
	const problem = status.paused ? null : problemWords(status.problem);
	return (
		<p>
			{stateSentence(status, now)} {problem}
		</p>
	);
}
