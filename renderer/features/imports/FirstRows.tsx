import type { ImportPreview } from '../../../shared/contract/models.ts';
import styles from './Import.module.css';

/** The first rows as they are read, under the fields they become. */
export function FirstRows({ preview }: { preview: ImportPreview }) {
	const { columns, sample, targets } = preview;
	const labels = new Map(targets.map((target) => [target.value, target.label]));
	return (
		<table className={`${styles.table} ${styles.grid}`} aria-label="First rows of the file">
			<thead>
				<tr>
					{columns.map((column) => (
						<th key={column.index} scope="col" className={column.target ? undefined : styles.left}>
							<span className={styles.field}>{column.target ? labels.get(column.target) : 'Left out'}</span>
							{column.header}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{sample.map((row, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
					<tr key={at}>
						{columns.map((column) => (
							<td key={column.index} className={column.target ? undefined : styles.left} title={row[column.index]}>
								{row[column.index]}
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
