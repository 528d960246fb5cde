import styles from './ShortTable.module.css';
import type { Column } from './VirtualTable.tsx';

interface ShortTableProps<Row> {
	label: string;
	columns: readonly Column<Row>[];
	rows: readonly Row[];
}

/** A table of a few rows inside a page: the same columns as a list, all rows drawn, opened by the link in a cell. */
export function ShortTable<Row extends { id: string }>({ label, columns, rows }: ShortTableProps<Row>) {
	return (
		<div className={styles.frame}>
			<table className={styles.table} aria-label={label}>
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
					{rows.map((row) => (
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
		</div>
	);
}
