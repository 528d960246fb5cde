import type { ImportResult } from '../../../shared/contract/models.ts';
import { errorLine } from '../../lib/error-words.ts';
import { count, counted } from '../../lib/numbers.ts';
import { useProgress } from '../../lib/progress.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Panel } from '../../ui/Section.tsx';
import styles from './Import.module.css';
import { progressWords } from './import-words.ts';

interface WorkingProps {
	title: string;
	progressId: string;
	cancelling?: boolean;
	onCancel?: () => void;
}

/** Long work with counts and a way to stop it. */
export function Working({ title, progressId, cancelling = false, onCancel }: WorkingProps) {
	const progress = useProgress(progressId);
	const share = progress?.total ? Math.min(progress.done / progress.total, 1) : undefined;
	return (
		<Panel>
			<div className={styles.working}>
				<p className={styles.lead}>{title}</p>
				<progress value={share} max={1} aria-label={title} />
				<p className="figures" role="status">
					{cancelling ? 'Cancelling; what was written is taken out again' : progressWords(progress)}
				</p>
				{onCancel ? (
					<Button onClick={onCancel} disabled={cancelling}>
						Cancel
					</Button>
				) : null}
			</div>
		</Panel>
	);
}

interface DoneProps {
	fileName: string;
	result: ImportResult;
	onUndo(): void;
	onSaveRejects(): void;
	onClose(): void;
}

function resultWords({ assets, renewals }: ImportResult): string {
	const parts = [counted(assets, 'case'), renewals > 0 ? counted(renewals, 'renewal') : null];
	return parts.filter(Boolean).join(' and ');
}

/** What was imported. It stays until it is dismissed. */
export function Done({ fileName, result, onUndo, onSaveRejects, onClose }: DoneProps) {
	// The last thing done is this import: the key for undo takes it back while it stands here.
	useCommand('undo', onUndo);
	const seconds = (result.ms / 1000).toFixed(1);
	return (
		<Panel>
			<div className={styles.working} role="status">
				<p className={styles.lead}>{resultWords(result)} imported</p>
				<p className="muted">
					From {fileName}, {count(result.rows)} rows in {seconds} s.{' '}
					{result.rejected > 0 ? (
						<span className="red">{counted(result.rejected, 'row')} rejected.</span>
					) : (
						'No row was rejected.'
					)}
				</p>
				<div className={styles.actions}>
					<Button onClick={onUndo} hint={<CommandKbd id="undo" />}>
						Undo import
					</Button>
					{result.rejected > 0 ? <Button onClick={onSaveRejects}>Save rejected rows to a file</Button> : null}
					<Button look="quiet" onClick={onClose}>
						Dismiss
					</Button>
				</div>
			</div>
		</Panel>
	);
}

export function RunFailed({ error }: { error: Parameters<typeof errorLine>[0] }) {
	return (
		<p className={styles.failed} role="alert">
			{error.code === 'cancelled' ? 'Cancelled. Nothing was imported.' : `${errorLine(error)} Nothing was imported.`}
		</p>
	);
}
