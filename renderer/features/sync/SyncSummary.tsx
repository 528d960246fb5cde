import type { ReactNode } from 'react';
import type { SyncStatus } from '../../../shared/contract/sync-models.ts';
import { exactInstant, relativeInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { counted, fileSize } from '../../lib/numbers.ts';
import { problemWords, syncWords } from '../../lib/sync-words.ts';
import { runCommand } from '../../lib/use-command.ts';
import { Panel } from '../../ui/Section.tsx';
import { MeteredChoice, meteredWords } from './MeteredChoice.tsx';
import { SignInLine, useSignsIn } from './SignInLine.tsx';
import styles from './Sync.module.css';
import { SyncStateIcon } from './SyncStateIcon.tsx';

function When({ at, none }: { at: string | null; none: string }) {
	const now = useNow();
	if (!at) return <span className="muted">{none}</span>;
	return (
		<>
			{exactInstant(at)} <span className="muted">{relativeInstant(at, now)}</span>
		</>
	);
}

/** The state in full: what the server acknowledged and when, what waits here, and what is tried next. */
export function SyncSummary({ status }: { status: SyncStatus }) {
	const now = useNow();
	const words = syncWords(status, now);
	const problem = status.paused ? null : problemWords(status.problem);
	const signsIn = useSignsIn();
	return (
		<Panel>
			<div className={styles.summary}>
				<div className={styles.state}>
					<p className={`${styles.title} ${words.tone === 'green' ? 'green' : ''}`}>
						<SyncStateIcon words={words} /> {words.title}
					</p>
					{problem ? <p className={status.problem === 'store' ? 'red' : ''}>{problem}</p> : null}
					<p className="muted">{safeWords(status)}</p>
				</div>
				<label className={styles.switch}>
					<input type="checkbox" checked={status.paused} onChange={() => runCommand('sync.pause')} />
					Work offline
				</label>
			</div>
			<dl className={styles.facts}>
				<Fact word="Last acknowledged">
					<When at={status.acknowledgedAt} none="not yet" />
				</Fact>
				<Fact word="Office data as of">
					<When at={status.pulledAt} none="never received" />
				</Fact>
				<Fact word="Next try">
					<When at={status.nextAttemptAt} none={noTry(status)} />
				</Fact>
				{signsIn ? (
					<Fact word="Sign-in">
						<SignInLine />
					</Fact>
				) : null}
				<Fact word="Files">{filesWords(status)}</Fact>
				{status.awaitingServer > 0 ? <Fact word="Newer server">{awaitingWords(status.awaitingServer)}</Fact> : null}
				<Fact word="Metered link">
					<MeteredChoice status={status} />
					<span className="muted">{meteredWords(status)}</span>
				</Fact>
			</dl>
		</Panel>
	);
}

function Fact({ word, children }: { word: string; children: ReactNode }) {
	return (
		<div className={styles.fact}>
			<dt>{word}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function awaitingWords(waiting: number): string {
	return `${counted(waiting, 'change')} ${waiting === 1 ? 'waits' : 'wait'} for it; the rest goes`;
}

function noTry(status: SyncStatus): string {
	if (status.paused) return 'when you go back online';
	if (status.problem === 'signed_out') return 'when you have signed in';
	return status.metered ? 'when something urgent waits' : 'none planned';
}

function filesWords({ files }: SyncStatus): string {
	const parts = [
		files.up > 0 ? `${counted(files.up, 'file')} to send` : null,
		files.down > 0 ? `${counted(files.down, 'file')} to fetch` : null,
	].filter((part) => part !== null);
	if (parts.length === 0) return 'None waiting';
	return `${parts.join(', ')} · ${fileSize(files.bytesLeft)} left`;
}

function safeWords(status: SyncStatus): string {
	if (status.state === 'acknowledged') return 'The server has answered for every change made here.';
	if (status.state === 'partly')
		return 'The rest is encrypted on this computer and stays here until the server has it.';
	return 'Everything is encrypted on this computer. You can go on working.';
}
