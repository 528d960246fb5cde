import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ListState, Sort } from '../lib/list-place.ts';
import styles from './VirtualTable.module.css';
import type { Column } from './VirtualTable.tsx';

/** First press sorts, the second turns round, the third goes back to the list's own order. */
export function nextSort(column: Pick<Column<never>, 'id' | 'descendingFirst'>, sort: Sort | null): Sort | null {
	const first = column.descendingFirst ?? false;
	if (sort?.column !== column.id) return { column: column.id, descending: first };
	return sort.descending === first ? { column: column.id, descending: !first } : null;
}

function ariaSort(descending: boolean | undefined): 'ascending' | 'descending' | 'none' {
	if (descending === undefined) return 'none';
	return descending ? 'descending' : 'ascending';
}

export function TableHead<Row>({ columns, list }: { columns: readonly Column<Row>[]; list: ListState }) {
	return (
		<thead>
			<tr aria-rowindex={1}>
				{columns.map((column) => {
					const sorted = list.sort?.column === column.id ? list.sort.descending : undefined;
					const right = column.align === 'right' ? styles.right : undefined;
					if (!column.sort) {
						return (
							<th key={column.id} scope="col" title={column.hint} className={right}>
								{column.header}
							</th>
						);
					}
					const Arrow = sorted ? IconArrowDown : IconArrowUp;
					return (
						<th key={column.id} scope="col" title={column.hint} className={right} aria-sort={ariaSort(sorted)}>
							<button type="button" className={styles.sort} onClick={() => list.sortBy(nextSort(column, list.sort))}>
								{column.header}
								{sorted === undefined ? null : <Arrow size={12} aria-hidden />}
							</button>
						</th>
					);
				})}
			</tr>
		</thead>
	);
}
