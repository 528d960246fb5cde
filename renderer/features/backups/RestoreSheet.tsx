import { useEffect, useRef, useState } from 'react';
import type { BackupFacts, BackupLine, LeftChange, RestoreResult } from '../../../shared/contract/backup-models.ts';
import type { CallError } from '../../../shared/contract/errors.ts';
import { call, editsSettled } from '../../lib/core.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { errorLine } from '../../lib/error-words.ts';
import { counted } from '../../lib/numbers.ts';
import { useProgress } from '../../lib/progress.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import styles from './Backups.module.css';
import { holdsWords, progressWords, sinceWords } from './backup-words.ts';

const UNDOABLE =
	'What is here now is backed up first, so this can be undone. Sign-in, passphrase and recovery code stay as they are.';
const KEPT_ASIDE =
	'The damaged file is put aside and not deleted. What it still tells of unsent changes is taken along. Sign-in, passphrase and recovery code stay as they are.';

interface RestoreSheetProps {
	backup: BackupLine;
	onClose(): void;
	onDone(result: RestoreResult): void;
}

/** What a backup holds, what would be different, and the way back to it. */
export function RestoreSheet({ backup, onClose, onDone }: RestoreSheetProps) {
	const [facts, setFacts] = useState<BackupFacts | CallError | null>(null);
	const [keepUnsent, setKeepUnsent] = useState(true);
	const [progressId, setProgressId] = useState<string | null>(null);
	const [problem, setProblem] = useState<CallError | null>(null);
	const { name } = backup;
	useEffect(() => {
		let isHere = true;
		void call('backups.about', { name }).then((result) => isHere && setFacts(result.ok ? result.value : result.error));
		return () => {
			isHere = false;
		};
	}, [name]);
	const restore = async () => {
		const id = crypto.randomUUID();
		setProgressId(id);
		setProblem(null);
		await editsSettled();
		const result = await call('backups.restore', { name, keepUnsent, progressId: id });
		setProgressId(null);
		if (result.ok) onDone(result.value);
		else setProblem(result.error);
	};
	const leave = () => (progressId ? undefined : onClose());
	return (
		<Overlay label="Go back to a backup" onClose={leave}>
			<div className={styles.sheet}>
				<h2>Go back to {exactInstant(backup.at)}?</h2>
				{facts === null ? <Skeleton lines={3} /> : null}
				{facts && 'code' in facts ? <ErrorState error={facts} /> : null}
				{facts && 'holds' in facts ? (
					<>
						<Facts facts={facts} />
						<Unsent changes={facts.unsentSince} keep={keepUnsent} onKeep={setKeepUnsent} isHeld={progressId !== null} />
						<p className="muted">{facts.changedSince === null ? KEPT_ASIDE : UNDOABLE}</p>
					</>
				) : null}
				{problem ? (
					<p className={styles.problem} role="alert">
						{errorLine(problem)}
					</p>
				) : null}
				<Foot
					progressId={progressId}
					isReady={facts !== null && 'holds' in facts}
					onRestore={restore}
					onClose={onClose}
				/>
			</div>
		</Overlay>
	);
}

interface FootProps {
	progressId: string | null;
	isReady: boolean;
	onRestore(): Promise<void>;
	onClose(): void;
}

function Foot({ progressId, isReady, onRestore, onClose }: FootProps) {
	const progress = useProgress(progressId);
	const button = useRef<HTMLButtonElement>(null);
	useEffect(() => {
		if (isReady) button.current?.focus();
	}, [isReady]);
	if (progressId)
		return (
			<p role="status" className="figures">
				{progressWords(progress)}
			</p>
		);
	return (
		<div className={styles.buttons}>
			<Button look="primary" disabled={!isReady} onClick={() => void onRestore()}>
				Go back to it
			</Button>
			<Button ref={button} onClick={onClose}>
				Stay here
			</Button>
		</div>
	);
}

function Facts({ facts }: { facts: BackupFacts }) {
	return (
		<dl className={styles.facts}>
			<dt>It holds</dt>
			<dd>{holdsWords(facts.holds)}</dd>
			<dt>Since then</dt>
			<dd>{sinceWords(facts)}</dd>
		</dl>
	);
}

interface UnsentProps {
	changes: readonly LeftChange[];
	keep: boolean;
	onKeep(keep: boolean): void;
	isHeld: boolean;
}

function Unsent({ changes, keep, onKeep, isHeld }: UnsentProps) {
	if (changes.length === 0) return null;
	const said = counted(changes.length, 'change');
	return (
		<>
			<fieldset className={styles.choice} disabled={isHeld}>
				<legend>{said} made since that the office does not have yet</legend>
				<label>
					<input type="radio" name="unsent" checked={keep} onChange={() => onKeep(true)} />
					<span>
						Take them along
						<small>The records they are about stay as they are now.</small>
					</span>
				</label>
				<label>
					<input type="radio" name="unsent" checked={!keep} onChange={() => onKeep(false)} />
					<span>
						Leave them out
						<small>
							They stay in the backup of today. Those already on their way to the office go along all the same.
						</small>
					</span>
				</label>
			</fieldset>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<ul className={styles.unsent} aria-label={said} tabIndex={0}>
				{changes.map(({ at, label, title, account_name }, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while it is shown
					<li key={index}>
						<time dateTime={at}>{shortInstant(at)}</time>
						<span>
							{label}: {title}
							{account_name ? <span className="muted"> {account_name}</span> : null}
						</span>
					</li>
				))}
			</ul>
		</>
	);
}
