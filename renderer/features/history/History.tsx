import { useState } from 'react';
import type { HistoryLine } from '../../../shared/contract/models.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant, shortInstant, storedInWords } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './History.module.css';

const shownFirst = 8;

/** Who changed what and when, newest first; what the server has not acknowledged says so. */
export function History({ entity, id }: { entity: string; id: string }) {
	const answer = useAnswer('history.list', { entity, id });
	const [all, setAll] = useState(false);
	const lines = answer.data ?? [];
	const more =
		lines.length > shownFirst && !all ? (
			<Button look="quiet" onClick={() => setAll(true)}>
				Show all {counted(lines.length, 'change')}
			</Button>
		) : null;
	return (
		<Section title="History" action={more}>
			<Answer of={answer} lines={2}>
				{(found) =>
					found.length > 0 ? (
						<Panel flush>
							<ol aria-label="Changes, newest first">
								{found.slice(0, all ? undefined : shownFirst).map((line) => (
									<Line key={line.id} line={line} />
								))}
							</ol>
						</Panel>
					) : (
						<p className="muted">Nothing has been changed on this computer. What the office sent is where it began.</p>
					)
				}
			</Answer>
		</Section>
	);
}

const events: Record<string, string> = { created: 'Created', deleted: 'Deleted', restored: 'Restored' };

function Line({ line }: { line: HistoryLine }) {
	const now = useNow();
	const event = events[line.field];
	return (
		<li className={styles.line}>
			<p className={styles.label}>{event ?? line.label}</p>
			<p className={styles.change}>{event ? null : <Change before={line.before} after={line.after} />}</p>
			<p className={styles.who}>
				{line.sent ? null : <span className={styles.unsent}>not sent yet</span>}
				<span>{line.by_name ?? (line.origin === 'import' ? 'Import' : 'Office')}</span>
				<time dateTime={line.at} title={exactInstant(line.at)}>
					{shortInstant(line.at, now)}
				</time>
			</p>
		</li>
	);
}

function Change({ before, after }: { before: string | null; after: string | null }) {
	return (
		<>
			{before === null || before === '' ? null : <del className={styles.before}>{storedInWords(before)}</del>}
			{after === null || after === '' ? (
				<span className="muted">cleared</span>
			) : (
				<ins className={styles.after}>{storedInWords(after)}</ins>
			)}
		</>
	);
}
