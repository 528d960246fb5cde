import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { DayRow } from '../../../shared/contract/day-models.ts';
import type { ListState } from '../../lib/list-place.ts';
import { useCommand } from '../../lib/use-command.ts';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { kindWord, placeOfDay, titleOf, whyWords } from './day-words.ts';
import styles from './MyDay.module.css';

/** What waits, ranked; J, K and Enter go through it. */
export function DayList({ rows, list }: { rows: readonly DayRow[]; list: ListState }) {
	const [, go] = useLocation();
	const at = rows.findIndex((row) => row.id === list.selected);
	const choose = (index: number) => {
		const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
		if (row) list.select(row.id);
	};
	const open = (row: DayRow | undefined) => row && go(placeOfDay(row));
	useCommand('list.next', () => choose(at + 1));
	useCommand('list.previous', () => choose(at - 1));
	useCommand('list.first', () => choose(0));
	useCommand('list.last', () => choose(rows.length - 1));
	useCommand('list.open', () => open(rows[at]));
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.list} tabIndex={0} aria-label="What waits for you">
			<ol>
				{rows.map((row, index) => (
					<DayLine
						key={row.id}
						row={row}
						rank={index + 1}
						selected={row.id === list.selected}
						onSelect={() => list.select(row.id)}
						onOpen={() => open(row)}
					/>
				))}
			</ol>
		</section>
	);
}

interface DayLineProps {
	row: DayRow;
	rank: number;
	selected: boolean;
	onSelect(): void;
	onOpen(): void;
}

function DayLine({ row, rank, selected, onSelect, onOpen }: DayLineProps) {
	const line = useRef<HTMLLIElement>(null);
	useEffect(() => {
		if (selected) line.current?.scrollIntoView({ block: 'nearest' });
	}, [selected]);
	return (
		<li
			ref={line}
			aria-current={selected}
			className={selected ? `${styles.line} ${styles.selected}` : styles.line}
			onMouseDown={onSelect}
			onDoubleClick={onOpen}
		>
			<span className={styles.rank}>{rank}</span>
			<div className={styles.what}>
				<p className="strong">{titleOf(row)}</p>
				<p className="muted">{whyWords(row)}</p>
			</div>
			<div className={styles.whose}>
				<p>{row.account_name ?? 'This laptop'}</p>
				<p className="muted">{kindWord(row)}</p>
			</div>
			<div className={styles.when}>{row.day ? <RelativeDate day={row.day} warnWithin={2} /> : null}</div>
		</li>
	);
}
