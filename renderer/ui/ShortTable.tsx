import { useState } from 'react';
import { Button } from './Button.tsx';
import styles from './ShortTable.module.css';
import type { Column } from './VirtualTable.tsx';

interface ShortTableProps<Row> {
	label: string;
	columns: readonly Column<Row>[];
	rows: readonly Row[];
	/** Draws this many rows and offers the rest. */
	first?: number;
}

/** Columns without a width share what is left; they name the row and never vanish. */
function leastWidth(columns: readonly { width?: number | undefined }[]): number {
	return columns.reduce((sum, column) => sum + (column.width ?? 120), 0);
}

/** A table of a few rows inside a page: the same columns as a list, rows opened by the link in a cell. */
export function ShortTable<Row extends { id: string }>({ label, columns, rows, first }: ShortTableProps<Row>) {
	const [all, setAll] = useState(false);
	const shown = all || first === undefined ? rows : rows.slice(0, first);
	return (
		<div className={styles.frame}>
			<table className={styles.table} style={{ minWidth: leastWidth(columns) }} aria-label={label}>
				<colgroup>
					{columns.map((column) => (
						<col key={column.id} style={{ width: column.width }} />
					))}
				</colgroup>
				<thead>
					<tr>
						{columns.map((column) => (
							<th
								key={column.id}
								scope="col"
								title={column.hint}
								className={column.align === 'right' ? styles.right : undefined}
							>
								{column.header}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{shown.map((row) => (
						<tr key={row.id}>
							{columns.map((column) => (
								<td key={column.id} className={column.align === 'right' ? styles.right : undefined}>
									{column.cell(row)}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{first !== undefined && rows.length > first ? (
				<div className={styles.foot}>
					<Button look="quiet" onClick={() => setAll(!all)}>
						{all ? 'Show fewer' : `Show all ${rows.length}`}
					</Button>
				</div>
			) : null}
		</div>
	);
}
