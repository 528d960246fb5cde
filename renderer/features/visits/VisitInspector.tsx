import type { VisitPage, VisitRow } from '../../../shared/contract/models.ts';
import { useAnswer } from '../../lib/core.ts';
import { counted } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { Inspector, InspectorHead } from '../../ui/Inspector.tsx';
import { KeyHints } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { Section } from '../../ui/Section.tsx';
import { dueDay } from './checklist-due.ts';
import styles from './Visit.module.css';
import { VisitTime } from './VisitTime.tsx';

const hints = [
	{ id: 'list.open', word: 'open' },
	{ id: 'record.create', word: 'new' },
	{ id: 'list.search', word: 'filter' },
] as const;

/** The selected visit: when, who, and what is not done yet. */
export function VisitInspector({ row }: { row: VisitRow | undefined }) {
	const answer = useAnswer('visits.get', { id: row?.id ?? '-' }, { enabled: row !== undefined, keep: true });
	if (!row) return <Inspector label="Visit" />;
	const page = answer.data?.visit.id === row.id ? answer.data : undefined;
	return (
		<Inspector label={row.purpose} foot={<KeyHints hints={hints} />}>
			<InspectorHead title={row.purpose}>
				<RecordLink to={places.account(row.account_id)} plain>
					{row.account_name}
				</RecordLink>
			</InspectorHead>
			<div className={styles.facts}>
				<p>{row.place ?? <span className="muted">No place yet</span>}</p>
				<VisitTime visit={row} />
			</div>
			{page ? <VisitBrief page={page} /> : null}
		</Inspector>
	);
}

/** What a visit is for, what is left to do and who comes: beside the list, and beside a note written there. */
export function VisitBrief({ page }: { page: VisitPage }) {
	const left = page.checklist.filter((item) => !item.done_at);
	const clients = page.attendees.filter((person) => person.side === 'CLIENT');
	return (
		<>
			{page.visit.objectives ? (
				<Section title="Objectives">
					<p style={{ whiteSpace: 'pre-line' }}>{page.visit.objectives}</p>
				</Section>
			) : null}
			<Section title="Left to do" note={left.length > 0 ? String(left.length) : null}>
				{left.length > 0 ? (
					<ul className={styles.lines}>
						{left.slice(0, 6).map((item) => (
							<li key={item.id}>
								<p>{item.text}</p>
								<RelativeDate day={dueDay(item, page.visit)} warnWithin={1} />
							</li>
						))}
					</ul>
				) : (
					<p className="muted">{page.checklist.length > 0 ? 'All done.' : 'No checklist.'}</p>
				)}
			</Section>
			<Section title="Attendees" note={page.attendees.length > 0 ? String(page.attendees.length) : null}>
				<p className={page.attendees.length > 0 ? undefined : 'muted'}>
					{clients.map((person) => person.name).join(', ') || 'Nobody from the client yet.'}
				</p>
			</Section>
			{page.notes.length > 0 ? <p className="muted">{counted(page.notes.length, 'note')}</p> : null}
		</>
	);
}
