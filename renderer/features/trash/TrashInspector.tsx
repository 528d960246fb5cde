import type { TrashRow } from '../../../shared/contract/kept-models.ts';
import { dayOf, exactDate, exactInstant } from '../../lib/dates.ts';
import { placeOf } from '../../lib/places.ts';
import { Button } from '../../ui/Button.tsx';
import { Inspector, InspectorHead } from '../../ui/Inspector.tsx';
import { KeyHints } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Trash.module.css';
import { alongWords } from './trash-columns.tsx';

const hints = [
	{ id: 'record.restore', word: 'restore' },
	{ id: 'list.tick', word: 'mark' },
	{ id: 'list.open', word: 'open' },
] as const;

interface TrashInspectorProps {
	row: TrashRow | undefined;
	pending: boolean;
	onRestore(parents: boolean): void;
}

/** The selected record: what it holds, where it was, and the way back. */
export function TrashInspector({ row, pending, onRestore }: TrashInspectorProps) {
	if (!row) return null;
	const place = placeOf({ entity: row.entity, id: row.id });
	const facts: [string, string | null][] = [
		['Kind', row.entity_label],
		['Client', row.account_name],
		['Belongs to', row.parent ? `${row.parent.title}${row.parent.deleted ? ', deleted as well' : ''}` : null],
		['Deleted', exactInstant(row.deleted_at)],
		['By', row.deleted_by_name],
		['Until', exactDate(dayOf(row.stays_until))],
		['Comes back', alongWords(row)],
	];
	const withParent = row.parent?.deleted === true;
	return (
		<Inspector label={row.title} foot={<KeyHints hints={hints} />}>
			<InspectorHead title={place ? <RecordLink to={place}>{row.title}</RecordLink> : row.title} />
			<dl className={styles.facts}>
				{facts.map(([name, value]) =>
					value ? (
						<div key={name} className={styles.fact}>
							<dt>{name}</dt>
							<dd>{value}</dd>
						</div>
					) : null,
				)}
			</dl>
			{row.excerpt ? <p className={`${styles.words} muted`}>{row.excerpt}</p> : null}
			<div className={styles.actions}>
				<Button disabled={pending} onClick={() => onRestore(withParent)}>
					{withParent ? 'Restore with what it belongs to' : 'Restore'}
				</Button>
				{withParent ? (
					<Button disabled={pending} onClick={() => onRestore(false)}>
						Restore only this
					</Button>
				) : null}
			</div>
		</Inspector>
	);
}
