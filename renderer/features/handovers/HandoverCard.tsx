import { useState } from 'react';
import type { HandedRecord, HandoverRow } from '../../../shared/contract/sync-models.ts';
import { copyText } from '../../lib/copy-text.ts';
import { useSend } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { placeOf } from '../../lib/places.ts';
import { report } from '../../lib/report.ts';
import { showUndo } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { StatusDot, type Tone } from '../../ui/StatusDot.tsx';
import styles from './Handovers.module.css';
import {
	contentWords,
	doneWords,
	fieldWords,
	handoverText,
	reasonWords,
	titleWords,
	whereWords,
	writtenWords,
} from './handover-words.ts';

const states: Record<HandoverRow['kind'], { tone: Tone; word: string }> = {
	APPLIED: { tone: 'accent', word: 'In the records' },
	HELD: { tone: 'amber', word: 'Held back' },
};
const shownAtOnce = 6;

/** One person's late work on one account: who, where, when, what is in it record by record, and what can be done. */
export function HandoverCard({ row }: { row: HandoverRow }) {
	const { send, pending } = useSend('handovers.take');
	const [all, setAll] = useState(false);
	const records = all ? row.records : row.records.slice(0, shownAtOnce);
	const state = states[row.kind];
	const why = reasonWords(row);
	const take = async () => {
		if (report(await send({ id: row.id }))) showUndo(`Taken over from ${row.from_name}`);
	};
	return (
		<article className={styles.card} aria-label={`${titleWords(row)}: ${contentWords(row)}`}>
			<header className={styles.head}>
				<div>
					<h3 className={styles.title}>{titleWords(row)}</h3>
					<p>
						{contentWords(row)}
						<span className="muted">
							{row.written_at ? ` · written ${writtenWords(row.written_at)}` : ''} · received{' '}
							{exactInstant(row.received_at)}
						</span>
					</p>
				</div>
				<StatusDot tone={state.tone} word={state.word} />
			</header>
			<p className={styles.where}>
				{why ? `${why} ` : null}
				{whereWords(row)}
			</p>
			<ul className={styles.changes}>
				{records.map((record) => (
					<Handed key={`${record.entity} ${record.id}`} record={record} isHere={row.account_name !== null} />
				))}
			</ul>
			<footer className={styles.actions}>
				{row.mine ? null : (
					<Button disabled={pending} onClick={() => void take()}>
						Take over
					</Button>
				)}
				<Button onClick={() => void copyText(handoverText(row), 'Copied as text')}>Copy as text</Button>
				{row.records.length > shownAtOnce ? (
					<Button look="quiet" onClick={() => setAll(!all)}>
						{all ? 'Show fewer' : `Show all ${row.records.length}`}
					</Button>
				) : null}
			</footer>
		</article>
	);
}

/** `isHere`: the account is on this laptop, so that its records can be opened. */
function Handed({ record, isHere }: { record: HandedRecord; isHere: boolean }) {
	const place = isHere && record.done !== 'deleted' ? placeOf(record) : null;
	const title = record.title ?? record.kind;
	return (
		<li className={styles.change}>
			<span>
				<span className="muted">{doneWords(record)}</span>{' '}
				{place ? <RecordLink to={place}>{title}</RecordLink> : <span className="strong">{title}</span>}
			</span>
			<ul>
				{record.fields.map((field) => (
					<li key={field.label}>{fieldWords(field)}</li>
				))}
			</ul>
		</li>
	);
}
