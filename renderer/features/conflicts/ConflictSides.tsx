import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { exactInstant, storedInWords } from '../../lib/dates.ts';
import { diffWords } from '../../lib/word-diff.ts';
import styles from './Conflict.module.css';

interface SideProps {
	name: string;
	when: string | null;
	before: string | null;
	text: string | null;
}

function Side({ name, when, before, text }: SideProps) {
	return (
		<section className={styles.side}>
			<h4 className={styles.who}>
				<span className="strong">{name}</span> <span className="muted">{when ? exactInstant(when) : null}</span>
			</h4>
			<p className={styles.text}>
				{text === null || text === '' ? (
					<span className="muted">empty</span>
				) : (
					<Diff before={storedInWords(before ?? '')} after={storedInWords(text)} />
				)}
			</p>
		</section>
	);
}

function Diff({ before, after }: { before: string; after: string }) {
	return diffWords(before, after).map((part, index) => {
		const key = `${index}${part.kind}`;
		if (part.kind === 'added') return <ins key={key}>{part.text}</ins>;
		if (part.kind === 'removed') return <del key={key}>{part.text}</del>;
		return <span key={key}>{part.text}</span>;
	});
}

/** What both started from, and what each made of it; added and removed words are marked. */
export function ConflictSides({ row }: { row: ConflictRow }) {
	const mine = row.mine_is_me ? 'Yours' : (row.mine_name ?? 'Sent later');
	return (
		<div className={styles.sides}>
			<section className={styles.side}>
				<h4 className={styles.who}>
					<span className="strong">Before</span> <span className="muted">both started from this</span>
				</h4>
				<p className={styles.text}>
					{row.base_text ? storedInWords(row.base_text) : <span className="muted">empty</span>}
				</p>
			</section>
			<Side name={mine} when={row.mine_at} before={row.base_text} text={row.mine_text} />
			<Side name={row.theirs_name ?? 'Theirs'} when={row.theirs_at} before={row.base_text} text={row.theirs_text} />
		</div>
	);
}
