import { IconX } from '@tabler/icons-react';
import type { VisitPage } from '../../../shared/contract/models.ts';
import { type Attendee, attendee as entity } from '../../../shared/entities/visit.ts';
import { call } from '../../lib/core.ts';
import { report } from '../../lib/report.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { showUndo } from '../../lib/toasts.ts';
import { Section } from '../../ui/Section.tsx';
import { AddAttendee } from './AddAttendee.tsx';
import styles from './Checklist.module.css';

const sides = ['CLIENT', 'OWN'] as const;
const { fields } = entity;

/** Who takes part, from both sides, and what each has answered. */
export function Attendees({ page }: { page: VisitPage }) {
	const { attendees, visit } = page;
	const onlyReads = useOnlyReads(visit.account_id, 'attendee');
	return (
		<Section title={entity.plural} note={attendees.length > 0 ? String(attendees.length) : null}>
			{sides.map((side) => {
				const people = attendees.filter((person) => person.side === side);
				if (people.length === 0) return null;
				return (
					<div key={side}>
						<p className={styles.side}>{fields.side.values[side]}</p>
						<ul aria-label={fields.side.values[side]}>
							{people.map((person) => (
								<Person key={person.id} person={person} onlyRead={onlyReads} />
							))}
						</ul>
					</div>
				);
			})}
			{onlyReads ? null : (
				<AddAttendee
					accountId={visit.account_id}
					taken={attendees}
					onAdd={async (values) => report(await call('attendees.create', { visit_id: visit.id, ...values }))}
				/>
			)}
		</Section>
	);
}

function Person({ person, onlyRead }: { person: Attendee; onlyRead: boolean }) {
	const answer = async (status: string) => report(await call('attendees.update', { id: person.id, patch: { status } }));
	const remove = async () => {
		if (report(await call('attendees.delete', { id: person.id }))) showUndo('Attendee removed');
	};
	if (onlyRead)
		return (
			<li className={styles.person}>
				<span className={styles.name}>{person.name}</span>
				<span className="muted">{fields.status.values[person.status ?? 'INVITED']}</span>
			</li>
		);
	return (
		<li className={styles.person}>
			<span className={styles.name}>{person.name}</span>
			<select
				className={styles.status}
				aria-label={`${fields.status.label} of ${person.name}`}
				value={person.status ?? 'INVITED'}
				onChange={(event) => void answer(event.target.value)}
			>
				{Object.entries(fields.status.values).map(([value, word]) => (
					<option key={value} value={value}>
						{word}
					</option>
				))}
			</select>
			<button
				type="button"
				className={styles.remove}
				aria-label={`Remove ${person.name}`}
				onClick={() => void remove()}
			>
				<IconX size={14} aria-hidden />
			</button>
		</li>
	);
}
