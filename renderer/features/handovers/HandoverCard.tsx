import { useState } from 'react';
import type { HandoverRow } from '../../../shared/contract/sync-models.ts';
import { copyText } from '../../lib/copy-text.ts';
import { useSend } from '../../lib/core.ts';
import { exactInstant, storedInWords } from '../../lib/dates.ts';
import { placeOf } from '../../lib/places.ts';
import { report } from '../../lib/report.ts';
import { refusalWords } from '../../lib/sync-words.ts';
import { showUndo } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { StatusDot, type Tone } from '../../ui/StatusDot.tsx';
import styles from './Handovers.module.css';
import { handoverText, whereWords, writtenWords } from './handover-words.ts';

const states: Record<HandoverRow['kind'], { tone: Tone; word: string }> = {
	APPLIED: { tone: 'accent', word: 'In the records' },
	HELD: { tone: 'amber', word: 'Held back' },
};
const shownAtOnce = 6;

/** One person's late work: when it was written, when it came, each change in words, and whether it stands. */
export function HandoverCard({ row }: { row: HandoverRow }) {
	const { send, pending } = useSend('handovers.take');
	const [all, setAll] = useState(false);
	const changes = all ? row.changes : row.changes.slice(0, shownAtOnce);
	const state = states[row.kind];
	const take = async () => {
		if (report(await send({ id: row.id }))) showUndo(`Taken over from ${row.from_name}`);
	};
	return (
		<article className={styles.card} aria-label={`${row.from_name}, ${row.summary}`}>
			<header className={styles.head}>
				<div>
					<h3 className={styles.title}>
						{row.mine ? 'You' : row.from_name} · {row.account_name ?? 'an account that has gone to somebody else'}
					</h3>
					<p className="muted">
						{row.written_at ? `Written ${writtenWords(row.written_at)} · ` : ''}received {exactInstant(row.received_at)}
					</p>
				</div>
				<StatusDot tone={state.tone} word={state.word} />
			</header>
			<p className={styles.where}>{whereWords(row)}</p>
			<ul className={styles.changes}>
				{changes.map((change) => (
					<Change key={`${change.row_id} ${change.label}`} change={change} isHere={row.account_name !== null} />
				))}
			</ul>
			<footer className={styles.actions}>
				{row.mine ? null : (
					<Button disabled={pending} onClick={() => void take()}>
						Taken over
					</Button>
				)}
				<Button onClick={() => void copyText(handoverText(row), 'Copied as text')}>Copy as text</Button>
				{row.changes.length > shownAtOnce ? (
					<Button look="quiet" onClick={() => setAll(!all)}>
						{all ? 'Show fewer' : `Show all ${row.changes.length}`}
					</Button>
				) : null}
			</footer>
		</article>
	);
}

/** `isHere`: the account is on this laptop, so that its records can be opened. */
function Change({ change, isHere }: { change: HandoverRow['changes'][number]; isHere: boolean }) {
	const place = isHere ? placeOf({ entity: change.entity, id: change.row_id }) : null;
	return (
		<li className={styles.change}>
			<span>
				{place ? <RecordLink to={place}>{change.title}</RecordLink> : <span className="strong">{change.title}</span>}
			</span>
			<span>
				<span className="muted">{change.label}</span> {change.value === null ? 'emptied' : storedInWords(change.value)}
				{change.reason ? <span className={styles.reason}>{refusalWords(change.reason)}</span> : null}
			</span>
		</li>
	);
}
