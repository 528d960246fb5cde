import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { VisitRow } from '../../../shared/contract/models.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { exactDate, relativeDay } from '../../lib/dates.ts';
import type { ListState } from '../../lib/list-place.ts';
import { useToday } from '../../lib/now.ts';
import { places } from '../../lib/places.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Progress } from './Progress.tsx';
import styles from './VisitList.module.css';
import { VisitTime } from './VisitTime.tsx';
import type { WhenGroup } from './visit-time.ts';

export interface VisitGroup {
	when: WhenGroup;
	rows: readonly VisitRow[];
}

/** Visits under the words for when they are; J, K and Enter go through all of them. */
export function VisitList({ groups, list }: { groups: readonly VisitGroup[]; list: ListState }) {
	const [, go] = useLocation();
	const rows = groups.flatMap((group) => group.rows);
	const at = rows.findIndex((row) => row.id === list.selected);
	const choose = (index: number) => {
		const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
		if (row) list.select(row.id);
	};
	useCommand('list.next', () => choose(at + 1));
	useCommand('list.previous', () => choose(at - 1));
	useCommand('list.first', () => choose(0));
	useCommand('list.last', () => choose(rows.length - 1));
	const open = (row: VisitRow | undefined) => row && go(places.visit(row.id));
	useCommand('list.open', () => open(rows[at]));
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.list} tabIndex={0} aria-label="Visits">
			{groups.map((group) => (
				<section key={group.when} aria-label={group.when}>
					<h2 className={styles.group}>
						{group.when} <span className={styles.count}>{group.rows.length}</span>
					</h2>
					<ul>
						{group.rows.map((row) => (
							<VisitLine
								key={row.id}
								row={row}
								selected={row.id === list.selected}
								onSelect={() => list.select(row.id)}
								onOpen={() => open(row)}
							/>
						))}
					</ul>
				</section>
			))}
		</section>
	);
}

interface VisitLineProps {
	row: VisitRow;
	selected: boolean;
	onSelect(): void;
	onOpen(): void;
}

function VisitLine({ row, selected, onSelect, onOpen }: VisitLineProps) {
	const today = useToday();
	const line = useRef<HTMLLIElement>(null);
	const day = row.local_start.slice(0, 10);
	const gone = row.status === 'DONE' || row.status === 'CANCELLED';
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
			<div className={styles.day}>
				<p className="strong">{exactDate(day).slice(0, -5)}</p>
				<p className="muted">{relativeDay(day, today)}</p>
			</div>
			<div className={styles.what}>
				<p className={gone ? 'muted strong' : 'strong'}>{row.purpose}</p>
				<p className="muted">
					{row.account_name}
					{row.place ? ` · ${row.place}` : null}
				</p>
			</div>
			<VisitTime visit={row} hours />
			<div className={styles.end}>
				<Progress done={row.checklist_done} total={row.checklist_total} />
				<p className="muted">
					{entity.fields.type.values[row.type]}, {entity.fields.status.values[row.status].toLowerCase()}
				</p>
			</div>
		</li>
	);
}
