import { useState } from 'react';
import type { BackupLine } from '../../../shared/contract/backup-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { showToast } from '../../lib/toasts.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import styles from './Backups.module.css';
import { kindWords, resultWords } from './backup-words.ts';
import { RestoreSheet } from './RestoreSheet.tsx';

const FIRST = 5;

/** The way back to a backup while the store cannot be opened. The workbook opens by itself afterwards. */
export function WayBack() {
	const answer = useAnswer('backups.list', {});
	const [chosen, setChosen] = useState<BackupLine | null>(null);
	const [all, setAll] = useState(false);
	return (
		<section className={styles.back} aria-label="Backups">
			<h2>Go back to a backup</h2>
			<Answer of={answer} lines={3}>
				{({ backups }) => (
					<>
						<ul>
							{backups.slice(0, all ? undefined : FIRST).map((line) => (
								<li key={line.name}>
									<Button onClick={() => setChosen(line)}>{exactInstant(line.at)}</Button>
									<span className="muted">{kindWords(line.kind)}</span>
								</li>
							))}
						</ul>
						{backups.length > FIRST && !all ? (
							<Button look="quiet" onClick={() => setAll(true)}>
								Show all {backups.length}
							</Button>
						) : null}
					</>
				)}
			</Answer>
			{chosen ? (
				<RestoreSheet
					backup={chosen}
					onClose={() => setChosen(null)}
					onDone={(result) => {
						setChosen(null);
						showToast(`The workbook is as it was on ${exactInstant(chosen.at)}. ${resultWords(result)}`);
					}}
				/>
			) : null}
		</section>
	);
}
