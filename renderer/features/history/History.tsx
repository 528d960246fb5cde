import { useState } from 'react';
import { useAnswer } from '../../lib/core.ts';
import { count, counted } from '../../lib/numbers.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './History.module.css';
import { HistoryRow } from './HistoryRow.tsx';

const shownFirst = 8;
const readFirst = 200;
const readAll = 20_000;

interface HistoryProps {
	entity: string;
	id: string;
	title?: string;
}

/** Who changed what and when, newest first, with the way back to every earlier value; what the server has not acknowledged says so. */
export function History({ entity, id, title = 'History' }: HistoryProps) {
	const [shown, setShown] = useState<'first' | 'read' | 'all'>('first');
	const limit = shown === 'all' ? readAll : readFirst;
	const answer = useAnswer('history.list', { entity, id, limit }, { keep: true });
	const lines = answer.data ?? [];
	const more =
		lines.length > shownFirst && shown === 'first' ? (
			<Button look="quiet" onClick={() => setShown('read')}>
				{lines.length >= readFirst
					? `Show the last ${count(readFirst)}`
					: `Show all ${counted(lines.length, 'change')}`}
			</Button>
		) : null;
	return (
		<Section title={title} action={more}>
			<Answer of={answer} lines={2}>
				{(found) =>
					found.length > 0 ? (
						<Panel flush>
							<ol className={styles.list} aria-label="Changes, newest first">
								{found.slice(0, shown === 'first' ? shownFirst : undefined).map((line) => (
									<HistoryRow key={line.id} line={line} />
								))}
							</ol>
							{shown === 'read' && found.length >= readFirst ? (
								<div className={styles.foot}>
									<Button look="quiet" onClick={() => setShown('all')}>
										Show all older changes
									</Button>
								</div>
							) : null}
						</Panel>
					) : (
						<p className="muted">Nothing has been changed on this computer. What the office sent is where it began.</p>
					)
				}
			</Answer>
		</Section>
	);
}
