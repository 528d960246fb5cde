import type { TrashRow } from '../../../shared/contract/kept-models.ts';
import { dayOf, exactInstant, relativeDay, shortInstant } from '../../lib/dates.ts';
import { NameCell } from '../../ui/NameCell.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import styles from './Trash.module.css';

/** A row of the list, whose id names its kind as well. */
export type TrashLine = TrashRow;

interface Marks {
	isMarked(row: TrashLine): boolean;
	onMark(row: TrashLine): void;
	now: Date;
	today: string;
}

/** "with 6 attendees, 9 checklist items". */
export function alongWords(row: TrashRow): string | null {
	if (row.along.length === 0) return null;
	return `with ${row.along.map(({ count, label }) => `${count} ${label}`).join(', ')}`;
}

/** Where a record was: what it belonged to, or its client. */
export function placeWords(row: TrashRow): string {
	const parent = row.parent ? `${row.parent.title}${row.parent.deleted ? ' (deleted)' : ''}` : null;
	return [parent, row.account_name].filter(Boolean).join(' · ') || 'no client';
}

/** What was deleted, where it was, who deleted it and when, and how long it stays. */
export function trashColumns({ isMarked, onMark, now, today }: Marks): readonly Column<TrashLine>[] {
	return [
		{
			id: 'mark',
			header: '',
			width: 34,
			cell: (row) => (
				<span className={styles.check}>
					<input
						type="checkbox"
						tabIndex={-1}
						aria-label={`Mark ${row.title}`}
						checked={isMarked(row)}
						onChange={() => onMark(row)}
					/>
				</span>
			),
		},
		{
			id: 'title',
			header: 'Deleted',
			cell: (row) => <NameCell name={row.title} beside={alongWords(row)} />,
		},
		{ id: 'kind', header: 'Kind', width: 96, cell: (row) => row.entity_label },
		{
			id: 'place',
			header: 'From',
			width: 176,
			cell: (row) => <span title={placeWords(row)}>{placeWords(row)}</span>,
		},
		{
			id: 'by',
			header: 'By',
			width: 104,
			cell: (row) => row.deleted_by_name ?? <span className="muted">unknown</span>,
		},
		{
			id: 'when',
			header: 'When',
			width: 80,
			align: 'right',
			cell: (row) => <span title={exactInstant(row.deleted_at)}>{shortInstant(row.deleted_at, now)}</span>,
		},
		{
			id: 'stays',
			header: 'Leaves',
			hint: 'When it leaves the trash',
			width: 88,
			align: 'right',
			cell: (row) => <span title={exactInstant(row.stays_until)}>{relativeDay(dayOf(row.stays_until), today)}</span>,
		},
	];
}
