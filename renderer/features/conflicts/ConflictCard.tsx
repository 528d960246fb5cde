import { useRef } from 'react';
import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { placeOf } from '../../lib/places.ts';
import { useCommand } from '../../lib/use-command.ts';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Conflict.module.css';
import { ConflictActions } from './ConflictActions.tsx';
import { ConflictResult } from './ConflictResult.tsx';
import { ConflictSides } from './ConflictSides.tsx';
import { isText, useDecision } from './use-decision.ts';

interface ConflictCardProps {
	row: ConflictRow;
	/** Who is at this computer. */
	me: string | null;
	/** The keys belong to this one. */
	current: boolean;
	/** Nothing else of the record waits for a decision. */
	alone: boolean;
	onCurrent(): void;
	onDecided(): void;
}

/** One field that two people changed without seeing each other: what stood, what each wrote, and what shall stand. */
export function ConflictCard({ row, me, current, alone, onCurrent, onDecided }: ConflictCardProps) {
	// The person's own value comes first, whichever of the two reached the server first.
	const first = !row.mine_is_me && me !== null && row.theirs_by === me ? 'theirs' : 'mine';
	const second = first === 'mine' ? 'theirs' : 'mine';
	const decision = useDecision(row, first);
	const box = useRef<HTMLDivElement>(null);
	const enter = () => box.current?.querySelector<HTMLElement>('textarea, input')?.focus();
	const keepBoth = () => {
		decision.keepBoth();
		// The joined text is meant to be read through and mended.
		requestAnimationFrame(enter);
	};
	const decide = async () => {
		if (await decision.decide()) onDecided();
	};
	const on = (handler: () => void) => (current && !decision.pending ? handler : null);
	useCommand(
		'choice.first',
		on(() => decision.pick(first)),
	);
	useCommand(
		'choice.second',
		on(() => decision.pick(second)),
	);
	useCommand('choice.third', on(enter));
	useCommand('choice.both', isText(row) ? on(keepBoth) : null);
	useCommand(
		'record.save',
		on(() => void decide()),
	);
	return (
		<article
			id={`conflict-${row.id}`}
			tabIndex={-1}
			aria-current={current || undefined}
			className={current ? `${styles.card} ${styles.current}` : styles.card}
			aria-label={`${nameOf(row)}, ${row.field_label}`}
			onFocus={current ? undefined : onCurrent}
		>
			<CardHead row={row} alone={alone} />
			<ConflictSides row={row} sides={[first, second]} me={me} />
			<div className={styles.result}>
				<ConflictResult row={row} decision={decision} box={box} />
				{decision.problem ? (
					<p className="red" role="alert">
						{decision.problem}
					</p>
				) : null}
				<ConflictActions
					row={row}
					me={me}
					sides={[first, second]}
					decision={decision}
					current={current}
					onEdit={enter}
					onBoth={keepBoth}
					onDecide={() => void decide()}
				/>
			</div>
		</article>
	);
}

function nameOf(row: ConflictRow): string {
	return row.record_ref ? `${row.record_ref} ${row.record_title}` : row.record_title;
}

function CardHead({ row, alone }: { row: ConflictRow; alone: boolean }) {
	const place = placeOf({ entity: row.entity, id: row.row_id, account_id: row.account_id });
	const rest = alone ? 'everything else on this record has merged' : null;
	return (
		<header className={styles.head}>
			<div>
				<h3 className={styles.title}>{place ? <RecordLink to={place}>{nameOf(row)}</RecordLink> : nameOf(row)}</h3>
				<p className="muted">{[row.account_name, row.entity_label.toLowerCase(), rest].filter(Boolean).join(' · ')}</p>
			</div>
			<p>
				<span className="muted">Field</span> <span className="strong">{row.field_label}</span>
			</p>
		</header>
	);
}
