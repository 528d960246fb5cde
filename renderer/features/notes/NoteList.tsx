import type { NoteRow } from '../../../shared/contract/models.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { places } from '../../lib/places.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { InternalMark } from '../../ui/InternalMark.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './Note.module.css';
import type { NoteParent } from './use-new-note.ts';

interface NoteListProps {
	parent: NoteParent;
	/** Left out for a record on which nothing new belongs, such as a deleted one. */
	onNew?: (() => void) | undefined;
	/** What a note on this record is good for, in one sentence. */
	purpose: string;
}

/** The notes of one record, newest first. */
export function NoteList({ parent, onNew, purpose }: NoteListProps) {
	const answer = useAnswer('notes.list', { parent_type: parent.parent_type, parent_id: parent.parent_id });
	const add = onNew && (
		<Button look="quiet" onClick={onNew} hint={<CommandKbd id="record.note" />}>
			New note
		</Button>
	);
	return (
		<Section title="Notes" action={add}>
			<Answer of={answer} lines={2}>
				{(rows) => (
					<Panel flush>
						{rows.length > 0 ? (
							<ul>
								{rows.map((row) => (
									<NoteLine key={row.id} row={row} />
								))}
							</ul>
						) : (
							<EmptyState title="No notes yet">{purpose}</EmptyState>
						)}
					</Panel>
				)}
			</Answer>
		</Section>
	);
}

function NoteLine({ row }: { row: NoteRow }) {
	const now = useNow();
	// A note is called by its first words until it has a title.
	const first = row.excerpt.split('\n')[0];
	const title = row.title || first || 'Empty note';
	const rest = row.title ? row.excerpt : row.excerpt.slice(first?.length ?? 0);
	return (
		<li className={row.internal ? `${styles.line} ${styles.internalLine}` : styles.line}>
			<p className={styles.lineTitle}>
				<RecordLink to={places.note(row.id)}>{title}</RecordLink> {row.internal ? <InternalMark /> : null}
			</p>
			<p className={styles.when}>
				{row.unsent ? <span className="amber">not sent yet</span> : null}
				<span>{row.author_name}</span>
				<time dateTime={row.at} title={exactInstant(row.at)}>
					{shortInstant(row.at, now)}
				</time>
			</p>
			{rest.trim() ? <p className={styles.excerpt}>{rest.trim()}</p> : null}
		</li>
	);
}
