import type { ImportReject } from '../../../shared/contract/models.ts';
import { count } from '../../lib/numbers.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import styles from './Import.module.css';

interface RejectsProps {
	rejects: readonly ImportReject[];
	/** How many rows are rejected; the list may be shorter. */
	rows: number;
	onSave(): void;
}

/** Rows that cannot be imported, each with the field, the value and why. */
export function Rejects({ rejects, rows, onSave }: RejectsProps) {
	if (rows === 0) return <EmptyState title="No row is rejected">Every row of the file can be imported.</EmptyState>;
	return (
		<>
			<div className={styles.rejectBar}>
				<p>
					{rows === 1 ? '1 row cannot' : `${count(rows)} rows cannot`} be imported. Save them to a file, mend them there
					and import that file.
				</p>
				<Button onClick={onSave}>Save rejected rows to a file</Button>
			</div>
			<table className={styles.table} aria-label="Rejected rows">
				<colgroup>
					<col style={{ width: 72 }} />
					<col style={{ width: '22%' }} />
					<col style={{ width: '26%' }} />
					<col />
				</colgroup>
				<thead>
					<tr>
						<th scope="col" className={styles.number}>
							Row
						</th>
						<th scope="col">Field</th>
						<th scope="col">Value</th>
						<th scope="col">Why</th>
					</tr>
				</thead>
				<tbody>
					{rejects.map((reject, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: one row can be rejected for several reasons
						<tr key={at}>
							<td className={styles.number}>{count(reject.row)}</td>
							<th scope="row">{reject.field}</th>
							<td title={reject.value}>{reject.value || <span className="muted">empty</span>}</td>
							<td title={reject.reason}>{reject.reason}</td>
						</tr>
					))}
				</tbody>
			</table>
		</>
	);
}
