import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { placeOf } from '../../lib/places.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Conflict.module.css';
import { ownerWord, type Side, standsApart } from './side-words.ts';
import { type Decision, isText } from './use-decision.ts';

interface ConflictActionsProps {
	row: ConflictRow;
	me: string | null;
	sides: readonly [Side, Side];
	decision: Decision;
	/** Shows the keys, which belong to this one. */
	current: boolean;
	onEdit(): void;
	onBoth(): void;
	onDecide(): void;
}

/** The ways to decide, each with its key, and where the value not chosen is to be found. */
export function ConflictActions(props: ConflictActionsProps) {
	const { row, me, sides, decision, current, onEdit, onBoth, onDecide } = props;
	const hint = (id: Parameters<typeof CommandKbd>[0]['id']) => (current ? <CommandKbd id={id} /> : null);
	const [first, second] = sides;
	return (
		<div className={styles.actions}>
			<Button aria-pressed={decision.choice === first} onClick={() => decision.pick(first)} hint={hint('choice.first')}>
				Use {ownerWord(row, first, me)}
			</Button>
			<Button
				aria-pressed={decision.choice === second}
				onClick={() => decision.pick(second)}
				hint={hint('choice.second')}
			>
				Use {ownerWord(row, second, me)}
			</Button>
			<Button aria-pressed={decision.choice === 'other'} onClick={onEdit} hint={hint('choice.third')}>
				{isText(row) ? 'Edit' : 'Another value'}
			</Button>
			{standsApart(row) ? (
				<Button onClick={() => decision.write(row.standing?.value ?? null)}>Leave what stands</Button>
			) : null}
			{isText(row) ? (
				<Button onClick={onBoth} hint={hint('choice.both')}>
					Keep both
				</Button>
			) : null}
			<span className={styles.safe}>
				What is not chosen stays in the <HistoryLink row={row} />.
			</span>
			<Button look="primary" disabled={decision.pending} onClick={onDecide} hint={hint('record.save')}>
				Decide
			</Button>
		</div>
	);
}

function HistoryLink({ row }: { row: ConflictRow }) {
	const words = `history of ${row.record_ref ?? `the ${row.entity_label.toLowerCase()}`}`;
	const place = placeOf({ entity: row.entity, id: row.row_id, account_id: row.account_id });
	return place ? (
		<RecordLink to={place} plain>
			{words}
		</RecordLink>
	) : (
		words
	);
}
