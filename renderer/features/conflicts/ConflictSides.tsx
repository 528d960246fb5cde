import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { exactInstant, storedInWords } from '../../lib/dates.ts';
import { WordDiff } from '../../ui/WordDiff.tsx';
import styles from './Conflict.module.css';
import { ownerHead, type Side } from './side-words.ts';
import { isText } from './use-decision.ts';

interface ConflictSidesProps {
	row: ConflictRow;
	/** In the order in which they are shown. */
	sides: readonly [Side, Side];
	me: string | null;
}

/** What both started from, and what each made of it; added and removed words are marked. */
export function ConflictSides({ row, sides, me }: ConflictSidesProps) {
	const isMine = row.mine_is_me || row.theirs_by === me;
	return (
		<div className={styles.sides}>
			<section className={styles.side}>
				<h4 className={styles.who}>
					<span className="strong">Before</span>{' '}
					<span className="muted">{isMine ? 'both of you started from this' : 'both started from this'}</span>
				</h4>
				<p className={styles.text}>
					{row.base_text ? storedInWords(row.base_text) : <span className="muted">empty</span>}
				</p>
			</section>
			{sides.map((side) => (
				<SideText key={side} row={row} side={side} head={ownerHead(row, side, me)} />
			))}
		</div>
	);
}

function SideText({ row, side, head }: { row: ConflictRow; side: Side; head: string }) {
	const text = row[`${side}_text`];
	const when = row[`${side}_at`];
	return (
		<section className={styles.side}>
			<h4 className={styles.who}>
				<span className="strong">{head}</span> <span className="muted">{when ? exactInstant(when) : null}</span>
				{side === 'theirs' ? <span className={styles.stands}>stands now</span> : null}
			</h4>
			<p className={styles.text}>
				{text === null || text === '' ? (
					<span className="muted">empty</span>
				) : isText(row) ? (
					<WordDiff before={row.base_text ?? ''} after={text} />
				) : (
					<ins>{storedInWords(text)}</ins>
				)}
			</p>
		</section>
	);
}
