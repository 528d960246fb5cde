import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReceiptRow } from '../../../shared/contract/sync-models.ts';
import { clockTime, exactInstant } from '../../lib/dates.ts';
import { count } from '../../lib/numbers.ts';
import type { Column } from '../../ui/VirtualTable.tsx';
import styles from './Receipts.module.css';
import { tellingOf } from './receipt-words.ts';

/** A receipt under the id that lists go by. */
export type ListedReceipt = Omit<ReceiptRow, 'id'> & { id: string; receipt: ReceiptRow };

function Figure({ value, tone = '' }: { value: number; tone?: string }) {
	return value > 0 ? <span className={tone}>{count(value)}</span> : <span className="muted">0</span>;
}

export const receiptColumns: readonly Column<ListedReceipt>[] = [
	{
		id: 'time',
		header: 'Time',
		width: 76,
		cell: (row) => (
			<time dateTime={row.finishedAt} title={exactInstant(row.finishedAt)} className="figures">
				{clockTime(row.finishedAt)}
			</time>
		),
	},
	{ id: 'summary', header: 'What it did', cell: (row) => <Summary row={row} /> },
	{ id: 'sent', header: 'Sent', width: 64, align: 'right', cell: (row) => <Figure value={row.sent} /> },
	{ id: 'received', header: 'Received', width: 76, align: 'right', cell: (row) => <Figure value={row.received} /> },
	{ id: 'merged', header: 'Merged', width: 68, align: 'right', cell: (row) => <Figure value={row.merged} /> },
	{
		id: 'decide',
		header: 'To decide',
		width: 80,
		align: 'right',
		cell: (row) => <Figure value={row.toDecide} tone="amber strong" />,
	},
	{
		id: 'refused',
		header: 'Refused',
		width: 76,
		align: 'right',
		cell: (row) => <Figure value={row.refused} tone="red strong" />,
	},
];

function Summary({ row }: { row: ListedReceipt }) {
	return (
		<span className={styles.summary}>
			{row.problem ? (
				<span className={styles.early}>
					<IconAlertTriangle size={13} stroke={1.6} aria-hidden /> ended early
				</span>
			) : null}
			{tellingOf(row.receipt)}
		</span>
	);
}
