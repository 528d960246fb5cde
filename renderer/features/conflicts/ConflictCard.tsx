import { useState } from 'react';
import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import { useSend } from '../../lib/core.ts';
import { storedInWords } from '../../lib/dates.ts';
import { errorLine } from '../../lib/error-words.ts';
import { placeOf } from '../../lib/places.ts';
import { showUndo } from '../../lib/toasts.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Conflict.module.css';
import { ConflictSides } from './ConflictSides.tsx';

/** Only free text can be written anew; a day or a word from a list is one or the other. */
function isText(row: ConflictRow): boolean {
	const kind = entityByName(row.entity)?.fields[row.field]?.kind;
	return kind === 'text' || kind === 'long-text';
}

function both(row: ConflictRow): string {
	return [row.mine_text, row.theirs_text].filter(Boolean).join('\n\n');
}

type Choice = 'mine' | 'theirs' | 'other';

function useDecision(row: ConflictRow) {
	const [choice, setChoice] = useState<Choice>('mine');
	const [written, setWritten] = useState(row.mine_text ?? '');
	const [problem, setProblem] = useState<string | null>(null);
	const { send, pending } = useSend('conflicts.decide');
	const pick = (next: Choice, text: string | null) => {
		setChoice(next);
		setWritten(text ?? '');
	};
	const decide = async () => {
		const result = await send({ id: row.id, choice, ...(choice === 'other' ? { value: written } : {}) });
		if (!result.ok) return setProblem(errorLine(result.error, row.field_label));
		showUndo('Conflict decided');
	};
	return { choice, written, problem, pending, pick, decide };
}

/** One field that two people changed without seeing each other: what stood, what each wrote, and what shall stand. */
export function ConflictCard({ row, first, alone }: { row: ConflictRow; first: boolean; alone: boolean }) {
	const { choice, written, problem, pending, pick, decide } = useDecision(row);
	const text = isText(row);
	const place = placeOf({ entity: row.entity, id: row.row_id, account_id: row.account_id });
	useCommand('record.save', first ? () => void decide() : null);
	const mine = row.mine_is_me ? 'Use yours' : `Use ${row.mine_name ?? 'the later'}`;
	const theirs = row.mine_is_me ? 'Use theirs' : `Use ${row.theirs_name ?? 'the standing'}`;
	return (
		<article className={styles.card} aria-label={`${row.record_title}, ${row.field_label}`}>
			<header className={styles.head}>
				<div>
					<h3 className={styles.title}>
						{place ? <RecordLink to={place}>{row.record_title}</RecordLink> : row.record_title}
					</h3>
					<p className="muted">
						{[row.account_name, row.entity_label, alone ? 'everything else on this record has merged' : null]
							.filter(Boolean)
							.join(' · ')}
					</p>
				</div>
				<p>
					<span className="muted">Field</span> <span className="strong">{row.field_label}</span>
				</p>
			</header>
			<ConflictSides row={row} />
			<div className={styles.result}>
				<label className={styles.label} htmlFor={`result-${row.id}`}>
					Result
				</label>
				{text ? (
					<textarea
						id={`result-${row.id}`}
						className={styles.box}
						rows={2}
						value={written}
						onChange={(event) => pick('other', event.target.value)}
					/>
				) : (
					<output id={`result-${row.id}`} className={styles.box}>
						{written ? storedInWords(written) : 'empty'}
					</output>
				)}
				{problem ? (
					<p className="red" role="alert">
						{problem}
					</p>
				) : null}
				<div className={styles.actions}>
					<Button aria-pressed={choice === 'mine'} onClick={() => pick('mine', row.mine_text)}>
						{mine}
					</Button>
					<Button aria-pressed={choice === 'theirs'} onClick={() => pick('theirs', row.theirs_text)}>
						{theirs}
					</Button>
					{text ? <Button onClick={() => pick('other', both(row))}>Keep both</Button> : null}
					<span className={styles.safe}>What you do not choose stays in the history.</span>
					<Button
						look="primary"
						disabled={pending}
						onClick={() => void decide()}
						hint={first ? <CommandKbd id="record.save" /> : null}
					>
						Decide
					</Button>
				</div>
			</div>
		</article>
	);
}
