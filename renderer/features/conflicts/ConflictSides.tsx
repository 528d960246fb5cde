import type { ReactNode } from 'react';
import type { ConflictRow, ConflictStanding } from '../../../shared/contract/sync-models.ts';
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

/** What both started from, what each made of it, and what stands now when that is neither; added and removed words are marked. */
export function ConflictSides({ row, sides, me }: ConflictSidesProps) {
	const isMine = row.mine_is_me || row.theirs_by === me;
	const { standing } = row;
	const stands = (text: string | null) => standing !== null && (standing.text ?? '') === (text ?? '');
	// What came first to the office stands there until somebody writes over it.
	const shown = standing === null || sides.some((side) => stands(row[`${side}_text`]));
	return (
		<div className={styles.sides}>
			<Part
				head="Before"
				about={isMine ? 'both of you started from this' : 'both started from this'}
				stands={!shown && stands(row.base_text)}
			>
				{row.base_text ? storedInWords(row.base_text) : <span className="muted">empty</span>}
			</Part>
			{sides.map((side) => (
				<Part
					key={side}
					head={ownerHead(row, side, me)}
					about={instant(row[`${side}_at`])}
					stands={standing ? stands(row[`${side}_text`]) : side === 'theirs'}
				>
					<Marked row={row} text={row[`${side}_text`]} />
				</Part>
			))}
			{shown || stands(row.base_text) ? null : (
				<Part head="Stands now" about={standingAbout(standing)} stands={false} wide>
					<Marked row={row} text={standing.text} />
				</Part>
			)}
		</div>
	);
}

function instant(at: string | null): string | null {
	return at ? exactInstant(at) : null;
}

/** "written by Ben Roth, Tue 24 Nov 2026, 10:40": where what stands now came from. */
function standingAbout({ name, is_me, at }: ConflictStanding): string {
	const who = is_me ? 'written by you' : name ? `written by ${name}` : 'written since';
	return at ? `${who}, ${exactInstant(at)}` : who;
}

interface PartProps {
	head: string;
	about: string | null;
	stands: boolean;
	wide?: boolean;
	children: ReactNode;
}

function Part({ head, about, stands, wide = false, children }: PartProps) {
	return (
		<section className={wide ? `${styles.side} ${styles.wide}` : styles.side}>
			<h4 className={styles.who}>
				<span className="strong">{head}</span> <span className="muted">{about}</span>
				{stands ? <span className={styles.stands}>stands now</span> : null}
			</h4>
			<p className={styles.text}>{children}</p>
		</section>
	);
}

function Marked({ row, text }: { row: ConflictRow; text: string | null }) {
	if (text === null || text === '') return <span className="muted">empty</span>;
	return isText(row) ? <WordDiff before={row.base_text ?? ''} after={text} /> : <ins>{storedInWords(text)}</ins>;
}
