import { useState } from 'react';
import type { BackupLine, BackupList, RestoreResult } from '../../../shared/contract/backup-models.ts';
import { call, useAnswer } from '../../lib/core.ts';
import { exactInstant, relativeInstant } from '../../lib/dates.ts';
import { errorWords } from '../../lib/error-words.ts';
import { useNow } from '../../lib/now.ts';
import { counted, fileSize } from '../../lib/numbers.ts';
import { useProgress } from '../../lib/progress.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import styles from './Backups.module.css';
import { kindWords, progressWords, resultWords } from './backup-words.ts';
import { RestoreSheet } from './RestoreSheet.tsx';
import { backUpNow, useBackupNow } from './use-backup-now.ts';

interface Done {
	to: BackupLine;
	result: RestoreResult;
}

/** The backups on this computer, and the way back to each. */
export function BackupsSection() {
	const answer = useAnswer('backups.list', {});
	const [chosen, setChosen] = useState<BackupLine | null>(null);
	const [done, setDone] = useState<Done | null>(null);
	const lines = answer.data?.backups ?? [];
	const before = done ? lines.find(({ name }) => name === done.result.before) : undefined;
	return (
		<Section title="Backups" note="Encrypted, on this computer. Seven days and four weeks are kept.">
			<div className={styles.parts}>
				{done ? (
					<div className={styles.done} role="status">
						<strong>The workbook is as it was on {exactInstant(done.to.at)}</strong>
						<p>{resultWords(done.result)}</p>
						<div className={styles.buttons}>
							{before ? <Button onClick={() => setChosen(before)}>Undo: back to what was here before</Button> : null}
							<Button look="quiet" onClick={() => setDone(null)}>
								Dismiss
							</Button>
						</div>
					</div>
				) : null}
				<Answer of={answer} lines={4}>
					{(list) => (
						<>
							<Panel>
								<State list={list} />
							</Panel>
							{list.backups.length > 0 ? <Lines lines={list.backups} onChoose={setChosen} /> : null}
						</>
					)}
				</Answer>
			</div>
			{chosen ? (
				<RestoreSheet
					backup={chosen}
					onClose={() => setChosen(null)}
					onDone={(result) => {
						setDone({ to: chosen, result });
						setChosen(null);
					}}
				/>
			) : null}
		</Section>
	);
}

function State({ list }: { list: BackupList }) {
	const running = useBackupNow();
	const progress = useProgress(running);
	return (
		<div className={styles.state}>
			<p role="status">
				<Words list={list} />
				{running ? <span className="figures muted"> {progressWords(progress)}.</span> : null}
			</p>
			{running ? (
				<Button onClick={() => void call('calls.cancel', { progressId: running })}>Cancel</Button>
			) : (
				<Button
					look="primary"
					onClick={() => void backUpNow()}
					why={list.damaged ? 'The workbook is damaged; there is nothing whole to back up.' : null}
					hint={<CommandKbd id="backup.now" />}
				>
					Back up now
				</Button>
			)}
		</div>
	);
}

function Words({ list: { backups, problem, damaged, busy } }: { list: BackupList }) {
	const now = useNow();
	const [newest] = backups;
	if (damaged) return <span className={styles.problem}>{errorWords('store_damaged').title}. Go back to a backup.</span>;
	if (problem) {
		const { title, next } = errorWords(problem);
		return (
			<span className={styles.problem}>
				The last backup could not be made: {title.toLowerCase()}. The workbook itself is as it was. {next}
			</span>
		);
	}
	if (busy) return 'A backup is being made. Go on working.';
	if (!newest) return 'None yet. The first is made by itself once you pause for a moment.';
	return `The last one was made ${relativeInstant(newest.at, now)} and read back whole.`;
}

type Line = BackupLine & { id: string };

function Lines({ lines, onChoose }: { lines: readonly BackupLine[]; onChoose(line: BackupLine): void }) {
	const columns: Column<Line>[] = [
		{ id: 'at', header: 'Made', width: 190, cell: ({ at }) => <time dateTime={at}>{exactInstant(at)}</time> },
		{ id: 'kind', header: 'Why', cell: ({ kind }) => kindWords(kind) },
		{ id: 'size', header: 'Size', width: 90, align: 'right', cell: ({ bytes }) => fileSize(bytes) },
		{
			id: 'go',
			header: '',
			width: 110,
			align: 'right',
			cell: (line) => (
				<Button look="quiet" aria-label={`Go back to ${exactInstant(line.at)}`} onClick={() => onChoose(line)}>
					Go back
				</Button>
			),
		},
	];
	const rows = lines.map((line) => ({ ...line, id: line.name }));
	return <ShortTable label={counted(lines.length, 'backup')} columns={columns} rows={rows} first={8} />;
}
